/** Measured queues of waiting tasks, whose latencies are known beforehand. */
import { load } from '../../../src/index.ts';
import type { Window } from '../../../src/model/load.ts';
import { groupBy } from '../../../src/stats/groups.ts';
import { median, quantile, sorted } from '../../../src/stats/quantile.ts';
import { studentQuantile } from '../../../src/stats/run-means.ts';
import type { Job, Kept } from '../records.ts';
import { queueLatenciesMs } from './fcfs.ts';
import { expectedLatencyMs, meanOf } from './queue-theory.ts';

const LAWS = ['constant', 'exponential'] as const;
/** The fastest first. */
const SERVERS = [4, 2, 1] as const;
/** Arrivals per second as a share of what the pool can do. */
const SHARES = [0.5, 0.7, 0.9] as const;
const MEAN_MS = 10;
const LEVEL = 0.05;

export interface QueueJob extends Job {
  readonly law: (typeof LAWS)[number];
  readonly servers: number;
}

export const QUEUE_JOBS: readonly QueueJob[] = SERVERS.flatMap((servers) =>
  LAWS.map((law) => ({ key: `${law} ${servers}`, group: `${servers} workers`, law, servers })),
);

/** Mean latency over all blocks with its 95% CI, ms. */
export interface MeanLatency {
  /** Tasks done, with those of the first arrivals, which are not in the mean. */
  readonly tasks: number;
  readonly meanMs: number;
  readonly loMs: number;
  readonly hiMs: number;
}

/** The latencies of one pool at one rate, beside those that were to be expected. */
export interface QueueFound extends MeanLatency {
  readonly share: number;
  readonly typical: TypicalMs;
  /** |measured - forecast| of every task: its median and p99, ms. */
  readonly medianOffMs: number;
  readonly p99OffMs: number;
  /** p99 of each part of a task in which it neither waited for a worker nor ran. */
  readonly p99Parts: PartsMs;
  /** Median error of the last quarter of the windows minus that of the first, ms. */
  readonly driftMs: number;
  readonly expectedMs: number;
}

/** Times that the forecast adds to the lengths of the tasks. */
export interface TypicalMs {
  /** Median time from an arrival that finds a free worker to the start of its task. */
  readonly toFreeMs: number;
  /** Mean time from the end of a task to the start of one that waited: in a queue all of these add up. */
  readonly toNextMs: number;
  /** Median time from the end of a task to its result. */
  readonly returnMs: number;
}

/** Times of a task, ms. */
interface PartsMs {
  /** From when it was due to when the event loop submitted it. */
  readonly lateMs: number;
  /** From when it had arrived and a worker was free, to its start. */
  readonly dispatchMs: number;
  /** From its end to its result. */
  readonly returnMs: number;
}

interface TaskParts extends PartsMs {
  /** Whether no worker was free when it arrived. */
  readonly isWaiting: boolean;
}

/** A window at one share of what the pool can do. */
export interface QueueWindow extends Pick<Window, 'block' | 'rate' | 'offered' | 'requests'> {
  readonly share: number;
}

/** All windows of one pool, so that another forecast can be compared with them. */
export interface QueueRecord extends Kept {
  readonly law: QueueJob['law'];
  readonly servers: number;
  readonly windows: readonly QueueWindow[];
}

export async function measureQueue(
  { key, law, servers }: QueueJob,
  seed: number,
  blocks: number,
): Promise<QueueRecord> {
  const { complete, cells, workloads } = await load({
    workload: new URL('../workloads/arriving.js', import.meta.url).href,
    params: { law },
    strategies: ['worker-threads'],
    poolSizes: [servers],
    rates: SHARES.map((share) => (share * servers * 1000) / MEAN_MS),
    objective: { quantile: 'p99', ms: 1000 },
    blocks,
    seed,
    keepRequests: true,
    via: 'in-process',
    lock: 'wait',
  });
  if (!complete || cells.some(({ status }) => status === 'failed')) throw new Error(`${key} was not measured whole`);
  const rates = workloads[0]?.rates ?? [];
  const windows = cells.flatMap((cell) => cell.windows);
  return {
    key,
    law,
    servers,
    windows: windows.map(({ block, rate, offered, requests }) => ({
      share: SHARES[rates.indexOf(rate)] ?? Number.NaN,
      block,
      rate,
      offered,
      ...(requests && { requests }),
    })),
  };
}

/** Conclusions from the windows of a pool, for each share. */
export function foundOf({ servers, windows }: Pick<QueueRecord, 'servers' | 'windows'>): readonly QueueFound[] {
  return SHARES.map((share) =>
    foundIn(
      windows.filter((window) => window.share === share),
      servers,
      share,
    ),
  );
}

