import type { Slice } from '../model/results.ts';

/** End of the last slice of all timelines, which share one scale. */
export function lastMs(timelines: readonly { readonly slices: readonly Slice[] }[]): number {
  return timelines.reduce((last, { slices }) => slices.reduce((own, { endMs }) => Math.max(own, endMs), last), 0);
}

export type TimelineFacts = Readonly<ReturnType<typeof timelineFacts>>;

/** Facts of a traced batch as a whole. */
export function timelineFacts(slices: readonly Slice[]) {
  const endMs = lastMs([{ slices }]);
  return {
    tasks: new Set(slices.map(({ task }) => task)).size,
    lanes: new Set(slices.map(({ lane }) => lane)).size,
    startMs: slices.reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY),
    endMs,
    /** Tasks running at once. */
    peak: mostRunning(slices),
    meanRunning: endMs === 0 ? 0 : runningMs(slices) / endMs,
  };
}

/** Most tasks running at the same instant. */
export function mostRunning(slices: readonly Slice[]): number {
  return runningAtOnce(slices).reduce((most, { count }) => Math.max(most, count), 0);
}

/** Number of running tasks from a moment on. */
export interface Count {
  readonly ms: number;
  readonly count: number;
}

/**
 * Tasks running at once up to the edge of a drawing; the mean of each column where that changes more often than columns
 * allow.
 */
export function runningUntil(slices: readonly Slice[], endMs: number, columns: number): readonly Count[] {
  const counts = runningAtOnce(slices);
  const inside = (counts.length > columns ? meansOf(counts, endMs, columns) : counts).filter(({ ms }) => ms < endMs);
  return [...inside, { ms: endMs, count: inside.at(-1)?.count ?? 0 }];
}

/** Tasks running at once, from each moment at which that changes. */
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

/** Average number of running tasks in equal columns of time. */
function meansOf(counts: readonly Count[], endMs: number, columns: number): readonly Count[] {
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

/** Total running time of all tasks. */
export function runningMs(slices: readonly Slice[]): number {
  return slices.reduce((sum, { kind, startMs, endMs }) => (kind === 'run' ? sum + endMs - startMs : sum), 0);
}
