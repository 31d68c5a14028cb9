/** Checks what the signed-rank test assumes about blocks, on pairs of which the truth is known. */
import { signedRankInterval } from '../../src/stats/exact-tests.ts';
import { groupBy } from '../../src/stats/groups.ts';
import { mean } from '../../src/stats/quantile.ts';

/** More than the P values of 24 blocks can tell apart. */
const HALVINGS = 30;

/** Two-sided P value of the exact signed-rank test: the smallest level at which the interval excludes 0. */
export function pValue(differences: readonly number[]): number {
  const excludes = (alpha: number): boolean => {
    const found = signedRankInterval(differences, alpha);
    return found !== undefined && (found.lo > 0 || found.hi < 0);
  };
  let [lo, hi] = [0, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (lo + hi) / 2;
    if (excludes(middle)) hi = middle;
    else lo = middle;
  }
  return hi;
}

/**
 * The largest distance of the empirical distribution of the P values of several series from that which an exact test
 * has where its assumptions hold (Kolmogorov–Smirnov). Between two P values that the test can give, neither changes;
 * those of eight blocks are up to 0.1 apart, so from a uniform distribution even perfect ones would be that far.
 */
export function distanceFromExact(series: readonly (readonly number[])[]): number {
  const found = series.map(pValue);
  const kinds = [...groupBy(series, ({ length }) => length)].map(([length, alike]) => ({
    share: alike.length / series.length,
    possible: possibleOf(length),
  }));
  const distanceAt = (point: number): number => {
    const expected = kinds.map(({ share, possible }) => share * Math.max(0, ...possible.filter((one) => one <= point)));
    return mean(found.map((one) => Number(one <= point))) - expected.reduce((sum, one) => sum + one, 0);
  };
  const points = new Set(kinds.flatMap(({ possible }) => possible));
  return Math.max(...[...points].map((point) => Math.abs(distanceAt(point))));
}

/** P values that the test can give of so many differences: one for each sum of the ranks of those above 0. */
function possibleOf(length: number): readonly number[] {
  const half = (length * (length + 1)) / 4;
  return Array.from({ length: Math.floor(half) + 1 }, (_, sum) => pValue(withRankSum(length, sum)));
}

/** Differences of as many sizes, of which those above 0 have ranks with that sum. */
function withRankSum(length: number, sum: number): readonly number[] {
  let left = sum;
  return Array.from({ length }, (_, index) => {
    const rank = length - index;
    if (rank > left) return -rank;
    left -= rank;
    return rank;
  });
}

/**
 * Correlation of neighbors within several series whose true mean is 0. A series that is off as a whole counts as
 * correlated: its values are no independent evidence about 0.
 */
export function lagOne(series: readonly (readonly number[])[]): number {
  const long = series.filter(({ length }) => length > 1);
  const products = long.map((values) => mean(values.slice(1).map((value, index) => value * (values[index] ?? 0))));
  const squares = long.map((values) => mean(values.map((value) => value ** 2)));
  return mean(products) / mean(squares);
}
