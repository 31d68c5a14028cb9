import type { MeasuredCell, TuningGoal } from '../model/results.ts';
import { extraLanes, rated, whyNot, type Rated } from './recommend.ts';

/** A setting that was screened as more than this much worse than the best, in logarithms, is not measured again. */
const NEAR = Math.log(1.2);

/**
 * Which settings to measure again, from a screening that is too short to decide anything: the best at the goal, the cheapest
 * of those near it, and between them first those to which nothing cheaper is near.
 *
 * @returns at most `most` ids, the best first; none if nothing was measured that may be chosen
 */
export function shortlist(all: readonly MeasuredCell[], goal: TuningGoal, most: number): readonly string[] {
  const cells = all.filter((cell) => whyNot(cell, goal) === undefined);
  const bySpeed = rated(cells, 'throughput');
  const slowest = goal.for === 'throughput' ? NEAR : NEAR - Math.log(goal.minThroughput);
  const keepUp = bySpeed.filter(({ worse }) => worse <= slowest).map(({ cell }) => cell);
  const near = (goal.for === 'memory' ? ratedByMemory(keepUp) : rated(keepUp, goal.for))
    .filter(({ worse }) => worse <= NEAR)
    .toSorted((a, b) => a.worse - b.worse);
  const [best] = near;
  if (best === undefined) return [];
  const cheapest = near.toSorted((a, b) => cost(a) - cost(b) || a.worse - b.worse)[0] ?? best;
  const isUndercut = (one: Rated): boolean => near.some((other) => other.worse < one.worse && cost(other) <= cost(one));
  const inOrder = [best, cheapest, ...near.filter((one) => !isUndercut(one)), ...near];
  return [...new Set(inOrder.map(({ cell }) => cell.id))].slice(0, most);
}

function ratedByMemory(cells: readonly MeasuredCell[]): readonly Rated[] {
  const least = Math.min(...cells.map(memoryOf));
  return cells.map((cell) => ({ cell, worse: Math.log(memoryOf(cell) / least) }));
}

/** Where it is not measured, nothing is tuned for it. */
function memoryOf({ summary }: MeasuredCell): number {
  return summary.memoryMiB ?? 1;
}

/** Threads of libuv's beyond its own count for less than any lane. */
function cost({ cell }: Rated): number {
  return extraLanes(cell) + (cell.uvThreads === undefined ? 0 : 0.5);
}
