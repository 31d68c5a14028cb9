import type { Timeline } from '../model/results.ts';

export type Slice = Timeline['slices'][number];

/** So many tasks run from that moment on. */
export interface Count {
  readonly ms: number;
  readonly count: number;
}

/** When the last slice of any of the timelines ends: they are drawn on one scale. */
export function lastMs(timelines: readonly Pick<Timeline, 'slices'>[]): number {
  return timelines.reduce((last, { slices }) => slices.reduce((own, { endMs }) => Math.max(own, endMs), last), 0);
}

/** How many tasks run at once, from each moment on at which that changes. */
export function runningAtOnce(slices: readonly Slice[]): readonly Count[] {
  const changes = new Map<number, number>([[0, 0]]);
  for (const { kind, startMs, endMs } of slices) {
    if (kind !== 'run') continue;
    changes.set(startMs, (changes.get(startMs) ?? 0) + 1);
    changes.set(endMs, (changes.get(endMs) ?? 0) - 1);
  }
  let count = 0;
  const counts: Count[] = [];
  for (const [ms, change] of [...changes].toSorted(([a], [b]) => a - b)) {
    count += change;
    if (counts.at(-1)?.count !== count) counts.push({ ms, count });
  }
  return counts;
}

/** In so many equal columns of time, how many ran on average: for what changes more often than can be seen. */
export function meansOf(counts: readonly Count[], endMs: number, columns: number): readonly Count[] {
  const columnMs = endMs / columns;
  const sums = Array.from({ length: columns }, () => 0);
  for (const [index, { ms, count }] of counts.entries()) {
    const untilMs = Math.min(counts[index + 1]?.ms ?? endMs, endMs);
    for (let column = Math.floor(ms / columnMs); column < columns && column * columnMs < untilMs; column++) {
      const inside = Math.min(untilMs, (column + 1) * columnMs) - Math.max(ms, column * columnMs);
      sums[column] = (sums[column] ?? 0) + count * Math.max(0, inside);
    }
  }
  return sums.map((sum, column) => ({ ms: column * columnMs, count: sum / columnMs }));
}

/** The time that all tasks ran, together. */
export function runningMs(slices: readonly Slice[]): number {
  return slices.reduce((sum, { kind, startMs, endMs }) => (kind === 'run' ? sum + endMs - startMs : sum), 0);
}

/** From the start of a task to its end, in the row of its lane that it has for itself until then. */
export interface Span extends Omit<Slice, 'kind'> {
  readonly track: number;
}

/** Of one lane: tasks that are under way at the same time get tracks of their own, below each other, as few as will do. */
export function spansOf(slices: readonly Slice[]): readonly Span[] {
  const ends = new Map<number, Omit<Slice, 'kind'>>();
  for (const { task, lane, startMs, endMs } of slices) {
    const span = ends.get(task) ?? { startMs, endMs };
    ends.set(task, { task, lane, startMs: Math.min(startMs, span.startMs), endMs: Math.max(endMs, span.endMs) });
  }
  const freeFromMs: number[] = [];
  return [...ends.values()]
    .toSorted((a, b) => a.startMs - b.startMs)
    .map((span) => {
      const free = freeFromMs.findIndex((ms) => ms <= span.startMs);
      const track = free === -1 ? freeFromMs.length : free;
      freeFromMs[track] = span.endMs;
      return { ...span, track };
    });
}

/** The stretches in which tasks of one lane ran; those of a task joined between which it ran no other and no gap can be seen. */
export function runsOf(slices: readonly Slice[], invisibleMs: number): readonly Slice[] {
  const runs = slices.filter(({ kind }) => kind === 'run').toSorted((a, b) => a.startMs - b.startMs);
  const bars: Slice[] = [];
  for (const run of runs) {
    const last = bars.at(-1);
    if (last?.task === run.task && run.startMs - last.endMs < invisibleMs)
      bars[bars.length - 1] = { ...last, endMs: Math.max(last.endMs, run.endMs) };
    else bars.push(run);
  }
  return bars;
}

/** Of one lane, in each step of time the task that ran longest in it; neighbours that are alike joined. */
export function runsInSteps(slices: Timeline['slices'], stepMs: number, endMs: number): readonly Slice[] {
  const lane = slices[0]?.lane ?? 0;
  const steps = Array.from({ length: Math.round(endMs / stepMs) }, (_step, step): Slice[] => {
    const shown = longestRunning(slices, step * stepMs, (step + 1) * stepMs);
    return shown?.kind === 'run' ? [{ ...shown, lane, startMs: step * stepMs, endMs: (step + 1) * stepMs }] : [];
  });
  return runsOf(steps.flat(), stepMs / 2);
}

/** Of a stretch of time in one lane: the task that ran longest in it, or one that waited; undefined: nothing was under way. */
export function longestRunning(
  slices: Timeline['slices'],
  fromMs: number,
  toMs: number,
): Pick<Timeline['slices'][number], 'task' | 'kind'> | undefined {
  const inside = slices.filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
  const ranMs = new Map<number, number>();
  for (const { task, startMs, endMs, kind } of inside) {
    if (kind === 'run') ranMs.set(task, (ranMs.get(task) ?? 0) + Math.min(endMs, toMs) - Math.max(startMs, fromMs));
  }
  const longest = [...ranMs].toSorted(([, a], [, b]) => b - a)[0];
  // A stretch in which code ran for a moment only was spent waiting.
  if (longest !== undefined && longest[1] >= (toMs - fromMs) / 4) return { task: longest[0], kind: 'run' };
  const waiting = inside[0];
  return waiting && { task: waiting.task, kind: 'wait' };
}
