/**
 * When tasks arrive in a window, decided before it: the same shape for every configuration and every rate of a block, so
 * that they differ by what they do with it and not by their luck.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { BETWEEN_WINDOWS_MS, MOST_REQUESTS, SHORTEST_OBJECTIVE_MS } from './evidence.ts';
import type { Arrivals, Objective, Window } from './load.ts';
import type { LoadPlan, RatedLoad } from './plan.ts';

export interface Schedule {
  /** Arrival times in units of the mean gap, ascending, from 0. */
  readonly at: readonly number[];
  /** For each arrival, the 0-based number of the input that it brings. */
  readonly inputs: readonly number[];
}

/**
 * Makes a schedule; the same seed makes the same one, and a longer one begins like a shorter one.
 *
 * @param requests number of arrivals
 * @param inputs number of different inputs, drawn with replacement
 */
export function scheduleOf(arrivals: Arrivals, requests: number, inputs: number, seed: number): Schedule {
  const generator = xoroshiro128plus(seed);
  // Far enough along that its numbers are others.
  const drawing = generator.clone();
  drawing.jump();
  // 1 - u, since the logarithm of 0 has no value.
  const exponential = (): number => -Math.log(1 - uniformFloat64(generator));
  const at: number[] = [];
  for (let now = 0; at.length < requests; now += gap()) {
    const together = arrivals.kind === 'burst' ? arrivals.size : 1;
    for (let one = 0; one < together && at.length < requests; one++) at.push(now);
  }
  return { at, inputs: at.map(() => uniformInt(drawing, 0, inputs - 1)) };

  function gap(): number {
    switch (arrivals.kind) {
      case 'poisson':
        return exponential();
      case 'constant':
        return 1;
      case 'burst':
        // As many arrivals per unit of time as without bursts.
        return exponential() * arrivals.size;
      default:
        return arrivals satisfies never;
    }
  }
}

/** Seeds of two blocks are apart by more than the rounds of one. */
export const WINDOWS_OF_BLOCK = 1000;

/**
 * Number of a window, added to the seed of its measurement: all windows of a round have the same arrivals, and those of a
 * search others than those of the blocks that follow it.
 */
export function windowNumber({ phase, block, round }: Pick<Window, 'phase' | 'block' | 'round'>): number {
  return (1 + block * WINDOWS_OF_BLOCK + round) * (phase === 'search' ? -1 : 1);
}

/** Arrival times at a rate, in ms since the start of the window. @param rate arrivals per second */
export function dueMs({ at }: Pick<Schedule, 'at'>, rate: number): readonly number[] {
  return at.map((units) => (units / rate) * 1000);
}

/** In a shorter window no queue gets as long as the objective allows, even beyond what a configuration can do. */
const OBJECTIVES_IN_WINDOW = 10;

/** How long a window lasts at least where a rate is searched for, ms. */
export function leastWindowOf({ ms }: Pick<Objective, 'ms'>): number {
  return OBJECTIVES_IN_WINDOW * ms;
}

const OBJECTIVES_WAITING = 10;

/** A window ends early when as many tasks are unfinished as arrive in this time, ms: latencies are then no shorter. */
export function pilingUpMs({ ms }: Pick<Objective, 'ms'>): number {
  return OBJECTIVES_WAITING * ms;
}

/** From one size of a longer window to the next: what is known of windows of one size serves many rates. */
const LONGER = 1.1;

/** The size of a window, which is the same at all rates or, with a least time, at all that are low enough. */
export type WindowSize = Pick<LoadPlan, 'requests' | 'settling' | 'leastWindowMs'>;

/** The size of a window at a rate, of whose arrivals as large a share does not count. @param rate arrivals per second */
export function windowAt(
  { requests, settling, leastWindowMs }: WindowSize,
  rate: number,
): Pick<LoadPlan, 'requests' | 'settling'> {
  if (leastWindowMs === undefined) return { requests, settling };
  const needed = (rate * leastWindowMs) / 1000;
  if (needed <= requests) return { requests, settling };
  const longer = Math.ceil(requests * LONGER ** Math.ceil(Math.log(needed / requests) / Math.log(LONGER)));
  const all = Math.max(requests, Math.min(MOST_REQUESTS, longer));
  return { requests: all, settling: Math.floor((all * settling) / requests) };
}

/** Time of a window with the pause after it, ms. @param rate arrivals per second */
export function windowMs(size: WindowSize, rate: number): number {
  return (windowAt(size, rate).requests / rate) * 1000 + BETWEEN_WINDOWS_MS;
}

/** Arrivals of the longest window. */
export function mostArrivals(load: LoadPlan | RatedLoad): number {
  return windowAt(load, Math.max(0, ...(load.rates ?? []))).requests;
}

/** The default objective. */
const OBJECTIVE_TIMES_ALONE = 5;

/** The probability of its quantile: 0.99. */
export function probabilityOf({ quantile }: Objective): number {
  return Number(quantile.slice(1)) / 100;
}

/**
 * @param aloneMs latency of a task that meets no other
 * @param giveUpMs how long somebody waits for one
 */
export function objectiveOf(aloneMs: number, giveUpMs = Number.POSITIVE_INFINITY): Objective {
  const ms = Number(Math.max(SHORTEST_OBJECTIVE_MS, OBJECTIVE_TIMES_ALONE * aloneMs).toPrecision(2));
  return { quantile: 'p99', ms: Math.min(ms, giveUpMs) };
}
