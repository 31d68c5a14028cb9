/**
 * Tests what happens beyond the limits: queues that reject tasks when they are full, beside the loss of an M/M/c/K queue; and
 * pulses of arrivals, beside a queue of a fluid.
 *
 *   npm run evidence:load-limits -- [--blocks 7] [--minutes 20] [--seed 1] [--out evidence] [--resume]
 *                                   [--from evidence/load-limits.ndjson] [--write]
 *
 * The exit status is 1 if a goal is missed. `--write` puts the tables into docs/method.md.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { load } from '../../../src/index.ts';
import type { LoadResults, OverloadedCell, Window } from '../../../src/model/load.ts';
import { studentQuantile } from '../../../src/stats/run-means.ts';
import type { Job, Kept } from '../records.ts';
import { publish, recordsOf, SERIES_OPTIONS } from '../series.ts';
import { lossShare, meanOf } from './queue-theory.ts';
import { scriptOptions } from '../../script-options.ts';

const MEAN_MS = 10;
const LEVEL = 0.05;
const LEAST_WITHIN = 0.9;
/** The forecast of a fluid may be off by this much. */
const MOST_OFF = 0.1;
/** Arrivals as a share of what the pool can do. */
const SHARES = [0.8, 1.2] as const;
const WAITING = [1, 4] as const;
const WORKERS = [1, 2] as const;
const PULSES = [1.5, 2] as const;
const PULSE_MS = 3000;

export const LIMIT_JOBS: readonly LimitJob[] = WORKERS.flatMap((workers) => [
  ...WAITING.map((limit): LimitJob => ({
    key: `full ${workers} ${limit}`,
    group: 'full queues',
    workers,
    waiting: limit,
  })),
  ...PULSES.map((times): LimitJob => ({ key: `pulse ${workers} ${times}`, group: 'pulses', workers, times })),
]);

interface LimitJob extends Job {
  readonly workers: number;
  /** Tasks that may wait. */
  readonly waiting?: number;
  /** The multiple of a pulse. */
  readonly times?: number;
}

/** A queue that was often full, at one rate. */
export interface LossFound {
  readonly workers: number;
  readonly waiting: number;
  readonly share: number;
  readonly tasks: number;
  /** Share of the tasks that were rejected, with its interval over the blocks. */
  readonly rejected: number;
  readonly lo: number;
  readonly hi: number;
  readonly expected: number;
}

interface LimitRecord extends Kept {
  readonly losses?: readonly LossFound[];
  readonly pulse?: Pick<OverloadedCell, 'growthPerSecond' | 'recoveryMs' | 'unrecovered'> & {
    readonly workers: number;
    readonly times: number;
  };
}

async function measureLimit(
  { key, workers, waiting, times }: LimitJob,
  seed: number,
  blocks: number,
): Promise<LimitRecord> {
  const common = {
    workload: new URL('../workloads/arriving.js', import.meta.url).href,
    strategies: ['worker-threads'],
    poolSizes: [workers],
    objective: { quantile: 'p99', ms: 100 },
    blocks,
    seed,
    via: 'in-process',
    lock: 'wait',
  } as const;
  const ofShare = (share: number): number => (share * workers * 1000) / MEAN_MS;
  if (waiting !== undefined) {
    const rates = SHARES.map(ofShare);
    const results = await load({
      ...common,
      params: { law: 'exponential' },
      rates,
      maxQueue: waiting,
      keepRequests: true,
    });
    const windows = windowsOf(results);
    return {
      key,
      losses: SHARES.map((share, index) =>
        lossIn(
          windows.filter(({ rate }) => rate === rates[index]),
          { workers, waiting, share },
        ),
      ),
    };
  }
  const results = await load({
    ...common,
    rates: [ofShare(SHORT_OF_BASE)],
    window: SHORTEST_WINDOW,
    overload: { times: times ?? 1, pulseMs: PULSE_MS },
  });
  windowsOf(results);
  const [found] = results.overload ?? [];
  if (found === undefined || times === undefined) throw new Error(`${key}: no pulse was measured`);
  const { growthPerSecond, recoveryMs, unrecovered } = found;
  return { key, pulse: { workers, times, growthPerSecond, recoveryMs, unrecovered } };
}

/** The rate before and after a pulse. */
const SHORT_OF_BASE = 0.5;
const SHORTEST_WINDOW = 40;

function windowsOf({ complete, cells }: LoadResults): readonly Window[] {
  if (!complete || cells.some(({ status }) => status === 'failed')) throw new Error('it was not measured whole');
  return cells.flatMap((cell) => cell.windows);
}

