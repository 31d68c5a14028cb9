import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, readSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import type { Results } from '../model/results.ts';
import { DEFAULT_FORMATS, FORMATS, type documentFormats, type FormatFile } from '../report/formats.ts';
import { isFolder } from '../system/foreign-file.ts';
import { takeFolder } from './lock.ts';
import { JOURNAL_FILE, JOURNAL_MARKS, SAMPLES_FILE } from './unfinished.ts';

const DEFAULT_FOLDER = 'lanewise-report';

/** Where a run leaves what it found. */
export interface ReportFolder<Found = Results> {
  readonly path: string;
  readonly write: (found: Found) => Promise<readonly string[]>;
}

interface FolderOptions<Found> {
  readonly path: string;
  readonly files: readonly FormatFile<Found>[];
  /** Also written there, by others. */
  readonly beside?: readonly Pick<FormatFile<Found>, 'file' | 'mark'>[];
}

/** What is asked of where a report goes. */
interface Asked {
  readonly out?: string;
  readonly formats?: readonly string[];
}

/** Of a run: everything, in the folder asked for or the usual one. */
export function runFolder({ resume, out, formats }: Asked & { readonly resume?: string }): FolderOptions<Results> {
  return {
    path: resume ?? out ?? DEFAULT_FOLDER,
    files: filesOf(formats, FORMATS, DEFAULT_FORMATS),
    beside: JOURNAL_MARKS,
  };
}

/** Of the lessons: the formats that were asked for; undefined if none was. */
export function lessonsFolder<Found>(
  { out, formats }: Asked,
  known: Readonly<Record<string, readonly FormatFile<Found>[]>>,
): FolderOptions<Found> | undefined {
  const files = filesOf(formats, known, []);
  return files.length === 0 ? undefined : { path: out ?? DEFAULT_FOLDER, files };
}

/**
 * Of what is printed anyway: the page and the Markdown, where a folder was asked for; undefined if none was.
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

/** The results file that is meant by its own path, or by that of the report folder it is in. */
export function resultsFile(path: string): string {
  return isFolder(path) ? join(path, 'results.json') : path;
}

/** Of a report written again: beside the results, and then without a copy of them, which might replace another run's. */
export function reportFolder({ out, formats }: Asked, resultsPath: string): FolderOptions<Results> {
  const fallback = out === undefined ? DEFAULT_FORMATS.filter((format) => format !== 'json') : DEFAULT_FORMATS;
  return { path: out ?? dirname(resultsFile(resultsPath)), files: filesOf(formats, FORMATS, fallback) };
}

/**
 * Opened before anything is measured, so that a folder that cannot be written to is reported in the first second.
 *
 * @throws LanewiseError also if it holds a file of such a name that Lanewise has not written
 */
export function openReportFolder<Found>({
  path,
  files: wanted,
  beside = [],
}: FolderOptions<Found>): ReportFolder<Found> {
  try {
    makeFolder(resolve(path));
    for (const { file, mark } of [...wanted, ...beside]) requireOwn(join(path, file), mark);
    const probe = partOf(join(path, wanted[0]?.file ?? ''));
    closeSync(openSync(probe, 'w'));
    rmSync(probe, { force: true });
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
        try {
          // It may have been removed since, or somebody have put a file of that name there.
          makeFolder(resolve(path));
          requireOwn(file, mark);
          // Written beside and renamed, so that a reader never meets half a file.
          await writeFile(partOf(file), text);
          await rename(partOf(file), file);
        } catch (cause) {
          await rm(partOf(file), { force: true }).catch(() => undefined);
          throw cannotWrite(file, cause);
        }
        files.push(file);
      }
      return files;
    },
  };
}

/** One that no other process writes to meanwhile. */
export interface ClaimedFolder extends ReportFolder {
  readonly release: () => void;
}

/** @param isResumed what it holds of an unfinished run is gone on with, and otherwise kept beside it */
export async function claimFolder(
  options: FolderOptions<Results>,
  note: (text: string) => void,
  isResumed = false,
): Promise<ClaimedFolder> {
  const folder = openReportFolder(options);
  const { release } = await takeFolder(folder.path);
  try {
    const kept = isResumed ? undefined : keepUnfinished(folder.path);
    if (kept !== undefined)
      note(`The folder held an unfinished run: it is in ${kept} now. Resume it with "lanewise run --resume ${kept}".`);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return { ...folder, release };
}

/** Nobody else calls a file so. */
function partOf(file: string): string {
  return `${file}.lanewise-part`;
}

/**
 * A run that was not finished is worth more than the folder it is in: it is moved beside it before another one is
 * begun there. @returns where it is now; undefined if there was none
 */
function keepUnfinished(path: string): string | undefined {
  if (!existsSync(join(path, JOURNAL_FILE))) return undefined;
  // A sibling, so that paths from it to elsewhere are the same.
  const kept = freeName(`${resolve(path)}-unfinished`);
  try {
    makeFolder(kept);
    // Without its samples a journal is worth nothing, so they go first.
    for (const file of [SAMPLES_FILE, JOURNAL_FILE]) renameSync(join(path, file), join(kept, file));
    return relative('.', kept);
  } catch (cause) {
    throw cannotWrite(kept, cause);
  }
}

function freeName(name: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!existsSync(candidate)) return candidate;
  }
}

/** Level by level: in some places (/proc) Node 20 never comes back from a recursive `mkdir`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** @throws LanewiseError for a format that there is none of */
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

/** Marks are near the beginning or the end: a results file may have 100 MB. */
const LOOKED_AT_BYTES = 16_384;

/**
 * Allows a file to be written only if that loses nothing which is not ours.
 *
 * @throws LanewiseError if there is something that Lanewise has not written
 */
function requireOwn(path: string, mark: RegExp): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe holds nothing, and may not be read.
  if (found === undefined || (!found.isFile() && !found.isDirectory())) return;
  if (found.isDirectory()) throw refused(path, 'is a folder');
  const text = endsOf(path, found.size);
  // Of an empty file nothing is lost.
  if (text.trim() !== '' && !mark.test(text)) throw refused(path, 'was not written by Lanewise');
}

function refused(path: string, why: string): LanewiseError {
  return new LanewiseError(
    'usage',
    `${path} ${why} and is not overwritten: give another folder with --out, or move it away.`,
  );
}

function endsOf(path: string, size: number): string {
  const file = openSync(path, 'r');
  try {
    const from = (position: number): string => {
      const bytes = Buffer.alloc(LOOKED_AT_BYTES);
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, LOOKED_AT_BYTES, position));
    };
    return size <= LOOKED_AT_BYTES ? from(0) : `${from(0)}\n${from(size - LOOKED_AT_BYTES)}`;
  } finally {
    closeSync(file);
  }
}

/** What the system says when something cannot be written, as a sentence. */
export function cannotWrite(path: string, cause: unknown): LanewiseError {
  // A sentence already.
  if (cause instanceof LanewiseError) return cause;
  return new LanewiseError('usage', `Cannot write to ${path} (${reasonOf(cause)}): give another folder with --out.`, {
    cause,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is on a read-only disk',
  ENOTDIR: 'a file is where a folder must be',
  EEXIST: 'a file is where a folder must be',
  ENOSPC: 'the disk is full',
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ERR_ACCESS_DENIED: 'Node’s permission model does not allow it without --allow-fs-write=*',
  ENAMETOOLONG: 'its name is too long',
};

export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return REASONS[code] ?? code;
}
