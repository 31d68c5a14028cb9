import type { Reading } from '../host/host-protocol.ts';
import type { Timeline } from '../model/results.ts';
import { runningAtOnce } from '../stats/timeline-bars.ts';
import { quantile, sorted } from '../stats/quantile.ts';

/** Of all batches of one way. */
export function medianOf(readings: readonly Reading[], value: (reading: Reading) => number): number {
  return quantile(sorted(readings.map(value)), 0.5);
}

/** Of the batch with the most of it. */
export function mostOf(readings: readonly Reading[], value: (reading: Reading) => number): number {
  return Math.max(...readings.map(value));
}

/** The most tasks that ran in the same instant. */
export function mostRunning(slices: Timeline['slices']): number {
  return runningAtOnce(slices).reduce((most, { count }) => Math.max(most, count), 0);
}
