/** Checks what the signed-rank test assumes about blocks, on pairs of which the truth is known. */
import { signedRankInterval } from '../../src/stats/exact-tests.ts';
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

/** The largest distance of the empirical distribution from the uniform one (Kolmogorov–Smirnov). */
export function distanceFromUniform(values: readonly number[]): number {
  const inOrder = values.toSorted((a, b) => a - b);
  return Math.max(
    ...inOrder.map((value, index) => Math.max((index + 1) / inOrder.length - value, value - index / inOrder.length)),
  );
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
