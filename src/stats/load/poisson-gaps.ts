/** Whether the gaps between requests that were sent are those of Poisson arrivals. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Lancet (Kogias, Mallon and Bugnion, USENIX ATC 2019) refuses a generator that this test rejects. */
const LEVEL = 0.001;
/** A request often leaves up to this much late, so a gap is known to it. */
const RESOLUTION_MS = 1.1;
/** Gaps of no more than a few times the resolution cannot be distinguished. */
const SHORTEST_MEAN_GAP_MS = 2 * RESOLUTION_MS;
const LEAST_GAPS = 20;

/**
 * Tests with Anderson and Darling's statistic whether gaps are exponential with a known mean. As each gap is known to that
 * resolution only, its place in the distribution is drawn from all that it may have.
 *
 * @param gapsMs in the order of sending
 * @returns false if the gaps are rejected at 0.1%; true for too few or too short gaps
 */
export function areExponential(gapsMs: readonly number[], meanMs: number): boolean {
  if (gapsMs.length < LEAST_GAPS || meanMs < SHORTEST_MEAN_GAP_MS) return true;
  // Always the same, so that the same gaps are always judged alike.
  const generator = xoroshiro128plus(gapsMs.length);
  const shareBelow = (gapMs: number): number => -Math.expm1(-Math.max(0, gapMs) / meanMs);
  const places = gapsMs.map((gapMs) => {
    const [lo, hi] = [shareBelow(gapMs - RESOLUTION_MS), shareBelow(gapMs + RESOLUTION_MS)];
    return lo + (hi - lo) * uniformFloat64(generator);
  });
  return andersonDarlingTail(andersonDarling(places)) >= LEVEL;
}

/** A² of numbers that should be uniform between 0 and 1 (Anderson and Darling, 1954). */
export function andersonDarling(uniform: readonly number[]): number {
  const inOrder = uniform.map((place) => Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, place)));
  inOrder.sort((a, b) => a - b);
  const n = inOrder.length;
  const sum = inOrder.reduce(
    (total, place, index) => total + (2 * index + 1) * (Math.log(place) + Math.log1p(-(inOrder[n - 1 - index] ?? 0.5))),
    0,
  );
  return -n - sum / n;
}

/**
 * Probability of a larger A² for numbers that are uniform: the approximation of the limit for many numbers by Marsaglia
 * and Marsaglia, Evaluating the Anderson–Darling distribution, 2004, within 0.000002.
 */
export function andersonDarlingTail(a2: number): number {
  if (a2 <= 0) return 1;
  if (a2 < 2)
    return (
      1 -
      (Math.exp(-1.2337141 / a2) / Math.sqrt(a2)) *
        polynomial(a2, [2.00012, 0.247105, -0.0649821, 0.0347962, -0.011672, 0.00168691])
    );
  // Beyond 8 the polynomial turns; the probability is practically 0.
  const at = Math.min(a2, 8);
  return -Math.expm1(-Math.exp(polynomial(at, [1.0776, -2.30695, 0.43424, -0.082433, 0.008056, -0.0003146])));
}

function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0);
}
