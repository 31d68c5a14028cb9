/** Numbers in ascending order; only {@link sorted} makes them. */
export type Sorted = readonly number[] & { readonly [order]: 'ascending' };
declare const order: unique symbol;

export function sorted(values: readonly number[]): Sorted {
  return values.toSorted((a, b) => a - b) as readonly number[] as Sorted;
}

/**
 * The quantile by linear interpolation between order statistics (Hyndman and Fan's type 7, the default of R and NumPy).
 *
 * @param probability in [0, 1]
 * @throws RangeError without values: there is no quantile of nothing.
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
