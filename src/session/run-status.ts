import { EXIT_CELL_FAILED, EXIT_STATUS } from '../model/errors.ts';
import type { Results } from '../model/results.ts';

/** @param otherwise the status of a run that was not cut off and in which nothing failed */
export function statusOf({ complete, cells }: Results, otherwise = 0): number {
  if (!complete) return EXIT_STATUS.interrupted;
  return cells.some((cell) => cell.status === 'failed') ? EXIT_CELL_FAILED : otherwise;
}
