/** What a run that was not finished leaves, and how it is gone on with. */
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

/** What they are recognized by, as the files of a report. */
export const JOURNAL_MARKS = [
  { file: SAMPLES_FILE, mark: /^\{"cell":"[^\n]*"wallMs":/ },
  { file: JOURNAL_FILE, mark: /^\{"schema":"lanewise\/journal@/ },
] as const;

/** The report folder of the run that this process is measuring. */
let folder: string | undefined;

/** From here on, whatever ends this process leaves blocks there that can be resumed. */
export function beginUnfinished(path: string): void {
  folder = path;
}

/** What is left to resume, for whoever reports an error; undefined if there is nothing. */
export function unfinishedText(): string | undefined {
  if (folder === undefined || !existsSync(join(folder, JOURNAL_FILE))) return undefined;
  return `The blocks measured so far are kept. To resume: lanewise run --resume ${folder}`;
}

/** With the report folder in place of a file in it, which is as well given. */
export function withResumedFolder(values: Run): Run {
  const { resume } = values;
  if (resume === undefined || isFolder(resume) || !existsSync(resume)) return values;
  return { ...values, resume: dirname(resume) };
}

/** @throws LanewiseError if there is no unfinished run */
export function requireUnfinished(path: string): void {
  if (existsSync(join(path, JOURNAL_FILE))) return;
  throw new LanewiseError(
    'input',
    `No unfinished run in ${path}: --resume takes the report folder of an interrupted run.`,
  );
}

/** The run to be resumed. @throws LanewiseError if there is none */
export async function readBegun(
  { resume, nodeOptions }: Run,
  environment: Environment,
): Promise<BegunJournal | undefined> {
  if (resume === undefined) return undefined;
  const { readJournal } = await import('./read-journal.ts');
  return readJournal(resume, environment, nodeOptions);
}

/** What the run is to be compared with: as it was begun, unless it is said anew. */
export function comparingOf({ against, failOn }: Run, begun: BegunJournal | undefined): Comparing {
  return {
    ...begun?.comparing,
    ...(against !== undefined && { against }),
    ...(failOn !== undefined && { failOn }),
  };
}

/** What is printed at the end of a run that was interrupted. */
export function howToResume({ options }: Results, wasInterrupted: boolean, path: string): string {
  const why = wasInterrupted ? 'Interrupted' : `The time limit of ${duration(options.timeLimitMs ?? 0)} was reached`;
  return `${why}: partial results are saved. To measure the rest: lanewise run --resume ${path}`;
}