export function lossIn(
  windows: readonly Window[],
  { workers, waiting, share }: Pick<LossFound, 'workers' | 'waiting' | 'share'>,
): LossFound {
  const shares = [...new Set(windows.map(({ block }) => block))].map((block) => {
    const own = windows.filter((window) => window.block === block);
    return sum(own, ({ rejected }) => rejected) / sum(own, ({ offered }) => offered);
  });
  const mean = meanOf(shares);
  const variance = shares.reduce((total, one) => total + (one - mean) ** 2, 0) / (shares.length - 1);
  const half = studentQuantile(LEVEL, shares.length - 1) * Math.sqrt(variance / shares.length);
  return {
    workers,
    waiting,
    share,
    tasks: sum(windows, ({ offered }) => offered),
    rejected: mean,
    lo: mean - half,
    hi: mean + half,
    expected: lossShare({
      rate: windows[0]?.rate ?? Number.NaN,
      serviceMs: meanOf(windows.flatMap(({ requests = [] }) => occupiedMs(requests, workers))),
      servers: workers,
      waiting,
    }),
  };
}

/**
 * How long each task that was done occupied a worker: from when it was there and a worker was free, in the order of
 * arrival, to its result here. That is longer than it ran, since messages take time.
 */
export function occupiedMs(
  requests: readonly Pick<NonNullable<Window['requests']>[number], 'acceptedMs' | 'startedMs' | 'receivedMs'>[],
  workers: number,
): readonly number[] {
  const freeMs = Array.from({ length: workers }, () => 0);
  return requests
    .flatMap(({ acceptedMs, startedMs, receivedMs }) => (startedMs === null ? [] : [{ acceptedMs, receivedMs }]))
    .toSorted((a, b) => a.acceptedMs - b.acceptedMs)
    .map(({ acceptedMs, receivedMs }) => {
      const first = freeMs.indexOf(Math.min(...freeMs));
      const fromMs = Math.max(acceptedMs, freeMs[first] ?? 0);
      freeMs[first] = receivedMs;
      return receivedMs - fromMs;
    });
}

function sum(windows: readonly Window[], read: (window: Window) => number): number {
  return windows.reduce((total, window) => total + read(window), 0);
}

export function isExpected({ expected, lo, hi }: LossFound): boolean {
  return lo <= expected && expected <= hi;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

function lossTable(found: readonly LossFound[]): string {
  return markdownTable([
    ['workers', 'may wait', 'load', 'tasks', 'rejected (95% CI)', 'expected', 'within'],
    ...found.map((one) => [
      String(one.workers),
      String(one.waiting),
      `${one.share * 100}%`,
      String(one.tasks),
      `${percent(one.rejected)} (${percent(one.lo)}–${percent(one.hi)})`,
      percent(one.expected),
      isExpected(one) ? 'yes' : 'no',
    ]),
  ]);
}

type Compared = { readonly measured: number | null; readonly forecast: number | null };

/** How far the measured number is off the forecast, as a share of it; null: one of them is not known. */
export function offBy({ measured, forecast }: Compared): number | null {
  return measured === null || forecast === null ? null : measured / forecast - 1;
}

function text(value: number | null, digits = 0): string {
  return value === null ? '–' : value.toFixed(digits);
}

function offText(compared: Compared): string {
  const share = offBy(compared);
  return share === null ? '–' : percent(share);
}

function pulseTable(pulses: readonly NonNullable<LimitRecord['pulse']>[]): string {
  return markdownTable([
    ['workers', 'pulse', 'growth, tasks/s', 'forecast', 'off by', 'recovery, ms', 'forecast', 'off by'],
    ...pulses.map(({ workers, times, growthPerSecond, recoveryMs }) => [
      String(workers),
      `${times}x`,
      text(growthPerSecond.measured, 1),
      text(growthPerSecond.forecast, 1),
      offText(growthPerSecond),
      text(recoveryMs.measured),
      text(recoveryMs.forecast),
      offText(recoveryMs),
    ]),
  ]);
}

async function main(): Promise<void> {
  const values = scriptOptions({ ...SERIES_OPTIONS, blocks: 7 });
  const { blocks, seed } = values;
  const records = await recordsOf({
    jobs: LIMIT_JOBS,
    file: 'load-limits.ndjson',
    values,
    measure: (job, seedOfJob) => measureLimit(job, seedOfJob, blocks),
  });
  const losses = records.flatMap(({ losses: found = [] }) => found);
  const pulses = records.flatMap(({ pulse }) => pulse ?? []);
  const within = losses.filter(isExpected).length;
  publish({
    mark: 'load-limits',
    parts: [
      `Tasks of exponential length in pools of worker threads with a short queue: ${within} of ${losses.length} expected shares are within the CI (goal: ${LEAST_WITHIN * 100}%):`,
      lossTable(losses),
      `Pulses of ${PULSE_MS / 1000} s, medians of four (goal: the recovery within ${MOST_OFF * 100}% of the forecast):`,
      pulseTable(pulses),
    ],
    jobs: LIMIT_JOBS,
    records,
    command: `npm run evidence:load-limits -- --blocks ${blocks} --seed ${seed}`,
    values,
  });
  const isRecovered = pulses.every(({ recoveryMs }) => Math.abs(offBy(recoveryMs) ?? Infinity) <= MOST_OFF);
  if (within < LEAST_WITHIN * losses.length || !isRecovered) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
