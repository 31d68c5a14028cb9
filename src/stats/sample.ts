import { NS_PER_MS } from '../../workers/clock.ts';
import type { LaneId, Nanoseconds, TaskRecord, TaskReply, Usage } from '../../workers/contract.ts';
import type { Reading } from '../model/measured.ts';
import { latenciesOf, type Latency } from './latency.ts';
import { quantile, sorted, type Sorted } from './quantile.ts';

/** A completed task: its record and its reply in one. */
export type Finished = Omit<TaskRecord, 'reply'> & Extract<TaskReply, { status: 'ok' }>;

/** One batch as the host saw it: stamps and counters, nothing computed yet. */
export interface MeasuredBatch<Records = readonly TaskRecord[]> {
  readonly wallMs: number;
  /** Time at which the strategy got the batch. */
  readonly batchStartNs: Nanoseconds;
  /** Resources that the host and all its workers used, from just before the batch to just after its last result. */
  readonly usage: Usage;
  /** The part of its CPU time that the host's main thread used; undefined where it is not counted. */
  readonly mainMs?: number | undefined;
  /** Undefined without a queue. */
  readonly queue?: MeasuredQueue | undefined;
  /** Delays of a short timer on the host's main thread, one per firing. */
  readonly loopDelaysMs: readonly number[];
  readonly records: Records;
}

/** Parts of the CPU time of a batch on a queue. */
export interface MeasuredQueue {
  /** CPU time of the producer. */
  readonly hostMs: number;
  /** CPU time of the server; undefined where nobody counts it. */
  readonly serverMs: number | undefined;
}

/** A batch whose tasks all completed. */
export interface FinishedBatch extends Omit<MeasuredBatch, 'records'> {
  readonly records: readonly Finished[];
}

/** Interval of the timer that watches the loop: ten readings in a batch of 20 ms, under 1% of the loop's time. */
export const LOOP_TIMER_MS = 2;
/** Digits of compared values: no batch repeats to the sixth, and digits are most of a results file. */
const COMPARED_DIGITS = 5;
/** Digits of values that are only shown, and vary by percents from batch to batch. */
const SHOWN_DIGITS = 4;

/** One batch as numbers, from the timestamps of its workers and the counters of its host. */
export function toSample(
  { wallMs, usage, mainMs, queue, loopDelaysMs, batchStartNs, records }: FinishedBatch,
  laneKind: LaneId['kind'],
): Reading {
  const latencies = latenciesOf(batchStartNs, laneKind, records);
  const latenciesMs = sorted(latencies.map(({ latencyMs }) => latencyMs));
  const part = (read: (latency: Latency) => number): { readonly p50: number; readonly p99: number } => {
    const values = sorted(latencies.map(read));
    return { p50: at(values, 0.5), p99: at(values, 0.99) };
  };
  const underWayMs = records.reduce((sum, { startedNs, finishedNs }) => sum + (finishedNs - startedNs) / NS_PER_MS, 0);
  const digestingMs = records.reduce(
    (sum, { finishedNs, digestedNs }) => sum + (digestedNs - finishedNs) / NS_PER_MS,
    0,
  );
  const gapMs = laneKind === 'main' ? undefined : gapOf(records);
  const disordered = records.filter((record) => !isInOrder(record)).length;
  return {
    ...costsOf({ wallMs, usage, loopDelaysMs }),
    systemMs: rounded(usage.systemMs, SHOWN_DIGITS),
    ...(usage.elsewhereMs !== undefined && { elsewhereMs: rounded(usage.elsewhereMs) }),
    ...(mainMs !== undefined && { mainMs: rounded(mainMs, SHOWN_DIGITS) }),
    ...(queue && { hostMs: rounded(queue.hostMs, SHOWN_DIGITS) }),
    ...(queue?.serverMs !== undefined && { serverMs: rounded(queue.serverMs, SHOWN_DIGITS) }),
    // Mean tasks in flight = time that all tasks spent in flight / wall time.
    tasksInFlight: rounded(underWayMs / wallMs),
    taskMs: {
      p5: at(latenciesMs, 0.05),
      p25: at(latenciesMs, 0.25),
      p50: at(latenciesMs, 0.5),
      p75: at(latenciesMs, 0.75),
      p90: at(latenciesMs, 0.9),
      p95: at(latenciesMs, 0.95),
      p99: at(latenciesMs, 0.99),
      max: at(latenciesMs, 1),
    },
    queuedMs: part(({ queuedMs }) => queuedMs),
    dispatchMs: part(({ dispatchMs }) => dispatchMs),
    runningMs: part(({ runningMs }) => runningMs),
    returnMs: part(({ returnMs }) => returnMs),
    ...(gapMs !== undefined && { gapMs: rounded(gapMs, SHOWN_DIGITS) }),
    // Absent fields keep a results file small.
    ...(usage.commandsMs !== 0 && { commandsMs: usage.commandsMs === undefined ? null : rounded(usage.commandsMs) }),
    digestShare: rounded(digestingMs / wallMs, SHOWN_DIGITS),
    verified: records.filter(({ digest }) => digest !== null).length,
    ...longestOf(records),
    ...(disordered > 0 && { disorderedStamps: disordered }),
  };
}

