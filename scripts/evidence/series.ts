/** A command that measures a long series, and makes a table of it for docs/method.md. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { measureMissing, missingText, readRecords, type Job, type Kept } from './records.ts';

/** Options of every series. Several seeds name those of the records in the files that are given. */
export const SERIES_OPTIONS = { minutes: Infinity, seed: '1', out: 'evidence', resume: false, from: [], write: false };

/** Their values. */
interface SeriesValues {
  readonly minutes: number;
  readonly seed: string;
  readonly out: string;
  readonly resume: boolean;
  readonly from: readonly string[];
  readonly write: boolean;
}

interface ToMeasure<One extends Job, Record extends Kept> {
  readonly jobs: readonly One[];
  /** Name of the file of records. */
  readonly file: string;
  readonly values: SeriesValues;
  readonly measure: (job: One, seed: number) => Promise<Record>;
}

/** The records of files that were given; otherwise of the jobs, those that have none measured now. */
export async function recordsOf<One extends Job, Record extends Kept>({
  jobs,
  file,
  values: { minutes, seed, out, resume, from },
  measure,
}: ToMeasure<One, Record>): Promise<readonly Record[]> {
  const path = join(out, file);
  if (from.length === 0) {
    if (!Number.isInteger(Number(seed))) throw new RangeError(`--seed ${seed}: a measurement has one`);
    if (!resume) rmSync(path, { force: true });
    await measureMissing({
      jobs,
      path,
      minutes,
      measure: async (job, index) => measure(job, Number(seed) + index),
    });
  }
  return (from.length === 0 ? [path] : from).flatMap((one) => readRecords(one)) as readonly Record[];
}

interface ToPublish {
  /** Page of docs/. Default: method.md. */
  readonly page?: string;
  /** Mark of the table there. */
  readonly mark: string;
  readonly parts: readonly string[];
  readonly jobs: readonly Job[];
  readonly records: readonly Kept[];
  /** The command, with the options that decide what is measured. */
  readonly command: string;
  readonly values: Pick<SeriesValues, 'write'>;
}

/** Prints the parts, with what is missing and how they were made; writes them into docs/ if asked to. */
export function publish({ page = 'method.md', mark, parts, jobs, records, command, values }: ToPublish): void {
  const made = [missingText(jobs, records), madeBy(command)].join(' ').trim();
  const text = [...parts, made].join('\n\n');
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs(page, mark, text);
}
