import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedRankEstimate } from '../../../dist/src/stats/exact-tests.js';
import { BEYOND, difference, openEstimate, type Bounded } from '../../../dist/src/stats/load/open-estimate.js';

const at = (value: number): Bounded => ({ at: value, lo: value, hi: value });
const above = (value: number): Bounded => ({ at: value, lo: value, hi: BEYOND });
const below = (value: number): Bounded => ({ at: value, lo: -BEYOND, hi: value });
const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8];

describe('an estimate of numbers of which some are only bounded', () => {
  it('is that of the signed-rank test if all are known', () => {
    const found = signedRankEstimate(EIGHT, 0.05);
    expect(openEstimate(EIGHT.map(at), 0.05)).toEqual({
      kind: 'at',
      estimate: found?.estimate,
      lo: found?.interval.lo,
      hi: found?.interval.hi,
    });
  });

  it('has a lower end alone if many are only known to be above a bound', () => {
    const found = openEstimate(
      EIGHT.map((value) => (value > 5 ? above(5) : at(value))),
      0.05,
    );
    expect(found.hi).toBeNull();
    expect(found.lo).not.toBeNull();
  });

  it('is a bound if most are', () => {
    expect(
      openEstimate(
        EIGHT.map(() => above(5)),
        0.05,
      ),
    ).toEqual({ kind: 'above', estimate: 5, lo: 5, hi: null });
    expect(
      openEstimate(
        EIGHT.map(() => below(5)),
        0.05,
      ),
    ).toEqual({ kind: 'below', estimate: 5, lo: null, hi: 5 });
  });

  it('is unknown for the difference of two bounds in the same direction', () => {
    const found = openEstimate(
      EIGHT.map((value) => difference(above(value), above(1))),
      0.05,
    );
    expect(found).toEqual({ kind: 'unknown', estimate: null, lo: null, hi: null });
  });

  it('never has a narrower interval than with the numbers themselves', () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 8, maxLength: 12 }), value, (values, bound) => {
        const known = openEstimate(values.map(at), 0.05);
        const open = openEstimate(
          values.map((one) => (one > bound ? above(bound) : at(one))),
          0.05,
        );
        expect(open.lo ?? -Infinity).toBeLessThanOrEqual(known.lo ?? 0);
        expect(open.hi ?? Infinity).toBeGreaterThanOrEqual(known.hi ?? 0);
      }),
      { seed: 1 },
    );
  });
});
