import type { MeasuredCell, TuningGoal } from '../model/results.ts';
import { extraLanes, rated, whyNot, type Rated } from './recommend.ts';

/** A candidate screened as worse than the best by more than this, as a logarithm, is not measured again. */
const NEAR = Math.log(1.2);

/**
 * Selects the candidates to measure again, after a screening too short to decide anything: the best at the goal, the
 * cheapest near it, and between them first those without a cheaper one near.
 *
 * @returns at most `most` ids, the best first; none if no measured candidate may be chosen
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

/** Memory is always measured here: without it, nothing is tuned for memory. */
function memoryOf({ summary }: MeasuredCell): number {
  return summary.memoryMiB ?? 1;
}

/** Extra libuv threads cost less than any worker. */
function cost({ cell }: Rated): number {
  return extraLanes(cell) + (cell.uvThreads === undefined ? 0 : 0.5);
}
