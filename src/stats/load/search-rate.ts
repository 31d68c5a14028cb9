/**
 * Searches for the rate at which a latency reaches the objective, in few windows: probabilistic bisection (Waeber,
 * Frazier and Henderson, Bisection search with noisy responses, 2013) over the logarithm of the rate, in which every
 * window counts by how far it was from the objective, and by how far a plain queue with the same arrivals was.
 */

/**
 * Shares of the capacity between which to search. A window can hold more than the capacity, since it ends before its queue
 * gets long, and a rating can be too low.
 */
const LOWEST = 0.15;
const HIGHEST = 1.6;
/** Rates to distinguish: 1% from one to the next. */
const STEPS = 237;

/*
 * The model of the noise: a window close to the rate that is held places it with a standard deviation of 0.06, in
 * logarithms, one further away less well, since the configuration is not quite the queue that it is compared with
 * (docs/method.md has how far searches are off).
 */
const DEVIATION = 0.1;
const DEVIATION_BY_DISTANCE = 0.25;
/** Where the two distances differ, it is not known which is right. */
const DEVIATION_BY_DOUBT = 0.5;
/** Further from the objective a window only shows on which side of it the rate is. */
const FURTHEST = 0.6;
/** Share of the likelihood that one window cannot take away, since some are disturbed. */
const LAPSE = 0.02;

/** A window of a search. Distances are logarithms. */
export interface SearchPoint {
  /** Arrivals per second. */
  readonly rate: number;
  /** How far it is above the rate that is held, if its latency is a constant multiple of that of a plain queue. */
  readonly byQueue: number;
  /** The same, if its tasks take a constant multiple of the time: the closer to its capacity, the more its latency grows. */
  readonly bySpeed: number;
}

/** A search after some windows: where the rate may be. */
export interface RateSearch {
  /** The rate to measure next: as likely too high as too low. */
  readonly next: number;
  /** The mean of the rates that are left, by their likelihood, on a logarithmic scale. */
  readonly estimate: number;
}

/**
 * @param capacity tasks per second when all are there at once
 * @param windows those so far
 */
export function searchRate(capacity: number, windows: readonly SearchPoint[]): RateSearch {
  const [from, to] = [Math.log(LOWEST * capacity), Math.log(HIGHEST * capacity)];
  const logRates = Array.from({ length: STEPS }, (_, step) => from + ((to - from) * step) / (STEPS - 1));
  const likelihoods = logRates.map((logRate, step) => {
    // The first and the last step stand for everything beyond them.
    const beyond = step === 0 ? 1 : step === STEPS - 1 ? -1 : 0;
    return windows.reduce((product, point) => product * likelihood(Math.log(point.rate) - logRate, point, beyond), 1);
  });
  const total = likelihoods.reduce((sum, one) => sum + one, 0);
  let below = 0;
  const middle = logRates.find((_, step) => (below += likelihoods[step] ?? 0) >= total / 2) ?? to;
  const mean = logRates.reduce((sum, logRate, step) => sum + logRate * (likelihoods[step] ?? 0), 0) / total;
  return { next: Math.exp(middle), estimate: Math.exp(mean) };
}

/**
 * Likelihood of a window whose rate is so far above the one searched for, in logarithms.
 *
 * @param beyond 1 or -1: it may be further above or below than that
 */
function likelihood(above: number, point: SearchPoint, beyond: 1 | 0 | -1): number {
  const shown = shownBy(point);
  const off = (shown.above - clamp(above)) / shown.deviation;
  return off * beyond > 0 ? 1 : LAPSE + (1 - LAPSE) * Math.exp((-off * off) / 2);
}

/** How far the rate of a window is above the one that is held, as it shows it, and how well. */
export function shownBy({ byQueue, bySpeed }: SearchPoint): { readonly above: number; readonly deviation: number } {
  const [one, other] = [clamp(byQueue), clamp(bySpeed)];
  const above = (one + other) / 2;
  const doubt = Math.abs(one - other);
  return { above, deviation: DEVIATION + DEVIATION_BY_DISTANCE * Math.abs(above) + DEVIATION_BY_DOUBT * doubt };
}

function clamp(distance: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, distance));
}
