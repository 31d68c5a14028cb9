import { NS_PER_MS } from '../../workers/clock.ts';
import type { LaneId, Nanoseconds } from '../../workers/contract.ts';
import type { Finished } from './sample.ts';

/** Where the latency of one task went, in milliseconds; the parts add up to it. */
export interface Latency {
  /** From the moment at which the program submitted the batch to the moment at which the task's result was there. */
  readonly latencyMs: number;
  /** Until a worker was given the task, and in the worker until those before it there had ended or begun to wait. */
  readonly queuedMs: number;
  /** From there to its start: the price of the hand-over to a worker that was free. */
  readonly dispatchMs: number;
  /** From its start to its end. */
  readonly runningMs: number;
  /** From its end to its result being there. */
  readonly returnMs: number;
}

/**
 * Takes the latency of each task apart by the stamps of the whole batch. Whether a worker was busy when a task reached it is not
 * in the task's own stamps, but in those of its neighbours: until the worker last started or ended another one, the task was
 * queued. What an asynchronous neighbour did between its start and the start of the next cannot be seen from outside, so that
 * the turn of the last one before a task counts as dispatch. On the main thread nothing is dispatched.
 *
 * Digests are Lanewise's own work, and in no part: neither in the latency.
 */
export function latenciesOf(
  handedOverNs: Nanoseconds,
  laneKind: LaneId['kind'],
  records: readonly Finished[],
): readonly Latency[] {
  const signs = laneKind === 'main' ? undefined : signsByLane(records);
  return records.map((record) => {
    const { lane, submittedNs, startedNs, finishedNs, digestedNs, receivedNs } = record;
    const freeNs = signs === undefined ? startedNs : Math.max(submittedNs, lastBefore(signs.get(lane), startedNs));
    return {
      latencyMs: (receivedNs - handedOverNs - (digestedNs - finishedNs)) / NS_PER_MS,
      queuedMs: (freeNs - handedOverNs) / NS_PER_MS,
      dispatchMs: (startedNs - freeNs) / NS_PER_MS,
      runningMs: (finishedNs - startedNs) / NS_PER_MS,
      returnMs: (receivedNs - digestedNs) / NS_PER_MS,
    };
  });
}

/** By lane: when it started a task, or was done with one, in order. */
function signsByLane(records: readonly Finished[]): ReadonlyMap<number, Float64Array> {
  const byLane = new Map<number, Nanoseconds[]>();
  for (const { lane, startedNs, digestedNs } of records) {
    const own = byLane.get(lane);
    if (own === undefined) byLane.set(lane, [startedNs, digestedNs]);
    else own.push(startedNs, digestedNs);
  }
  return new Map([...byLane].map(([lane, signs]) => [lane, Float64Array.from(signs).toSorted()]));
}

/** The last one before that moment, by bisection. */
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
