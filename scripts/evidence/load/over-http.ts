/**
 * Requests over HTTP: what does the driver cost, and what does a cluster cost that deals out connections? Tasks that wait
 * arrive at rates from 50 to 1000 a second, over HTTP and in process. Tasks that block their worker arrive at a cluster of
 * two, whose mean latency is compared with that of two queues (M/D/1 each) and of one queue for both (M/D/2).
 *
 *   npm run evidence:http -- [--blocks 7] [--minutes 20] [--seed 1] [--out evidence] [--resume]
 *                            [--from evidence/http.ndjson] [--write]
 *
 * `--write` puts the tables into docs/method.md.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { load } from '../../../src/index.ts';
import type { LoadResults, Window } from '../../../src/model/load.ts';
import { median } from '../../../src/stats/quantile.ts';
import type { Job, Kept } from '../records.ts';
import { publish, recordsOf, SERIES_OPTIONS } from '../series.ts';
import { meanLatencyIn, type MeanLatency } from './arrivals-series.ts';
import { expectedLatencyMs, pollaczekKhinchineMs } from './queue-theory.ts';
import { scriptOptions } from '../../script-options.ts';

const TASK_MS = 20;
const RATES = [50, 100, 200, 400, 1000] as const;
const SHARES = [0.5, 0.7] as const;
const WORKERS = 2;

const JOBS = [
  { key: 'driver', group: 'driver' },
  { key: 'cluster', group: 'cluster' },
] as const satisfies readonly Job[];

/** The driver at one rate: medians over the windows. */
export interface DriverFound {
  readonly rate: number;
  readonly windows: number;
  readonly refused: number;
  readonly cpus: number;
  readonly lateP99Ms: number;
  readonly readLateP99Ms: number;
  /** Median latency over HTTP minus that in process, ms. */
  readonly addedMs: number;
}

/** A cluster at one rate. */
export interface ClusterFound extends MeanLatency {
  readonly share: number;
  /** Expected mean latency of two queues, ms. */
  readonly apartMs: number;
  /** The same of one queue for both. */
  readonly togetherMs: number;
}

interface HttpRecord extends Kept {
  readonly driver?: readonly DriverFound[];
  readonly cluster?: readonly ClusterFound[];
}

async function measure({ key }: Job, seed: number, blocks: number): Promise<HttpRecord> {
  const common = { objective: { quantile: 'p99', ms: 1000 }, blocks, seed, lock: 'wait' } as const;
  if (key === 'cluster') {
    const rates = SHARES.map((share) => (share * WORKERS * 1000) / TASK_MS);
    const work = { workload: 'blocking-sleep', params: { ms: TASK_MS }, strategies: ['cluster'], rates } as const;
    const windows = windowsOf(await load({ ...common, ...work, poolSizes: [WORKERS], keepRequests: true }));
    return { key, cluster: SHARES.map((share, index) => clusterAt(at(windows, rates[index]), share)) };
  }
  const work = { workload: 'timer', params: { ms: TASK_MS }, strategies: ['event-loop'], rates: [...RATES] } as const;
  const over = windowsOf(await load({ ...common, ...work, via: 'http' }));
  const inProcess = windowsOf(await load({ ...common, ...work, via: 'in-process' }));
  return { key, driver: RATES.map((rate) => driverAt(at(over, rate), at(inProcess, rate))) };
}

function windowsOf({ complete, cells }: LoadResults): readonly Window[] {
  if (!complete || cells.some(({ status }) => status === 'failed')) throw new Error('it was not measured whole');
  return cells.flatMap((cell) => cell.windows);
}

function at(windows: readonly Window[], rate: number | undefined): readonly Window[] {
  return windows.filter((window) => window.rate === rate);
}

export function driverAt(over: readonly Window[], inProcess: readonly Window[]): DriverFound {
  const drivers = over.flatMap(({ driver }) => driver ?? []);
  return {
    rate: over[0]?.rate ?? Number.NaN,
    windows: over.length,
    refused: over.filter(({ state }) => state === 'driver-limited').length,
    cpus: median(drivers.map(({ cpus }) => cpus)),
    lateP99Ms: median(drivers.map(({ lateMs }) => lateMs.p99)),
    readLateP99Ms: median(drivers.map(({ readLateMs }) => readLateMs.p99)),
    addedMs: usualMs(over) - usualMs(inProcess),
  };
}

function usualMs(windows: readonly Window[]): number {
  return median(windows.map(({ latencyMs }) => latencyMs.p50));
}

export function clusterAt(windows: readonly Window[], share: number): ClusterFound {
  const servicesMs = windows.flatMap(({ requests = [] }) =>
    requests.flatMap(({ startedMs, finishedMs }) =>
      startedMs === null || finishedMs === null ? [] : [finishedMs - startedMs],
    ),
  );
  const rate = windows[0]?.rate ?? Number.NaN;
  return {
    share,
    ...meanLatencyIn(windows),
    apartMs: pollaczekKhinchineMs({ rate: rate / WORKERS, servicesMs }),
    togetherMs: expectedLatencyMs({ rate, servicesMs, servers: WORKERS }),
  };
}

const ms = (value: number): string => value.toFixed(2);

function driverTable(found: readonly DriverFound[]): string {
  return markdownTable([
    ['requests/s', 'windows', 'refused', 'CPUs of the driver', 'late, p99, ms', 'reads late, p99, ms', 'HTTP adds, ms'],
    ...found.map(({ rate, windows, refused, cpus, lateP99Ms, readLateP99Ms, addedMs }) => [
      String(rate),
      String(windows),
      String(refused),
      cpus.toFixed(3),
      ms(lateP99Ms),
      ms(readLateP99Ms),
      ms(addedMs),
    ]),
  ]);
}

function clusterTable(found: readonly ClusterFound[]): string {
  return markdownTable([
    ['load', 'requests', 'mean latency, ms (95% CI)', 'two queues, ms', 'one queue, ms'],
    ...found.map(({ share, tasks, meanMs, loMs, hiMs, apartMs, togetherMs }) => [
      `${share * 100}%`,
      String(tasks),
      `${ms(meanMs)} (${ms(loMs)}–${ms(hiMs)})`,
      ms(apartMs),
      ms(togetherMs),
    ]),
  ]);
}

async function main(): Promise<void> {
  const values = scriptOptions({ ...SERIES_OPTIONS, blocks: 7 });
  const { blocks, seed } = values;
  const records = await recordsOf({
    jobs: JOBS,
    file: 'http.ndjson',
    values,
    measure: (job, seedOfJob) => measure(job, seedOfJob, blocks),
  });
  publish({
    mark: 'load-http',
    parts: [
      'The driver, with tasks that wait 20 ms on the event loop; _HTTP adds_ is the median latency less that in process:',
      driverTable(records.flatMap(({ driver = [] }) => driver)),
      `A cluster of ${WORKERS} whose tasks block it for ${TASK_MS} ms, with 64 kept-alive connections, beside the expected means of a queue for each worker and of one for both:`,
      clusterTable(records.flatMap(({ cluster = [] }) => cluster)),
    ],
    jobs: JOBS,
    records,
    command: `npm run evidence:http -- --blocks ${blocks} --seed ${seed}`,
    values,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
