import type { CallEnd } from '../lanes/call.ts';
import type { Evidence, TaskStory } from '../model/lessons.ts';
import { toSlices, type TracedTask } from '../stats/timeline.ts';
import type { Nanoseconds } from '../../workers/contract.ts';
import { isObject } from '../../workers/value-kinds.ts';

/** The end of a task that the experiment started. */
export interface Ended {
  readonly input: unknown;
  readonly how: CallEnd;
  readonly endedNs: Nanoseconds;
}

export function storyOf({ input, how: { outcome, lane, ran }, endedNs }: Ended, beganNs: Nanoseconds): TaskStory {
  const seconds = secondsOf(input);
  return {
    outcome,
    endedMs: toMs(endedNs - beganNs),
    ...(seconds !== undefined && { seconds }),
    ...(lane !== undefined && { lane }),
    ...(ran !== undefined && { startedMs: toMs(ran.startedNs - beganNs) }),
  };
}

export function slicesOf(ended: readonly Ended[], beganNs: Nanoseconds): Evidence<unknown>['slices'] {
  const tasks = ended.flatMap(({ how: { lane, ran } }, index): readonly TracedTask[] =>
    lane === undefined || ran === undefined ? [] : [{ index, lane, ...ran }],
  );
  return toSlices(beganNs, tasks);
}

function secondsOf(input: unknown): number | undefined {
  return isObject(input) && typeof input.seconds === 'number' ? input.seconds : undefined;
}

/** Rounds to microseconds. */
export function toMs(ns: Nanoseconds): number {
  return Math.round(ns / 1000) / 1000;
}
