import type { CellLog } from '../model/measured.ts';
import { median } from './quantile.ts';

/** The cells whose batches take more than so many times as long as those of the fastest: by their medians, without an interval. */
export function farBehind(logs: readonly CellLog[], factor: number): readonly string[] {
  const walls = logs
    .filter(({ samples, error }) => samples.length > 0 && error === undefined)
    .map(({ cell, samples }) => ({ id: cell.id, wallMs: median(samples.map(({ wallMs }) => wallMs)) }));
  const fastest = Math.min(...walls.map(({ wallMs }) => wallMs));
  return walls.filter(({ wallMs }) => wallMs > fastest * factor).map(({ id }) => id);
}
