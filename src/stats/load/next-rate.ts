import type { CellLog, StoppingRules } from '../../model/measured.ts';
import { leastWindowOf, probabilityOf } from '../../model/arrivals.ts';
import type { Objective } from '../../model/load.ts';
import type { Group, LoadPlan, RatedLoad } from '../../model/plan.ts';
import { pointOf } from './held-rate.ts';
import type { JudgedWindow } from './held-by-block.ts';
import { plainQueue, type PlainQueue } from './plain-queue.ts';
import { searchRate, type RateSearch, type SearchPoint } from './search-rate.ts';

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

/**
 * How far a window was from the rate that is held, if the configuration differs from a plain queue with the same arrivals
 * by a constant ratio, of latencies or of speeds. The longer windows that follow have a longer typical latency.
 *
 * @param own the plain queue in the windows of the search
 * @param later the same in those that follow
 */
export function searchPointOf(
  window: JudgedWindow,
  objective: Objective,
  own: PlainQueue,
  later: PlainQueue,
): SearchPoint | undefined {
  const point = pointOf(window, objective);
  if (point === undefined) return undefined;
  const { rate, logMs } = point;
  if (window.state === 'overloaded' || window.judgedMs === null) return { rate, byQueue: Infinity, bySpeed: Infinity };
  const ratio = logMs - own.inWindow(window, rate);
  const slowness = own.slowness(window, rate, logMs);
  const aim = Math.log(objective.ms);
  return {
    rate,
    byQueue: Math.log(rate / later.rateAt(aim - ratio)),
    bySpeed: Math.log(rate / later.rateAt(aim - slowness)) + slowness,
  };
}

export function isRated(load: Group['load']): load is RatedLoad {
  return load !== undefined && 'ratings' in load;
}
