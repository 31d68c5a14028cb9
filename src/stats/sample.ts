import { NS_PER_MS } from '../../workers/clock.ts';
import type { LaneId, Nanoseconds, TaskRecord, TaskReply, Usage } from '../../workers/contract.ts';
import type { Reading } from '../model/measured.ts';
import { latenciesOf, type Latency } from './latency.ts';
import { quantile, sorted, type Sorted } from './quantile.ts';

/** A task that was done: its record and its reply in one. */
export type Finished = Omit<TaskRecord, 'reply'> & Extract<TaskReply, { status: 'ok' }>;

/** One batch as the host saw it: stamps and counters, nothing computed yet. */
export interface MeasuredBatch {
  readonly wallMs: number;
  /** When the batch was handed to the strategy. */
  readonly handedOverNs: Nanoseconds;
  /** What the host and all its lanes used from just before the hand-over to just after the last result. */
  readonly usage: Usage;
  /** How late a short timer of the host's main loop fired, once for each firing. */
  readonly loopDelaysMs: readonly number[];
  readonly records: readonly TaskRecord[];
}

/** A batch in which every task was done. */
export interface FinishedBatch extends Omit<MeasuredBatch, 'records'> {
  readonly records: readonly Finished[];
}

/** The timer by which a loop is watched: short enough for ten readings in a batch of 20 ms, long enough to cost the loop under 1% of its time. */
export const LOOP_TIMER_MS = 2;
/**
 * Of what is compared: a microsecond in 100 ms. No batch is repeatable to the sixth digit, and digits are most of a results file.
 */
const COMPARED_DIGITS = 5;
/** Of what is only told, and differs by percents from batch to batch. */
const TOLD_DIGITS = 4;

/** One batch as numbers, from the stamps that its lanes took and the counters that its host read. */
export function toSample(
  { wallMs, usage, loopDelaysMs, handedOverNs, records }: FinishedBatch,
  laneKind: LaneId['kind'],
): Reading {
  const latencies = latenciesOf(handedOverNs, laneKind, records);
  const latenciesMs = sorted(latencies.map(({ latencyMs }) => latencyMs));
  const part = (read: (latency: Latency) => number): { readonly p50: number; readonly p99: number } => {
    const values = sorted(latencies.map(read));
    return { p50: at(values, 0.5), p99: at(values, 0.99) };
  };
  const delaysMs = sorted(loopDelaysMs.flatMap(waitsDuring));
  const underWayMs = records.reduce((sum, { startedNs, finishedNs }) => sum + (finishedNs - startedNs) / NS_PER_MS, 0);
  const digestingMs = records.reduce(
    (sum, { finishedNs, digestedNs }) => sum + (digestedNs - finishedNs) / NS_PER_MS,
    0,
  );
  const disordered = records.filter((record) => !isInOrder(record)).length;
  return {
    wallMs: rounded(wallMs),
    cpuMs: rounded(usage.cpuMs),
    systemMs: rounded(usage.systemMs, TOLD_DIGITS),
    // The mean over time of a count is the time that all tasks spent under way, divided by the time there was.
    inProgress: rounded(underWayMs / wallMs),
    coresUsed: rounded(usage.cpuMs / wallMs),
    loopDelayMs: { p50: at(delaysMs, 0.5), p99: at(delaysMs, 0.99), max: at(delaysMs, 1) },
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
    contextSwitches: usage.contextSwitches ?? null,
    // What is not there is most of what could be told.
    ...(usage.commandsMs !== 0 && { commandsMs: usage.commandsMs === undefined ? null : rounded(usage.commandsMs) }),
    digestShare: rounded(digestingMs / wallMs, TOLD_DIGITS),
    verified: records.filter(({ digest }) => digest !== null).length,
    ...longestOf(records),
    ...(disordered > 0 && { disorderedStamps: disordered }),
  };
}

/** Nothing of tasks that took no time. */
function longestOf(records: readonly Finished[]): Pick<Reading, 'longestTask'> {
  const runningNs = records.map(({ startedNs, finishedNs }) => finishedNs - startedNs);
  const allNs = runningNs.reduce((sum, ns) => sum + ns, 0);
  const longestNs = runningNs.reduce((most, ns) => Math.max(most, ns), 0);
  const index = records[runningNs.indexOf(longestNs)]?.index;
  return index === undefined || allNs === 0
    ? {}
    : { longestTask: { index, share: rounded(longestNs / allNs, TOLD_DIGITS) } };
}

function at(values: Sorted, probability: number): number {
  return rounded(quantile(values, probability), TOLD_DIGITS);
}

function rounded(value: number, digits = COMPARED_DIGITS): number {
  return Number(value.toPrecision(digits));
}

/**
 * What events would have waited for that had come every 2 ms while the loop was held. A late timer is one reading, however late, so that
 * of a batch that holds the loop for half of its time nearly all readings would say that it was free ("coordinated omission").
 */
function waitsDuring(delayMs: number): readonly number[] {
  return Array.from({ length: 1 + Math.floor(delayMs / LOOP_TIMER_MS) }, (_, event) => delayMs - event * LOOP_TIMER_MS);
}

function isInOrder({ submittedNs, startedNs, finishedNs, digestedNs, receivedNs }: Finished): boolean {
  return submittedNs <= startedNs && startedNs <= finishedNs && finishedNs <= digestedNs && digestedNs <= receivedNs;
}
