import type { CellLog, StoppingRules } from '../../model/measured.ts';
import { leastWindowOf, probabilityOf } from '../../model/arrivals.ts';
import type { Group, LoadPlan, RatedLoad } from '../../model/plan.ts';
import { plainQueue } from './plain-queue.ts';
import { searchPointOf } from './search-point.ts';
import { searchRate, type RateSearch } from './search-rate.ts';

/** Digits of a rate. */
const DIGITS = 4;

/** A search for rates. */
export interface Searching {
  /** Seed of the measurement. */
  readonly seed: number;
  /** The size of the windows that follow it: in longer ones, the typical latency is longer. */
  readonly target: Pick<LoadPlan, 'requests' | 'settling'>;
}

/** Rate of the next window of a search. */
export function nextRateIn(searching: Searching): NonNullable<StoppingRules['nextRate']> {
  return (group, log) => {
    const rate = searchOf(group, log, searching)?.next;
    return rate === undefined ? undefined : Number(rate.toPrecision(DIGITS));
  };
}

/** The search of a cell after its windows so far; undefined: no rate can hold the objective, or it is not rated. */
export function searchOf(
  { load }: Group,
  { cell, windows = [], error }: CellLog,
  { seed, target }: Searching,
): RateSearch | undefined {
  if (error !== undefined || !isRated(load)) return undefined;
  const { objective, ratings, arrivals, requests, settling } = load;
  const rating = ratings[cell.id];
  if (rating === undefined || rating.aloneMs > objective.ms) return undefined;
  const probability = probabilityOf(objective);
  const own = plainQueue(rating, { arrivals, requests, settling, probability }, seed);
  const later = plainQueue(rating, { arrivals, ...target, leastWindowMs: leastWindowOf(objective), probability }, seed);
  const points = windows.flatMap((window) => searchPointOf(window, objective, own, later) ?? []);
  return searchRate(rating.capacity, points);
}

export function isRated(load: Group['load']): load is RatedLoad {
  return load !== undefined && 'ratings' in load;
}
