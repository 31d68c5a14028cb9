import type { CellLog, StoppingRules } from '../../model/measured.ts';
import type { Group, RatedLoad } from '../../model/plan.ts';
import { pointOf } from './held-rate.ts';
import { searchRate, type RateSearch } from './search-rate.ts';

/** Digits of a rate. */
const DIGITS = 4;

/** Rate of the next window of a search. */
export const nextRate: NonNullable<StoppingRules['nextRate']> = (group, log) => {
  const rate = searchOf(group, log)?.next;
  return rate === undefined ? undefined : Number(rate.toPrecision(DIGITS));
};

/** The search of a cell after its windows so far; undefined: no rate can hold the objective, or it is not rated. */
export function searchOf({ load }: Group, { cell, windows = [], error }: CellLog): RateSearch | undefined {
  if (error !== undefined || !isRated(load)) return undefined;
  const { objective, ratings } = load;
  const rating = ratings[cell.id];
  if (rating === undefined || rating.aloneMs > objective.ms) return undefined;
  const points = windows.flatMap((window) => pointOf(window, objective) ?? []);
  return searchRate(rating.capacity, points, objective.ms);
}

export function isRated(load: Group['load']): load is RatedLoad {
  return load !== undefined && 'ratings' in load;
}
