/** The files of an unfinished run, and how to resume it. */
import { existsSync, statSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import { shellWord } from '../model/text.ts';
import type { Environment } from '../model/results.ts';
import type { ValuesOf } from '../options/table.ts';
import { givenTime } from '../report/numbers.ts';
import type { BegunJournal, Comparing } from './journal.ts';
import { isFolder, readForeign } from '../system/foreign-file.ts';

type Run = ValuesOf<'run'>;

/** Commands whose measuring can be resumed. */
export type ResumableCommand = 'run' | 'load';

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
  const samples = statSync(join(folder, SAMPLES_FILE), { throwIfNoEntry: false });
  const kept = samples?.size ? 'The blocks measured so far are kept' : 'Its calibration is kept';
  return `${kept}. To resume: ${resumeText(folder)}`;
}

/** The command that resumes what is in a folder. */
export function resumeText(path: string): string {
  const head = readHead(join(path, JOURNAL_FILE));
  return `lanewise ${head.startsWith(LOAD_HEAD) ? 'load' : 'run'} --resume ${shellWord(path)}`;
}

const LOAD_HEAD = '{"schema":"lanewise/journal@1","command":"load"';

/** The first characters of a file; empty if it cannot be read. */
function readHead(path: string): string {
  try {
    return readForeign(path, '').subarray(0, LOAD_HEAD.length).toString();
  } catch {
    return '';
  }
}

/** Accepts a file of the report folder as --resume, too. */
export function withResumedFolder<Values extends Pick<Run, 'resume'>>(values: Values): Values {
  const { resume } = values;
  if (resume === undefined || isFolder(resume) || !existsSync(resume)) return values;
  return { ...values, resume: dirname(resume) };
}

/** Checks that a folder has an unfinished run. @throws LanewiseError if not */
export function requireUnfinished(path: string): void {
  if (existsSync(join(path, JOURNAL_FILE))) return;
  throw new LanewiseError(
    'input',
    `No unfinished run in ${path}: --resume takes the report folder of an interrupted one.`,
  );
}

/** Reads the run to resume; undefined without --resume. @throws LanewiseError if it cannot be resumed */
export async function readBegun(
  command: ResumableCommand,
  { resume, nodeOptions }: Pick<Run, 'resume' | 'nodeOptions'>,
  environment: Environment,
): Promise<BegunJournal | undefined> {
  if (resume === undefined) return undefined;
  const { readJournal } = await import('./read-journal.ts');
  return readJournal(resume, environment, command, nodeOptions);
}

/** The comparison of a run: flags given now, otherwise those of the unfinished run. */
export function comparingOf({ against, failOn }: Run, begun: BegunJournal | undefined): Comparing {
  return {
    ...begun?.comparing,
    ...(against !== undefined && { against: [...against] }),
    ...(failOn !== undefined && { failOn }),
  };
}

interface Limited {
  readonly timeLimitMs?: number | null | undefined;
}

/** Why not all was measured. */
export function whyUnfinished({ timeLimitMs }: Limited, wasInterrupted: boolean): string {
  if (wasInterrupted) return 'Interrupted';
  return typeof timeLimitMs === 'number'
    ? `The time limit of ${givenTime(timeLimitMs)} was reached`
    : 'Not all was measured';
}

/** Note at the end of an interrupted run. */
export function howToResume({ timeLimitMs }: Limited, wasInterrupted: boolean, path: string): string {
  return `${whyUnfinished({ timeLimitMs }, wasInterrupted)}: partial results are saved. To measure the rest: ${resumeText(path)}`;
}
