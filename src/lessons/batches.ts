import type { Reading } from '../model/measured.ts';
import { median } from '../stats/quantile.ts';

/** Of all batches of one way. */
export function medianOf(readings: readonly Reading[], value: (reading: Reading) => number): number {
  return median(readings.map(value));
}

/** Of the batch with the most of it. */
export function mostOf(readings: readonly Reading[], value: (reading: Reading) => number): number {
  return Math.max(...readings.map(value));
}
