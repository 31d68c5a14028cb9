import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LanewiseError } from '../errors.ts';
import type { Results, Sample } from '../model.ts';
import { didYouMean } from '../plan/nearest.ts';
import { splitList } from '../plan/parse-lists.ts';
import { FORMATS, type FormatName } from '../report/formats.ts';
import { listOf, textOf, type Args } from './args.ts';

const DEFAULT_FOLDER = 'lanewise-report';

/** Where a run leaves what it found. */
export interface ReportFolder {
  readonly path: string;
  /** Adds one sample to `samples.ndjson` at once: what is there survives whatever happens to this process. */
  readonly journal: (cell: string, sample: Sample) => void;
  readonly write: (results: Results) => Promise<readonly string[]>;
  readonly close: () => void;
}

interface FolderOptions {
  readonly path: string;
  readonly formats: readonly FormatName[];
  readonly journaled: boolean;
}

/** Of a run: everything, with a journal, in the folder asked for or the usual one. */
export function runFolder(args: Args): FolderOptions {
  return {
    path: outOf(args) ?? DEFAULT_FOLDER,
    formats: parseFormats(listOf(args, 'format'), ALL_FORMATS),
    journaled: true,
  };
}

/** Of a report written again: beside the results, and then without a copy of them, which might replace another run's. */
export function reportFolder(args: Args, resultsPath: string): FolderOptions {
  const out = outOf(args);
  const fallback = out === undefined ? ALL_FORMATS.filter((format) => format !== 'json') : ALL_FORMATS;
  return {
    path: out ?? dirname(resultsPath),
    formats: parseFormats(listOf(args, 'format'), fallback),
    journaled: false,
  };
}

function outOf(args: Args): string | undefined {
  const out = textOf(args, 'out');
  if (out !== '') return out;
  throw new LanewiseError('usage', 'The flag --out needs a folder, for example --out lanewise-report.');
}

/** Opened before anything is measured, so that a folder that cannot be written to is told in the first second. */
export function openReportFolder({ path, formats, journaled }: FolderOptions): ReportFolder {
  let journal: number | undefined;
  try {
    makeFolder(resolve(path));
    if (journaled) journal = openSync(join(path, 'samples.ndjson'), 'w');
    else closeSync(openSync(join(path, FORMATS[formats[0] ?? 'json'].file), 'a'));
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  return {
    path,
    journal: (cell, sample) => {
      if (journal !== undefined) writeSync(journal, `${JSON.stringify({ cell, ...sample })}\n`);
    },
    write: async (results) => {
      const files: string[] = [];
      for (const format of formats) {
        const file = join(path, FORMATS[format].file);
        const text = await FORMATS[format].render(results);
        try {
          // Written beside and renamed, so that a reader never meets half a file.
          await writeFile(`${file}.part`, text);
          await rename(`${file}.part`, file);
        } catch (cause) {
          throw cannotWrite(file, cause);
        }
        files.push(file);
      }
      return files;
    },
    close: () => {
      if (journal !== undefined) closeSync(journal);
      journal = undefined;
    },
  };
}

/** Level by level: in some places (/proc) Node 20 never comes back from a recursive `mkdir`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

const ALL_FORMATS = Object.keys(FORMATS) as FormatName[];

function parseFormats(given: readonly string[] | undefined, fallback: readonly FormatName[]): readonly FormatName[] {
  if (given === undefined) return fallback;
  return splitList(given).map((name) => {
    const format = ALL_FORMATS.find((other) => other === name);
    if (format !== undefined) return format;
    throw new LanewiseError(
      'usage',
      `Unknown format "${name}".${didYouMean(name, ALL_FORMATS)} There are: ${ALL_FORMATS.join(', ')}.`,
    );
  });
}

function cannotWrite(path: string, cause: unknown): LanewiseError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new LanewiseError(
    'usage',
    `Cannot write to ${path} (${REASONS[code] ?? code}): give another folder with --out.`,
    { cause },
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is on a read-only disk',
  ENOTDIR: 'a file is where a folder must be',
  EEXIST: 'a file is where a folder must be',
  ENOSPC: 'the disk is full',
  ENOENT: 'it does not exist',
};