export function foundIn(windows: readonly Omit<QueueWindow, 'share'>[], servers: number, share: number): QueueFound {
  const parts = windows.flatMap((window) => partsIn(window, servers));
  const typical = typicalOf(parts);
  const errors = windows.map((window) => forecastErrorsMs(window, servers, typical));
  const inOrder = sorted(errors.flat());
  const quarter = Math.max(1, Math.floor(errors.length / 4));
  return {
    share,
    ...meanLatencyIn(windows),
    typical,
    medianOffMs: quantile(inOrder, 0.5),
    p99OffMs: quantile(inOrder, 0.99),
    p99Parts: {
      lateMs: p99(parts.map(({ lateMs }) => lateMs)),
      dispatchMs: p99(parts.map(({ dispatchMs }) => dispatchMs)),
      returnMs: p99(parts.map(({ returnMs }) => returnMs)),
    },
    driftMs: median(errors.slice(-quarter).flat()) - median(errors.slice(0, quarter).flat()),
    expectedMs:
      besideQueueMs(typical) +
      expectedLatencyMs({
        rate: windows[0]?.rate ?? Number.NaN,
        servicesMs: windows.flatMap((window) => doneIn(window).map(({ serviceMs }) => serviceMs + typical.toNextMs)),
        servers,
      }),
  };
}

export function meanLatencyIn(windows: readonly (Requests & Pick<Window, 'block'>)[]): MeanLatency {
  const means = [...groupBy(windows, ({ block }) => block).values()].map((own) => meanOf(own.flatMap(latenciesMs)));
  const mean = meanOf(means);
  const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (means.length - 1);
  const half = studentQuantile(LEVEL, means.length - 1) * Math.sqrt(variance / means.length);
  return {
    tasks: windows.flatMap(doneIn).length,
    meanMs: mean,
    loMs: mean - half,
    hiMs: mean + half,
  };
}

function p99(values: readonly number[]): number {
  return quantile(sorted(values), 0.99);
}

type Requests = Pick<Window, 'requests' | 'offered'>;

export function typicalOf(parts: readonly TaskParts[]): TypicalMs {
  const dispatched = (isAsked: (part: TaskParts) => boolean): readonly number[] =>
    parts.filter(isAsked).map(({ dispatchMs }) => dispatchMs);
  const waiting = dispatched(({ isWaiting }) => isWaiting);
  const others = dispatched(({ isWaiting }) => !isWaiting);
  // In a few tasks, all may have waited, or none.
  const toFreeMs = median(others.length > 0 ? others : waiting);
  return {
    toFreeMs,
    toNextMs: waiting.length > 0 ? meanOf(waiting) : toFreeMs,
    returnMs: median(parts.map(({ returnMs }) => returnMs)),
  };
}

/** By how much a latency is longer than in a queue in which each task occupies its worker for `toNextMs` more. */
function besideQueueMs({ toFreeMs, toNextMs, returnMs }: TypicalMs): number {
  return toFreeMs - toNextMs + returnMs;
}

/** The parts of each task of a window. */
export function partsIn(window: Requests, servers: number): readonly TaskParts[] {
  const freeMs = Array.from({ length: servers }, () => Number.NEGATIVE_INFINITY);
  return doneIn(window).map(({ arrivedMs, acceptedMs, startedMs, serviceMs, latencyMs }) => {
    const first = freeMs.indexOf(Math.min(...freeMs));
    const firstFreeMs = freeMs[first] ?? Number.NEGATIVE_INFINITY;
    freeMs[first] = startedMs + serviceMs;
    return {
      lateMs: acceptedMs - arrivedMs,
      dispatchMs: startedMs - Math.max(arrivedMs, firstFreeMs),
      isWaiting: firstFreeMs > arrivedMs,
      returnMs: arrivedMs + latencyMs - startedMs - serviceMs,
    };
  });
}

/** |measured - forecast| of every task of a window, in ms. */
export function forecastErrorsMs(window: Requests, servers: number, typical: TypicalMs): readonly number[] {
  const done = doneIn(window);
  const queued = queueLatenciesMs(
    done.map(({ arrivedMs, serviceMs }) => ({ arrivedMs, serviceMs: serviceMs + typical.toNextMs })),
    servers,
  );
  return done.map(({ latencyMs }, index) =>
    Math.abs(latencyMs - besideQueueMs(typical) - (queued[index] ?? Number.NaN)),
  );
}

/** The latencies that count: not those of the first arrivals. */
function latenciesMs(window: Requests): readonly number[] {
  return doneIn(window)
    .map(({ latencyMs }) => latencyMs)
    .slice(-window.offered);
}

function doneIn({ requests = [] }: Requests) {
  return requests.flatMap(({ dueMs, acceptedMs, startedMs, finishedMs, receivedMs }) =>
    startedMs === null || finishedMs === null
      ? []
      : [{ arrivedMs: dueMs, acceptedMs, startedMs, serviceMs: finishedMs - startedMs, latencyMs: receivedMs - dueMs }],
  );
}
