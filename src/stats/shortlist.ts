import type { MeasuredCell, TuningGoal } from '../model/results.ts';
import { extraLanes } from '../model/strategies.ts';
import { blockLogs, timesOf } from './compare.ts';
import { LOOKED_FOR_BY, rated, whyNot, type Rated } from './recommend.ts';
import { mean } from './quantile.ts';

/** A candidate screened as worse than the best by more than this, as a logarithm, is not measured again. */
const NEAR = Math.log(1.2);

/** A screened difference is wrong by more than this many of its standard errors in one of eighty cases. */
const ERRORS = 2.5;
/** With a smaller standard error of the differences, as a logarithm, another block would hardly change the finalists. */
const SUFFICIENT = Math.log(1.0125);
/** Fewer degrees of freedom leave the standard error itself too uncertain. */
const LEAST_FREEDOM = 6;

/**
 * Selects the candidates to measure again, after a screening too short to decide anything: the best at the goal, the
 * cheapest near it, and between them those without a cheaper one near; then those that may well be better than the best
 * by more than half of the minimum effect. Any other could only be as good as one that is selected.
 *
 * @param minEffectLog ln(1 + the minimum effect)
 * @returns at most `most` ids, the best first; none if no measured candidate may be chosen
 */
export function shortlist(
  all: readonly MeasuredCell[],
  goal: TuningGoal,
  most: number,
  minEffectLog: number,
): readonly string[] {
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
  const error = screeningError(keepUp, goal) ?? Infinity;
  const mayBeBetter = near.filter(({ worse }) => ERRORS * error - worse >= minEffectLog / 2);
  const chosen = [...near.filter((one) => !isUndercut(one)), ...mayBeBetter];
  // Whether one keeps up with the fastest, only a measurement beside one about as fast shows.
  const isAsFast = ({ cell, worse }: Rated): boolean =>
    worse < minEffectLog / 2 && [best, cheapest, ...chosen].some((other) => other.cell === cell);
  const fastest = bySpeed.some(isAsFast) ? [] : bySpeed.filter(({ worse }) => worse === 0);
  const inOrder = [best, cheapest, ...fastest, ...chosen];
  return [...new Set(inOrder.map(({ cell }) => cell.id))].slice(0, most);
}

/** Whether a screening is precise enough to select finalists, so that it may end before its last block. */
export function isPrecise(cells: readonly Pick<MeasuredCell, 'samples'>[], goal: TuningGoal): boolean {
  return goal.for === 'throughput' && (screeningError(cells, goal) ?? Infinity) <= SUFFICIENT;
}

/**
 * Standard error of the difference between two candidates, as a logarithm: from what neither the candidate nor the block
 * explains, over all of them. Undefined if that is too little, or the goal is not measured in batches.
 */
function screeningError(cells: readonly Pick<MeasuredCell, 'samples'>[], goal: TuningGoal): number | undefined {
  if (goal.for === 'memory') return undefined;
  const measure = LOOKED_FOR_BY[goal.for];
  const rows = cells.map((cell) => blockLogs(timesOf(cell, measure)));
  const blocks = Math.min(...rows.map(({ length }) => length));
  const freedom = (rows.length - 1) * (blocks - 1);
  // All that are left have a turn in every block.
  if (freedom < LEAST_FREEDOM || rows.some(({ length }) => length !== blocks)) return undefined;
  const ofBlocks = Array.from({ length: blocks }, (_, block) => mean(rows.map((row) => row[block] ?? 0)));
  const all = mean(ofBlocks);
  const squares = rows.flatMap((row) => {
    const own = mean(row);
    return row.map((value, block) => (value - own - (ofBlocks[block] ?? 0) + all) ** 2);
  });
  return Math.sqrt((mean(squares) * squares.length * 2) / (freedom * blocks));
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