/** Costs of a batch or a window: CPU time, and how long it blocked the event loop. */
export function costsOf({
  wallMs,
  usage,
  loopDelaysMs,
}: Pick<MeasuredBatch, 'wallMs' | 'usage' | 'loopDelaysMs'>): Pick<
  Reading,
  'wallMs' | 'cpuMs' | 'cpusUsed' | 'loopDelayMs' | 'contextSwitches'
> {
  const delaysMs = sorted(loopDelaysMs.flatMap(waitsDuring));
  return {
    wallMs: rounded(wallMs),
    cpuMs: rounded(usage.cpuMs),
    cpusUsed: rounded(usage.cpuMs / wallMs),
    loopDelayMs: { p50: at(delaysMs, 0.5), p99: at(delaysMs, 0.99), max: at(delaysMs, 1) },
    contextSwitches: usage.contextSwitches ?? null,
  };
}

/** Empty if the tasks took no time. */
function longestOf(records: readonly Finished[]): Pick<Reading, 'longestTask'> {
  const runningNs = records.map(({ startedNs, finishedNs }) => finishedNs - startedNs);
  const allNs = runningNs.reduce((sum, ns) => sum + ns, 0);
  const longestNs = runningNs.reduce((most, ns) => Math.max(most, ns), 0);
  const index = records[runningNs.indexOf(longestNs)]?.index;
  return index === undefined || allNs === 0
    ? {}
    : { longestTask: { index, share: rounded(longestNs / allNs, SHOWN_DIGITS) } };
}

/**
 * Mean time between two tasks of a worker, ms: how long it has none in flight from its first one to its last, divided
 * by their number less one. Only timestamps of the same worker are compared. Undefined if none ran two.
 */
function gapOf(records: readonly Finished[]): number | undefined {
  const busyUntilNs = new Map<number, Nanoseconds>();
  let [idleNs, gaps] = [0, 0];
  for (const { lane, startedNs, digestedNs } of records.toSorted((a, b) => a.startedNs - b.startedNs)) {
    const lastNs = busyUntilNs.get(lane);
    if (lastNs !== undefined) {
      gaps += 1;
      idleNs += Math.max(0, startedNs - lastNs);
    }
    busyUntilNs.set(lane, Math.max(lastNs ?? digestedNs, digestedNs));
  }
  return gaps === 0 ? undefined : idleNs / gaps / NS_PER_MS;
}

function at(values: Sorted, probability: number): number {
  return rounded(quantile(values, probability), SHOWN_DIGITS);
}

function rounded(value: number, digits = COMPARED_DIGITS): number {
  return Number(value.toPrecision(digits));
}

/**
 * Delays of events arriving every 2 ms while the loop was blocked. A late timer is only one reading, however late: in a
 * batch that blocks the loop for half of its time, nearly all readings would show it free ("coordinated omission").
 */
function waitsDuring(delayMs: number): readonly number[] {
  return Array.from({ length: 1 + Math.floor(delayMs / LOOP_TIMER_MS) }, (_, event) => delayMs - event * LOOP_TIMER_MS);
}

function isInOrder({ submittedNs, startedNs, finishedNs, digestedNs, receivedNs }: Finished): boolean {
  return submittedNs <= startedNs && startedNs <= finishedNs && finishedNs <= digestedNs && digestedNs <= receivedNs;
}
