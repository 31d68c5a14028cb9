import type { Window } from '../../model/load.ts';
import { NS_PER_MS } from '../../../workers/clock.ts';
import type { Nanoseconds } from '../../../workers/contract.ts';
import { quantile, sorted } from '../quantile.ts';

export type MeanParts = NonNullable<Window['meanParts']>;
type Parts = MeanParts['all'];

/** When what happened to a task that is done. */
interface Times {
  readonly dueNs: Nanoseconds;
  /** Undefined in process. */
  readonly sentNs?: Nanoseconds;
  readonly acceptedNs: Nanoseconds;
  readonly startedNs: Nanoseconds | undefined;
  readonly finishedNs: Nanoseconds | undefined;
  readonly receivedNs: Nanoseconds;
}

/** Digits of a mean. */
const DIGITS = 5;

/**
 * Where the time of tasks went, on average. Means add up to the mean latency, which quantiles of the parts do not.
 *
 * @param done tasks that are done
 * @param probability that of the objective's quantile: tasks at least as slow as it are the slowest
 * @returns undefined if there are none
 */
export function meanPartsOf(done: readonly Times[], probability: number): MeanParts | undefined {
  if (done.length === 0) return undefined;
  const latencyNs = ({ receivedNs, dueNs }: Times): number => receivedNs - dueNs;
  const limit = quantile(sorted(done.map(latencyNs)), probability);
  const slowest = done.filter((task) => latencyNs(task) >= limit);
  return { all: meansOf(done), slowest: meansOf(slowest.length > 0 ? slowest : done) };
}

function meansOf(tasks: readonly Times[]): Parts {
  const mean = (from: (task: Times) => Nanoseconds, to: (task: Times) => Nanoseconds): number => {
    const sum = tasks.reduce((total, task) => total + (to(task) - from(task)), 0);
    return Number((sum / tasks.length / NS_PER_MS).toPrecision(DIGITS));
  };
  const due = ({ dueNs }: Times): Nanoseconds => dueNs;
  const sent = ({ sentNs, dueNs }: Times): Nanoseconds => sentNs ?? dueNs;
  const accepted = ({ acceptedNs }: Times): Nanoseconds => acceptedNs;
  const started = ({ startedNs, acceptedNs }: Times): Nanoseconds => startedNs ?? acceptedNs;
  const finished = ({ finishedNs, receivedNs }: Times): Nanoseconds => finishedNs ?? receivedNs;
  return {
    late: mean(due, sent),
    accept: mean(sent, accepted),
    queue: mean(accepted, started),
    task: mean(started, finished),
    back: mean(finished, ({ receivedNs }) => receivedNs),
  };
}

/** The means over the windows of one configuration at one rate; undefined: no window shows them. */
export function partsAt(windows: readonly Window[], rate: number): MeanParts | undefined {
  const own = windows.flatMap((window) =>
    window.phase === undefined && window.rate === rate && window.state === 'ok' && window.meanParts
      ? [window.meanParts]
      : [],
  );
  if (own.length === 0) return undefined;
  return { all: averageOf(own.map(({ all }) => all)), slowest: averageOf(own.map(({ slowest }) => slowest)) };
}

function averageOf(parts: readonly Parts[]): Parts {
  const mean = (read: (one: Parts) => number): number => parts.reduce((sum, one) => sum + read(one), 0) / parts.length;
  return {
    late: mean(({ late }) => late),
    accept: mean(({ accept }) => accept),
    queue: mean(({ queue }) => queue),
    task: mean(({ task }) => task),
    back: mean(({ back }) => back),
  };
}
