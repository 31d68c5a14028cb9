import type { Sorted } from './quantile.ts';

export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/**
 * Inverts an exact rank test: the interval between two order statistics of the statistic's values, placed so that it
 * leaves out 0 if and only if the test rejects 0 at level `alpha`, two-sided.
 *
 * @param values what the test counts the signs of: pairwise means (signed-rank) or differences (rank-sum), in order
 * @param counts for each value of the test's statistic from 0: in how many equally likely ways it comes about
 * @returns undefined if so few values cannot decide anything at that level
 */
export function exactInterval(values: Sorted, counts: readonly number[], alpha: number): Interval | undefined {
  const cut = lowerCut(counts, alpha);
  const lo = values[cut - 1];
  const hi = values[values.length - cut];
  return cut === 0 || lo === undefined || hi === undefined ? undefined : { lo, hi };
}

/** How many of the smallest values lie outside: the largest c with P(statistic < c) <= alpha / 2. */
function lowerCut(counts: readonly number[], alpha: number): number {
  const ways = counts.reduce((sum, count) => sum + count, 0);
  let cut = 0;
  let below = 0;
  for (const count of counts) {
    below += count;
    if (below / ways > alpha / 2) return cut;
    cut += 1;
  }
  return cut;
}
