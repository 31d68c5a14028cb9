import { quantile, sorted, type Sorted } from './quantile.ts';

export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** An estimate with its interval. */
export interface Estimate {
  readonly estimate: number;
  readonly interval: Interval;
}

/**
 * Inverts an exact rank test: the interval between two order statistics, chosen so that it excludes 0 if and only if
 * the two-sided test rejects 0 at level `alpha`.
 *
 * @param values the values whose signs the test counts: pairwise means (signed-rank) or differences (rank-sum), in
 * order
 * @param counts number of equally likely cases for each value of the statistic, from 0
 * @returns undefined if that few values cannot decide anything at that level
 */
function exactInterval(values: Sorted, counts: readonly number[], alpha: number): Interval | undefined {
  const cut = lowerCut(counts, alpha);
  const lo = values[cut - 1];
  const hi = values[values.length - cut];
  return cut === 0 || lo === undefined || hi === undefined ? undefined : { lo, hi };
}

/** Number of smallest values outside the interval: the largest c with P(statistic < c) <= alpha / 2. */
function lowerCut(counts: readonly number[], alpha: number): number {
  const cases = counts.reduce((sum, count) => sum + count, 0);
  let cut = 0;
  let below = 0;
  for (const count of counts) {
    below += count;
    if (below / cases > alpha / 2) return cut;
    cut += 1;
  }
  return cut;
}

/** Hodges–Lehmann estimate of the shift between two independent samples: the median of all differences. */
export function shift(first: readonly number[], second: readonly number[]): number {
  return quantile(differences(first, second), 0.5);
}

/**
 * Confidence interval of {@link shift} from inverting the exact Wilcoxon rank-sum (Mann–Whitney) test, like R's
 * `wilcox.test(x, y, conf.int = TRUE)` for `exact = TRUE` (Hollander, Wolfe and Chicken, Nonparametric Statistical
 * Methods, 3rd ed., section 4.3).
 *
 * @param alpha the level, for example 0.05
 * @returns undefined if that few values cannot decide anything at that level
 */
export function rankSumInterval(
  first: readonly number[],
  second: readonly number[],
  alpha: number,
): Interval | undefined {
  return exactInterval(differences(first, second), inversionCounts(first.length, second.length), alpha);
}

/**
 * For each u from 0 to mn: number of orders of m values of one kind and n of another with exactly u inverted pairs. The
 * largest value is of the first kind, above n of the second, or of the second: f(m, n, u) = f(m-1, n, u-n) + f(m, n-1,
 * u).
 */
function inversionCounts(m: number, n: number): readonly number[] {
  let row: (readonly number[])[] = Array.from({ length: n + 1 }, () => [1]);
  for (let a = 1; a <= m; a++) {
    const next: (readonly number[])[] = [[1]];
    for (let b = 1; b <= n; b++) {
      const [without, left] = [row[b] ?? [], next[b - 1] ?? []];
      next.push(Array.from({ length: a * b + 1 }, (_, u) => (without[u - b] ?? 0) + (left[u] ?? 0)));
    }
    row = next;
  }
  return row[n] ?? [1];
}

function differences(first: readonly number[], second: readonly number[]): Sorted {
  return sorted(first.flatMap((a) => second.map((b) => a - b)));
}

/** Hodges–Lehmann estimate: the median of all pairwise means (Walsh averages), including each value with itself. */
export function pseudoMedian(values: readonly number[]): number {
  return quantile(walshAverages(values), 0.5);
}

/**
 * Confidence interval of the pseudo-median from inverting the exact Wilcoxon signed-rank test: it excludes 0 if and
 * only if the two-sided test rejects 0 at level `alpha`. Like R's `wilcox.test(x, conf.int = TRUE)` for `exact = TRUE`
 * (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., section 3.3).
 *
 * @param alpha the level, for example 0.05
 * @returns undefined if that few values cannot decide anything at that level
 */
export function signedRankInterval(values: readonly number[], alpha: number): Interval | undefined {
  return exactInterval(walshAverages(values), rankSumCounts(values.length), alpha);
}

/** The {@link pseudoMedian} with its {@link signedRankInterval}; undefined if there is none at that level. */
export function signedRankEstimate(values: readonly number[], alpha: number): Estimate | undefined {
  const averages = walshAverages(values);
  const interval = exactInterval(averages, rankSumCounts(values.length), alpha);
  return interval && { estimate: quantile(averages, 0.5), interval };
}

/** For each sum s from 0 to n(n+1)/2: the number of subsets of the ranks 1..n with that sum. */
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
  const averages: number[] = [];
  for (const [index, a] of values.entries())
    for (let other = index; other < values.length; other++) averages.push((a + (values[other] ?? Number.NaN)) / 2);
  return sorted(averages);
}
