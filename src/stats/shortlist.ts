import type { MeasuredCell, TuningGoal } from '../model/results.ts';
import { estimateOf, type WallTime } from './compare.ts';
import { extraLanes, timesFor, whyNot } from './recommend.ts';

/** A setting that was screened as more than this much worse than the best, in logarithms, is not measured again. */
const NEAR = Math.log(1.2);

interface Rated {
  readonly cell: MeasuredCell;
  /** How much worse than the best at the goal, in logarithms: about, since little was measured. */
  readonly worse: number;
}

/**
 * Which settings to measure again, from a screening that is too short to decide anything: the best at the goal, the cheapest
 * of those near it, and between them first those to which nothing cheaper is near.
 *
 * @returns at most `most` ids, the best first; none if nothing was measured that may be chosen
 */
export function shortlist(all: readonly MeasuredCell[], goal: TuningGoal, most: number): readonly string[] {
  const cells = all.filter((cell) => whyNot(cell, goal) === undefined);
  const bySpeed = rate(cells, ({ samples }) => samples);
  const slowest = goal.for === 'throughput' ? NEAR : NEAR - Math.log(goal.minThroughput);
  const keepUp = bySpeed.filter(({ worse }) => worse <= slowest).map(({ cell }) => cell);
  const near = ratedFor(goal.for, keepUp)
    .filter(({ worse }) => worse <= NEAR)
    .toSorted((a, b) => a.worse - b.worse);
  const [best] = near;
  if (best === undefined) return [];
  const cheapest = near.toSorted((a, b) => cost(a) - cost(b) || a.worse - b.worse)[0] ?? best;
  const isUndercut = (one: Rated): boolean => near.some((other) => other.worse < one.worse && cost(other) <= cost(one));
  const inOrder = [best, cheapest, ...near.filter((one) => !isUndercut(one)), ...near];
  return [...new Set(inOrder.map(({ cell }) => cell.id))].slice(0, most);
}

function ratedFor(goal: TuningGoal['for'], cells: readonly MeasuredCell[]): readonly Rated[] {
  if (goal !== 'memory') return rate(cells, (cell) => timesFor(goal, cell));
  const least = Math.min(...cells.map(memoryOf));
  return cells.map((cell) => ({ cell, worse: Math.log(memoryOf(cell) / least) }));
}

/** Where it is not measured, nothing is tuned for it. */
function memoryOf({ summary }: MeasuredCell): number {
  return summary.memoryMiB ?? 1;
}

/** Each paired with the one that looks best, so that what came over the machine meets both. */
function rate(cells: readonly MeasuredCell[], times: (cell: MeasuredCell) => readonly WallTime[]): readonly Rated[] {
  const [first] = cells;
  if (first === undefined) return [];
  const slowness = (cell: MeasuredCell): number => estimateOf(times(cell), times(first)) ?? Number.POSITIVE_INFINITY;
  const best = Math.min(...cells.map(slowness));
  return cells.map((cell) => ({ cell, worse: slowness(cell) - best }));
}

/** Threads of libuv's beyond its own count for less than any lane. */
function cost({ cell }: Rated): number {
  return extraLanes(cell) + (cell.uvThreads === undefined ? 0 : 0.5);
}
