import { NS_PER_MS } from '../../workers/clock.ts';
import type { LaneId, Nanoseconds } from '../../workers/contract.ts';
import type { Finished } from './sample.ts';

/** Parts of the latency of one task, in milliseconds; they add up to it. */
export interface Latency {
  /** From submitting the batch to having the task's result. */
  readonly latencyMs: number;
  /** Until a worker got the task, and in the worker until earlier tasks had ended or begun to wait. */
  readonly queuedMs: number;
  /** From there to its start: the cost of reaching a free worker. */
  readonly dispatchMs: number;
  /** From its start to its end. */
  readonly runningMs: number;
  /** From its end to having its result. */
  readonly returnMs: number;
}

/**
 * Splits the latency of each task by the timestamps of the whole batch. Its own timestamps do not show whether its
 * worker was busy, but those of its neighbours do: until the worker last started or ended another task, this one was
 * queued. The work of an asynchronous neighbour between its start and the next start is invisible, so the turn of the
 * last one before a task counts as dispatch. On the main thread nothing is dispatched.
 *
 * Output checksums are Lanewise's own work, and excluded from the latency and its parts.
 */
export function latenciesOf(
  batchStartNs: Nanoseconds,
  laneKind: LaneId['kind'],
  records: readonly Finished[],
): readonly Latency[] {
  const signs = laneKind === 'main' ? undefined : signsByLane(records);
  return records.map((record) => {
    const { lane, submittedNs, startedNs, finishedNs, digestedNs, receivedNs } = record;
    const freeNs = signs === undefined ? startedNs : Math.max(submittedNs, lastBefore(signs.get(lane), startedNs));
    return {
      latencyMs: (receivedNs - batchStartNs - (digestedNs - finishedNs)) / NS_PER_MS,
      queuedMs: (freeNs - batchStartNs) / NS_PER_MS,
      dispatchMs: (startedNs - freeNs) / NS_PER_MS,
      runningMs: (finishedNs - startedNs) / NS_PER_MS,
      returnMs: (receivedNs - digestedNs) / NS_PER_MS,
    };
  });
}

/** Times at which each worker started or ended a task, in order. */
function signsByLane(records: readonly Finished[]): ReadonlyMap<number, Float64Array> {
  const byLane = new Map<number, Nanoseconds[]>();
  for (const { lane, startedNs, digestedNs } of records) {
    const own = byLane.get(lane);
    if (own === undefined) byLane.set(lane, [startedNs, digestedNs]);
    else own.push(startedNs, digestedNs);
  }
  return new Map([...byLane].map(([lane, signs]) => [lane, Float64Array.from(signs).toSorted()]));
}

/** Last time before a moment, by bisection. */
function lastBefore(signs: Float64Array | undefined, ns: Nanoseconds): Nanoseconds {
  if (signs === undefined) return Number.NEGATIVE_INFINITY;
  let [low, high] = [0, signs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((signs[middle] ?? 0) < ns) low = middle + 1;
    else high = middle;
  }
  return signs[low - 1] ?? Number.NEGATIVE_INFINITY;
}
