import { existsSync, renameSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import type { Results } from '../model/results.ts';
import { DEFAULT_FORMATS, FORMATS, type documentFormats, type FormatFile } from '../report/formats.ts';
import { isFolder, isPiped } from '../system/foreign-file.ts';
import { cannotWrite, makeFolder, makeNewFolder, replaceFile, requireOwn, requireWritable } from './folder-files.ts';
import { takeFolder } from './folder-lock.ts';
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
  if (out === undefined && isPiped(resultsPath))
    throw new LanewiseError(
      'usage',
      'Missing --out: results from a pipe have no folder for the report. Give one, for example --out lanewise-report.',
    );
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
        // Signals are heard between two files, however large.
        await nextTurn();
        try {
          // It may have been removed since, or somebody have put a file of that name there.
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
  const release = await takeFolder(folder.path);
  try {
    const kept = isResumed ? undefined : keepUnfinished(folder.path);
    if (kept !== undefined)
      note(`The folder held an unfinished run, which is in ${kept} now. To resume it: lanewise run --resume ${kept}`);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return { ...folder, release };
}

/**
 * A run that was not finished is worth more than the folder it is in: it is moved beside it before another one is
 * begun there. @returns where it is now; undefined if there was none
 */
function keepUnfinished(path: string): string | undefined {
  if (!existsSync(join(path, JOURNAL_FILE))) return undefined;
  // A sibling, so that paths from it to elsewhere are the same.
  const kept = `${resolve(path)}-unfinished`;
  try {
    const free = madeUnder(kept);
    // Without its samples a journal is worth nothing, so they go first.
    for (const file of [SAMPLES_FILE, JOURNAL_FILE]) renameSync(join(path, file), join(free, file));
    return relative('.', free);
  } catch (cause) {
    throw cannotWrite(kept, cause);
  }
}

/** A new folder of that name, or of the first with a number that is free. */
function madeUnder(name: string): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? name : `${name}-${number}`;
    if (makeNewFolder(path)) return path;
  }
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
