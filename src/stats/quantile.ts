import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers in ascending order; only {@link sorted} makes them. */
export type Sorted = Float64Array & { readonly [order]: 'ascending' };
declare const order: unique symbol;

/** Typed, since the numbers of an array are compared by a function: that takes four times as long for 300 of them. */
export function sorted(values: ArrayLike<number>): Sorted {
  return new Float64Array(values).toSorted() as Sorted;
}

/**
 * Quantile by linear interpolation between order statistics (Hyndman and Fan's type 7, the default of R and NumPy).
 *
 * @param probability in [0, 1]
 * @throws RangeError without values
 */
export function quantile(values: Sorted, probability: number): number {
  const rank = probability * (values.length - 1);
  const below = values[Math.floor(rank)];
  const above = values[Math.ceil(rank)];
  if (below === undefined || above === undefined) throw new RangeError('a quantile of no values was asked for');
  return below + (above - below) * (rank - Math.floor(rank));
}

export function median(values: readonly number[]): number {
  return quantile(sorted(values), 0.5);
}

/** NaN without values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns a whole number from 0 to below the limit; the same seed gives the same numbers. */
export type Random = (limit: number) => number;

export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return (limit) => uniformInt(generator, 0, limit - 1);
}

/** A sample of the same size, drawn with replacement. */
export function resample<Item>(items: readonly Item[], below: Random): readonly Item[] {
  return items.map(() => items[below(items.length)] as Item);
}

export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** Percentile interval: the middle 95% of the resampled values. */
export function percentileInterval95(values: readonly number[]): Range {
  const inOrder = sorted(values);
  return { lo: quantile(inOrder, 0.025), hi: quantile(inOrder, 0.975) };
}
