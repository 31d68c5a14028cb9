/**
 * Searches for the rate at which a latency reaches the objective, in few windows: probabilistic bisection (Waeber,
 * Frazier and Henderson, Bisection search with noisy responses, 2013) over the logarithm of the rate, in which every
 * window counts by how far it was from the objective.
 */
import type { RatePoint } from './held-rate.ts';

/** Shares of the capacity between which to search. */
const LOWEST = 0.15;
const HIGHEST = 1.05;
/** Rates to distinguish: 1% from one to the next. */
const STEPS = 195;

/*
 * The model of the noise: near the objective the latency grows with the square of the rate, and one window of 150
 * arrivals places the rate with a standard deviation of 0.12, in logarithms. In simulated queues with one to four
 * servers and objectives of three to eight services, the exponent is 1 to 4 and the deviation 0.07 to 0.19.
 */
const EXPONENT = 2;
const DEVIATION = 0.12;
/** Further from the objective a window only shows on which side of it the rate is. */
const FURTHEST = 0.6;
/** Share of the likelihood that one window cannot take away, since some are disturbed. */
const LAPSE = 0.02;

/** A search after some windows: where the rate may be. */
export interface RateSearch {
  /** The rate to measure next: as likely too high as too low. */
  readonly next: number;
  /** The mean of the rates that are left, by their likelihood, on a logarithmic scale. */
  readonly estimate: number;
}

/**
 * @param capacity tasks per second when all are there at once
 * @param windows rate and latency of those so far
 */
export function searchRate(capacity: number, windows: readonly RatePoint[], objectiveMs: number): RateSearch {
  const [from, to] = [Math.log(LOWEST * capacity), Math.log(HIGHEST * capacity)];
  const logRates = Array.from({ length: STEPS }, (_, step) => from + ((to - from) * step) / (STEPS - 1));
  const aim = Math.log(objectiveMs);
  const likelihoods = logRates.map((logRate, step) => {
    // The first and the last step stand for everything beyond them.
    const beyond = step === 0 ? 1 : step === STEPS - 1 ? -1 : 0;
    return windows.reduce(
      (product, { rate, logMs }) => product * likelihood(Math.log(rate) - logRate, logMs - aim, beyond),
      1,
    );
  });
  const total = likelihoods.reduce((sum, one) => sum + one, 0);
  let below = 0;
  const middle = logRates.find((_, step) => (below += likelihoods[step] ?? 0) >= total / 2) ?? to;
  const mean = logRates.reduce((sum, logRate, step) => sum + logRate * (likelihoods[step] ?? 0), 0) / total;
  return { next: Math.exp(middle), estimate: Math.exp(mean) };
}

/**
 * Likelihood of a latency, in logarithms above the objective, at a rate that is so far above the one searched for.
 *
 * @param beyond 1 or -1: it may be further above or below than that
 */
function likelihood(above: number, over: number, beyond: 1 | 0 | -1): number {
  const shown = clamp(over / EXPONENT);
  const off = (shown - clamp(above)) / DEVIATION;
  return off * beyond > 0 ? 1 : LAPSE + (1 - LAPSE) * Math.exp((-off * off) / 2);
}

function clamp(distance: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, distance));
}
