import { exactInterval, type Interval } from './exact-interval.ts';
import { quantile, sorted, type Sorted } from './quantile.ts';

/** The Hodges-Lehmann estimate: the median of all pairwise means (Walsh averages), each value paired with itself too. */
export function pseudoMedian(values: readonly number[]): number {
  return quantile(walshAverages(values), 0.5);
}

/**
 * The confidence interval of the pseudo-median that the exact Wilcoxon signed-rank test gives when inverted: it leaves
 * out 0 if and only if that test rejects 0 at level `alpha`, two-sided. As R's `wilcox.test(x, conf.int = TRUE)`
 * for `exact = TRUE` (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., section 3.3).
 *
 * @param alpha the level, for example 0.05
 * @returns undefined if so few values cannot decide anything at that level
 */
export function signedRankInterval(values: readonly number[], alpha: number): Interval | undefined {
  return exactInterval(walshAverages(values), rankSumCounts(values.length), alpha);
}

/** For each sum s from 0 to n(n+1)/2: how many subsets of the ranks 1..n have that sum. */
function rankSumCounts(n: number): readonly number[] {
  const counts: number[] = Array.from({ length: (n * (n + 1)) / 2 + 1 }, () => 0);
  counts[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = counts.length - 1; sum >= rank; sum--) {
      counts[sum] = (counts[sum] ?? 0) + (counts[sum - rank] ?? 0);
    }
  }
  return counts;
}

function walshAverages(values: readonly number[]): Sorted {
  return sorted(values.flatMap((a, index) => values.slice(index).map((b) => (a + b) / 2)));
}
