import type { Evidence, Phase, TaskStory } from '../model/lessons.ts';

type Stories = readonly TaskStory[];

export function secondsOf(tasks: Stories): readonly number[] {
  return tasks.map(({ seconds = 0 }) => seconds);
}

/** Delays of the tasks in the order in which they ended. */
export function secondsAsEnded(tasks: Stories): readonly number[] {
  return secondsOf(tasks.toSorted((a, b) => a.endedMs - b.endedMs));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Total time with a concurrency of 1: the next task goes to the worker that is free first. */
export function timeInLanes(lengths: readonly number[], lanes: number): number {
  const busyUntil = Array.from({ length: lanes }, () => 0);
  for (const length of lengths) {
    const first = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[first] = (busyUntil[first] ?? 0) + length;
  }
  return Math.max(...busyUntil);
}

/** Most tasks that had started and not yet ended at any moment. */
export function mostInFlight(tasks: Stories): number {
  const begun = tasks.flatMap(({ startedMs, endedMs }) => (startedMs === undefined ? [] : [{ startedMs, endedMs }]));
  const counts = begun.map(
    ({ startedMs }) => begun.filter((other) => other.startedMs <= startedMs && startedMs < other.endedMs).length,
  );
  return Math.max(0, ...counts);
}

export function count(tasks: Stories, outcome: TaskStory['outcome']): number {
  return tasks.filter((task) => task.outcome === outcome).length;
}

/** A timed part of the experiment. @throws if it is missing, as in a modified copy */
export function phaseOf({ phases }: Pick<Evidence<unknown>, 'phases'>, name: string): Phase {
  const phase = phases.find((other) => other.name === name);
  if (phase === undefined) throw new Error(`the experiment has no phase "${name}"`);
  return phase;
}
