import { existsSync, renameSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import type { LoadResults } from '../model/load.ts';
import type { Results } from '../model/results.ts';
import {
  DEFAULT_FORMATS,
  DEFAULT_LOAD_FORMATS,
  FORMATS,
  LOAD_FORMATS,
  type documentFormats,
  type FormatFile,
} from '../report/formats.ts';
import { isFolder, isPiped } from '../system/foreign-file.ts';
import { cannotWrite, makeFolder, makeNewFolder, replaceFile, requireOwn, requireWritable } from './folder-files.ts';
import { takeFolder } from './folder-lock.ts';
import { JOURNAL_FILE, JOURNAL_MARKS, resumeText, SAMPLES_FILE } from './unfinished.ts';

const DEFAULT_FOLDER = 'lanewise-report';
const DEFAULT_LOAD_FOLDER = 'lanewise-load';

/** The folder that a report is written to. */
export interface ReportFolder<Found = Results> {
  readonly path: string;
  readonly write: (found: Found) => Promise<readonly string[]>;
}

interface FolderOptions<Found> {
  readonly path: string;
  readonly files: readonly FormatFile<Found>[];
  /** Files that others write there. */
  readonly beside?: readonly Pick<FormatFile<Found>, 'file' | 'mark'>[];
}

/** Options that name the folder and its files. */
interface Asked {
  readonly out?: string;
  readonly formats?: readonly string[];
}

/** A journal to resume is read, which checks more of it and has another remedy. */
function marksBeside(resume: string | undefined): readonly { readonly file: string; readonly mark: RegExp }[] {
  return resume === undefined ? JOURNAL_MARKS : JOURNAL_MARKS.filter(({ file }) => file !== JOURNAL_FILE);
}

/** Folder and files of a run. */
export function runFolder({ resume, out, formats }: Asked & { readonly resume?: string }): FolderOptions<Results> {
  return {
    path: resume ?? out ?? DEFAULT_FOLDER,
    files: filesOf(formats, FORMATS, DEFAULT_FORMATS),
    beside: marksBeside(resume),
  };
}

/** Folder and files of a load measurement. */
export function loadFolder({ resume, out, formats }: Asked & { readonly resume?: string }): FolderOptions<LoadResults> {
  return {
    path: resume ?? out ?? DEFAULT_LOAD_FOLDER,
    files: filesOf(formats, LOAD_FORMATS, DEFAULT_LOAD_FORMATS),
    beside: marksBeside(resume),
  };
}

/** Folder and files of the lessons; undefined if no format was given. */
export function lessonsFolder<Found>(
  { out, formats }: Asked,
  known: Readonly<Record<string, readonly FormatFile<Found>[]>>,
): FolderOptions<Found> | undefined {
  const files = filesOf(formats, known, []);
  return files.length === 0 ? undefined : { path: out ?? DEFAULT_FOLDER, files };
}

/**
 * Folder and files of a document that is printed anyway: by default the page and the Markdown; undefined without --out.
 *
 * @throws LanewiseError for formats without a folder
 */
export function besideFolder<Found>(
  { out, formats }: Asked,
  known: ReturnType<typeof documentFormats<Found>>,
): FolderOptions<Found> | undefined {
  if (out !== undefined) return { path: out, files: filesOf(formats, known, ['html', 'md']) };
  if (formats === undefined) return undefined;
  throw new LanewiseError('usage', '--format needs --out, the folder to write to: for example --out lanewise-report.');
}

/** Path of a results file, given its path or that of its folder. */
export function resultsFile(path: string): string {
  if (!isFolder(path)) return path;
  const [ofRun, ofLoad] = [join(path, 'results.json'), join(path, 'load.json')];
  return !existsSync(ofRun) && existsSync(ofLoad) ? ofLoad : ofRun;
}

/**
 * Folder and files of `lanewise report`. Without --out they go beside the results, and the results are not copied: that
 * could replace another run's.
 */
export function reportFolder<Name extends string, Found>(
  { out, formats }: Asked,
  resultsPath: string,
  known: Readonly<Record<Name, readonly FormatFile<Found>[]>>,
  usual: readonly Name[],
): FolderOptions<Found> {
  if (out === undefined && isPiped(resultsPath))
    throw new LanewiseError(
      'usage',
      'Missing --out: results from a pipe have no folder for the report. Give one, for example --out lanewise-report.',
    );
  const fallback = out === undefined ? usual.filter((format) => format !== 'json') : usual;
  return { path: out ?? dirname(resultsFile(resultsPath)), files: filesOf(formats, known, fallback) };
}

/**
 * Opens a report folder before anything is measured, so that an unwritable one is reported in the first second. It is
 * locked only while it is written to.
 *
 * @throws LanewiseError also if it contains a file of the same name that Lanewise did not write; on writing, if another
 *   process measures into it
 */
export function openReportFolder<Found>(options: FolderOptions<Found>): ReportFolder<Found> {
  const { path, write } = opened(options);
  return {
    path,
    write: async (found) => {
      // Since it was opened, it may have been removed.
      makeOrFail(path);
      const release = await takeFolder(path);
      try {
        return await write(found);
      } finally {
        release();
      }
    },
  };
}

function opened<Found>({ path, files: wanted, beside = [] }: FolderOptions<Found>): ReportFolder<Found> {
  makeOrFail(path);
  try {
    for (const { file, mark } of [...wanted, ...beside]) requireOwn(join(path, file), mark);
    requireWritable(path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  return {
    path,
    write: async (found) => {
      const files: string[] = [];
      for (const { file: name, mark, render } of wanted) {
        const file = join(path, name);
        const text = await render(found);
        // Signals are handled between two files.
        await nextTurn();
        try {
          // Since it was opened, the folder may have been removed, or a file of that name created.
          makeFolder(resolve(path));
          requireOwn(file, mark);
          replaceFile(file, text);
        } catch (cause) {
          throw cannotWrite(file, cause);
        }
        files.push(file);
      }
      return files;
    },
  };
}

/** The uppermost folder of a path that has to be made; undefined: none. */
function uppermostMissing(path: string): string | undefined {
  return existsSync(path) ? undefined : (uppermostMissing(dirname(path)) ?? path);
}

/** @throws LanewiseError if it cannot be made */
function makeOrFail(path: string): void {
  try {
    makeFolder(resolve(path));
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** A report folder that no other process can write to until it is released. */
export interface ClaimedFolder<Found = Results> extends ReportFolder<Found> {
  readonly release: () => void;
}

/** Opens and locks a report folder. @param isResumed resume the unfinished run in it, in place of moving it aside */
export async function claimFolder<Found>(
  options: FolderOptions<Found>,
  note: (text: string) => void,
  isResumed = false,
): Promise<ClaimedFolder<Found>> {
  const made = uppermostMissing(resolve(options.path));
  const folder = opened(options);
  const release = await takeFolder(folder.path, made);
  try {
    const kept = isResumed ? undefined : keepUnfinished(folder.path);
    if (kept !== undefined)
      note(`The folder contained an unfinished run, now in ${kept}. To resume it: ${resumeText(kept)}`);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return { ...folder, release };
}

/**
 * Moves an unfinished run to a folder beside, so that a new run does not overwrite it.
 *
 * @returns its new path; undefined if there was none
 */
function keepUnfinished(path: string): string | undefined {
  if (!existsSync(join(path, JOURNAL_FILE))) return undefined;
  // A sibling folder, so that relative paths in the journal stay valid.
  const kept = `${resolve(path)}-unfinished`;
  try {
    const free = madeUnder(kept);
    // A journal is useless without its samples, so these are moved first.
    for (const file of [SAMPLES_FILE, JOURNAL_FILE]) renameSync(join(path, file), join(free, file));
    return relative('.', free);
  } catch (cause) {
    throw cannotWrite(kept, cause);
  }
}

/** Creates a folder of that name, or with the first free number. */
function madeUnder(name: string): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? name : `${name}-${number}`;
    if (makeNewFolder(path)) return path;
  }
}

/** Files of the formats asked for. @throws LanewiseError for an unknown format */
function filesOf<Name extends string, Found>(
  asked: readonly string[] | undefined,
  formats: Readonly<Record<Name, readonly FormatFile<Found>[]>>,
  fallback: readonly Name[],
): readonly FormatFile<Found>[] {
  const known = Object.keys(formats) as Name[];
  const names = asked === undefined ? fallback : asked.map((name) => formatOf(name, known));
  return [...new Set(names)].flatMap((name) => formats[name]);
}

function formatOf<Name extends string>(name: string, known: readonly Name[]): Name {
  const format = known.find((other) => other === name);
  if (format !== undefined) return format;
  throw new LanewiseError('usage', `Unknown format "${name}".${didYouMean(name, known)} Use ${known.join(', ')}.`);
}
