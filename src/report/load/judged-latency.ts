import { probabilityOf } from '../../model/arrivals.ts';
import type { AtRate, Objective } from '../../model/load.ts';
import { threeDigits } from '../numbers.ts';

/**
 * The quantile of the objective at a rate, in ms, as its interval has it: tasks without a result count as slower than
 * all others, so Infinity where there are too many of them, or none was done. With too few blocks for an interval, that
 * of the tasks that were done.
 */
export function judgedMs(found: AtRate, objective: Objective): number {
  const { objectiveMs, latencyMs, failedShare = 0, rejectedShare, gaveUpShare } = found;
  if (objectiveMs !== null) return objectiveMs.estimate;
  const isEndless = latencyMs.max === 0 || failedShare + rejectedShare + gaveUpShare > 1 - probabilityOf(objective);
  return isEndless ? Number.POSITIVE_INFINITY : latencyMs[objective.quantile];
}

/** A latency in ms; `none` if no task was done, or too few were. */
export function latencyText(latencyMs: number): string {
  return latencyMs === 0 || latencyMs === Number.POSITIVE_INFINITY ? 'none' : threeDigits(latencyMs);
}
