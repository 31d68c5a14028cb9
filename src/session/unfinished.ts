/** The files of an unfinished run, and how to resume it. */
import { existsSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Results } from '../model/results.ts';
import type { ValuesOf } from '../options/table.ts';
import { duration } from '../report/numbers.ts';
import type { BegunJournal, Comparing } from './journal.ts';
import { isFolder } from '../system/foreign-file.ts';

type Run = ValuesOf<'run'>;

/** The files of a run that is being measured, in its report folder. */
export const SAMPLES_FILE = 'samples.ndjson';
export const JOURNAL_FILE = 'journal.json';

/** Marks by which Lanewise recognizes these files. */
export const JOURNAL_MARKS = [
  { file: SAMPLES_FILE, mark: /^\{"cell":"[^\n]*"wallMs":/ },
  { file: JOURNAL_FILE, mark: /^\{"schema":"lanewise\/journal@/ },
] as const;

/** The report folder of the run that this process is measuring. */
let folder: string | undefined;

/** From here on, the folder has blocks that can be resumed, however this process ends. */
export function beginUnfinished(path: string): void {
  folder = path;
}

/** How to resume after an error; undefined if there is nothing to resume. */
export function unfinishedText(): string | undefined {
  if (folder === undefined || !existsSync(join(folder, JOURNAL_FILE))) return undefined;
  return `The blocks measured so far are kept. To resume: lanewise run --resume ${folder}`;
}

/** Accepts a file of the report folder as --resume, too. */
export function withResumedFolder(values: Run): Run {
  const { resume } = values;
  if (resume === undefined || isFolder(resume) || !existsSync(resume)) return values;
  return { ...values, resume: dirname(resume) };
}

/** Checks that a folder has an unfinished run. @throws LanewiseError if not */
export function requireUnfinished(path: string): void {
  if (existsSync(join(path, JOURNAL_FILE))) return;
  throw new LanewiseError(
    'input',
    `No unfinished run in ${path}: --resume takes the report folder of an interrupted run.`,
  );
}

/** Reads the run to resume; undefined without --resume. @throws LanewiseError if it cannot be resumed */
export async function readBegun(
  { resume, nodeOptions }: Run,
  environment: Environment,
): Promise<BegunJournal | undefined> {
  if (resume === undefined) return undefined;
  const { readJournal } = await import('./read-journal.ts');
  return readJournal(resume, environment, nodeOptions);
}

/** The comparison of a run: flags given now, otherwise those of the unfinished run. */
export function comparingOf({ against, failOn }: Run, begun: BegunJournal | undefined): Comparing {
  return {
    ...begun?.comparing,
    ...(against !== undefined && { against: [...against] }),
    ...(failOn !== undefined && { failOn }),
  };
}

/** Note at the end of an interrupted run. */
export function howToResume({ options }: Results, wasInterrupted: boolean, path: string): string {
  const why = wasInterrupted ? 'Interrupted' : `The time limit of ${duration(options.timeLimitMs ?? 0)} was reached`;
  return `${why}: partial results are saved. To measure the rest: lanewise run --resume ${path}`;
}
