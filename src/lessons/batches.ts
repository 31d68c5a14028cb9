import type { Reading } from '../model/measured.ts';
import { median } from '../stats/quantile.ts';

/** Median over the batches of one configuration. */
export function medianOf(readings: readonly Reading[], value: (reading: Reading) => number): number {
  return median(readings.map(value));
}

/** Value of the batch that has the largest. */
export function mostOf(readings: readonly Reading[], value: (reading: Reading) => number): number {
  return Math.max(...readings.map(value));
}
