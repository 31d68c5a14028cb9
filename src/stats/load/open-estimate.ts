import { pseudoMedian, signedRankInterval } from '../exact-tests.ts';

/** A number that may be known only to be above or below a bound: then the other end is beyond everything. */
export interface Bounded {
  /** The number or its bound. */
  readonly at: number;
  readonly lo: number;
  readonly hi: number;
}

/** Stands for an end that is not known: so far away that its mean with any number is too, and finite. */
export const BEYOND = 1e9;

/** Whether a number is only known to be above or below a bound. */
export function isOpen({ lo, hi }: Bounded): boolean {
  return !isKnown(lo) || !isKnown(hi);
}

function isKnown(value: number): boolean {
  // A median can lie between two means of which one has such an end.
  return Math.abs(value) < BEYOND / 8;
}

/** An estimate with an interval; null where it is beyond what was measured. */
export interface OpenEstimate {
  /** Null if nothing is known; otherwise a number, or a bound. */
  readonly estimate: number | null;
  readonly kind: 'at' | 'above' | 'below' | 'unknown';
  readonly lo: number | null;
  readonly hi: number | null;
}

/**
 * The pseudo-median of numbers of which some are only bounded, with the interval that inverts the exact signed-rank
 * test: each end takes the least favorable of what is possible, so it covers at least as often as with all numbers known.
 *
 * @param values at least one
 */
export function openEstimate(values: readonly Bounded[], alpha: number): OpenEstimate {
  const [los, his] = [values.map(({ lo }) => lo), values.map(({ hi }) => hi)];
  const [low, high] = [isKnown(pseudoMedian(los)), isKnown(pseudoMedian(his))];
  const kind = low && high ? 'at' : low ? 'above' : high ? 'below' : 'unknown';
  return {
    kind,
    estimate: kind === 'unknown' ? null : pseudoMedian(values.map(({ at }) => at)),
    lo: known(signedRankInterval(los, alpha)?.lo),
    hi: known(signedRankInterval(his, alpha)?.hi),
  };
}

function known(value: number | undefined): number | null {
  return value === undefined || !isKnown(value) ? null : value;
}

/** How far one is above the other. */
export function difference(one: Bounded, other: Bounded): Bounded {
  return { at: one.at - other.at, lo: one.lo - other.hi, hi: one.hi - other.lo };
}
