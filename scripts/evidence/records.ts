/** Measurements kept one by one, so that a long series can stop at any time, continue, and say what it lacks. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { mean } from '../../src/stats/quantile.ts';

/** A measurement to be made. */
export interface Job {
  /** The record of it has the same. */
  readonly key: string;
  /** Jobs of one kind take about as long. */
  readonly group: string;
}

/** A record of a measurement. */
export interface Kept {
  readonly key: string;
  /** How long it took. */
  readonly tookMs?: number;
}

/** Orders jobs so that at any time about the same share of each group is done; each group keeps its order. */
export function interleaved<One extends Job>(jobs: readonly One[]): readonly One[] {
  const sizes = countsOf(jobs);
  const seen = new Map<string, number>();
  return jobs
    .map((job) => {
      const place = seen.get(job.group) ?? 0;
      seen.set(job.group, place + 1);
      return { job, at: (place + 0.5) / (sizes.get(job.group) ?? 1) };
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ job }) => job);
}

function countsOf(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { group } of jobs) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}

/** The records in a file; an incomplete last line, after an interruption, is none. */
export function readRecords(path: string): readonly unknown[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as unknown];
      } catch {
        return [];
      }
    });
}

export interface Series<One extends Job, Record extends Kept> {
  readonly jobs: readonly One[];
  readonly path: string;
  /** No job starts after so many minutes. */
  readonly minutes: number;
  /** @param index place of the job among all, for a seed of its own */
  readonly measure: (job: One, index: number) => Promise<Record>;
}

/** Measures the jobs that have no record yet, and appends each record at once. A job that fails is skipped. */
export async function measureMissing<One extends Job, Record extends Kept>(series: Series<One, Record>): Promise<void> {
  const { jobs, path, minutes, measure } = series;
  mkdirSync(dirname(path), { recursive: true });
  const began = Date.now();
  const kept = readRecords(path) as readonly Kept[];
  const times = timesOf(jobs, kept);
  const done = new Set(kept.map(({ key }) => key));
  // Ends a line that was interrupted.
  if (existsSync(path)) appendFileSync(path, '\n');
  let left = jobs.filter(({ key }) => !done.has(key));
  for (const [index, job] of jobs.entries()) {
    if (done.has(job.key)) continue;
    if (Date.now() - began >= minutes * 60_000) return;
    process.stderr.write(`${index + 1} of ${jobs.length}: ${job.key} (${left.length} left${etaText(left, times)})\n`);
    const startedMs = Date.now();
    left = left.filter((one) => one !== job);
    try {
      const record = await measure(job, index);
      const tookMs = Date.now() - startedMs;
      appendFileSync(path, `${JSON.stringify({ ...record, tookMs })}\n`);
      times.set(job.group, [...(times.get(job.group) ?? []), tookMs]);
    } catch (error) {
      process.stderr.write(`  failed: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}

type Times = Map<string, readonly number[]>;

function timesOf(jobs: readonly Job[], records: readonly Kept[]): Times {
  const groupOf = new Map(jobs.map(({ key, group }) => [key, group]));
  const times: Times = new Map();
  for (const { key, tookMs } of records) {
    const group = groupOf.get(key);
    if (group !== undefined && tookMs !== undefined) times.set(group, [...(times.get(group) ?? []), tookMs]);
  }
  return times;
}

/** A group without a time counts like the mean of the others. */
function etaText(left: readonly Job[], times: Times): string {
  const all = [...times.values()].flat();
  if (all.length === 0) return '';
  const ms = left.reduce((sum, { group }) => sum + mean(times.get(group) ?? all), 0);
  return `, about ${Math.ceil(ms / 60_000)} min`;
}

/** Names the groups of which something is missing; undefined: nothing is. */
export function missingText(jobs: readonly Job[], records: readonly Kept[]): string | undefined {
  const done = new Set(records.map(({ key }) => key));
  const missing = countsOf(jobs.filter(({ key }) => !done.has(key)));
  if (missing.size === 0) return undefined;
  const all = countsOf(jobs);
  const parts = [...missing].map(([group, count]) => `${count} of ${all.get(group)} ${group}`);
  return `Not measured: ${parts.join('; ')}.`;
}
