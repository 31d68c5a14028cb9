import type { Evidence, Phase, TaskStory } from '../model/lessons.ts';

type Stories = readonly TaskStory[];

export function secondsOf(tasks: Stories): readonly number[] {
  return tasks.map(({ seconds = 0 }) => seconds);
}

/** What the tasks were to wait, from the one that ended first to the one that ended last. */
export function secondsAsEnded(tasks: Stories): readonly number[] {
  return secondsOf(tasks.toSorted((a, b) => a.endedMs - b.endedMs));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What lanes take for tasks of these lengths, that have room for one each: the next task goes to the lane that is free first. */
export function timeInLanes(lengths: readonly number[], lanes: number): number {
  const busyUntil = Array.from({ length: lanes }, () => 0);
  for (const length of lengths) {
    const first = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[first] = (busyUntil[first] ?? 0) + length;
  }
  return Math.max(...busyUntil);
}

/** The most tasks that had started and not ended at one moment. */
export function mostUnderWay(tasks: Stories): number {
  const begun = tasks.flatMap(({ startedMs, endedMs }) => (startedMs === undefined ? [] : [{ startedMs, endedMs }]));
  const counts = begun.map(
    ({ startedMs }) => begun.filter((other) => other.startedMs <= startedMs && startedMs < other.endedMs).length,
  );
  return Math.max(0, ...counts);
}

export function count(tasks: Stories, outcome: TaskStory['outcome']): number {
  return tasks.filter((task) => task.outcome === outcome).length;
}

/** A part of the experiment that it has timed. @throws if there is none of this name, as in a copy that has left it out */
export function phaseOf({ phases }: Pick<Evidence<unknown>, 'phases'>, name: string): Phase {
  const phase = phases.find((other) => other.name === name);
  if (phase === undefined) throw new Error(`the experiment has no phase "${name}"`);
  return phase;
}
