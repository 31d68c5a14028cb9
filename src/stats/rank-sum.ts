import { exactInterval, type Interval } from './exact-interval.ts';
import { quantile, sorted, type Sorted } from './quantile.ts';

/** The Hodges-Lehmann estimate of how much larger the first of two independent samples is: the median of all differences. */
export function shift(first: readonly number[], second: readonly number[]): number {
  return quantile(differences(first, second), 0.5);
}

/**
 * The confidence interval of {@link shift} that the exact Wilcoxon rank-sum (Mann-Whitney) test gives when inverted. As R's
 * `wilcox.test(x, y, conf.int = TRUE)` for `exact = TRUE` (Hollander, Wolfe and Chicken, Nonparametric Statistical
 * Methods, 3rd ed., section 4.3).
 *
 * @param alpha the level, for example 0.05
 * @returns undefined if so few values cannot decide anything at that level
 */
export function rankSumInterval(
  first: readonly number[],
  second: readonly number[],
  alpha: number,
): Interval | undefined {
  return exactInterval(differences(first, second), inversionCounts(first.length, second.length), alpha);
}

/**
 * For each u from 0 to mn: in how many orders of m values of one kind and n of another exactly u pairs are inverted. The
 * largest of all values is of the first kind, above n of the second, or of the second: f(m, n, u) = f(m-1, n, u-n) + f(m, n-1, u).
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
