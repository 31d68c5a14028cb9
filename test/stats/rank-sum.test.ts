import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankSumInterval, shift } from '../../dist/src/stats/rank-sum.js';

describe('shift', () => {
  it('is the median of all differences', () => {
    // 5-1, 5-2, 9-1, 9-2: 3, 4, 7, 8.
    expect(shift([5, 9], [1, 2])).toBe(5.5);
  });

  it('changes its sign with the order of the samples', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        expect(shift(a, b)).toBeCloseTo(-shift(b, a), 9);
      }),
    );
  });
});

type Reference = readonly [name: string, a: number[], b: number[], alpha: number, lo: number, hi: number];

/**
 * Between which differences `scipy.stats.mannwhitneyu(a - shift, b, method='exact').pvalue > alpha`, for every shift that
 * lies between two of them; SciPy 1.17.1.
 */
const REFERENCES: readonly Reference[] = [
  [
    '6 and 6 values at 0.05',
    [0.198, -0.324, 0.752, 1.42, 2.136, 1.11],
    [-0.553, -0.785, 0.749, 1.635, 0.273, -1.233],
    0.05,
    -0.551,
    2.205,
  ],
  [
    '7 and 5 values at 0.05',
    [0.042, 2.6, 1.203, -0.732, 0.916, -0.163, 0.371],
    [-0.488, -0.713, 0.553, -0.063, -0.589],
    0.05,
    -0.182,
    1.916,
  ],
  [
    '12 and 12 values at 0.05',
    [1.41, 1.83, -0.643, 0.743, 0.019, 0.827, -0.289, 1.021, 0.962, 0.696, -0.048, 0.604],
    [-1.091, -1.355, 0.225, -1.109, 1.17, 0.717, -1.998, 0.272, -1.102, 0.033, 0.044, -1.988],
    0.05,
    0.332,
    1.959,
  ],
  [
    '10 and 12 values at 0.01',
    [0.767, 0.744, 1.962, -0.181, 1.738, -0.099, 0.669, 0.16, 2.449, 1.568],
    [2.432, 0.642, 0.845, 0.841, -0.607, -0.07, 1.35, -0.397, 0.189, -0.021, 0.609, -0.365],
    0.01,
    -0.681,
    1.759,
  ],
  [
    '8 and 9 values at 0.1',
    [0.848, 1.242, 1.103, 0.135, 1.896, -0.298, -0.201, -0.282],
    [0.967, -0.361, -0.971, -1.136, 0.421, -1.055, -1.272, 0.614, -1.197],
    0.1,
    0.275,
    1.984,
  ],
];

const samples = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 9 });

describe('rankSumInterval', () => {
  it('is all differences of four values and four, of which one order in 70 is the most extreme', () => {
    expect(rankSumInterval([10, 20, 30, 40], [1, 2, 3, 4], 0.05)).toEqual({ lo: 6, hi: 39 });
  });

  it('says nothing of three values and three: 1 in 20 orders is no 2.5 %', () => {
    expect(rankSumInterval([1, 2, 3], [4, 5, 6], 0.05)).toBeUndefined();
  });

  it.each(REFERENCES)('ends where the test of SciPy begins to reject: %s', (_name, a, b, alpha, lo, hi) => {
    const found = rankSumInterval(a, b, alpha);
    expect(found?.lo).toBeCloseTo(lo, 9);
    expect(found?.hi).toBeCloseTo(hi, 9);
  });

  it('moves with the first sample, and holds the estimate', () => {
    fc.assert(
      fc.property(samples, samples, fc.integer({ min: -50, max: 50 }), (a, b, by) => {
        const found = rankSumInterval(a, b, 0.1);
        const moved = rankSumInterval(
          a.map((value) => value + by),
          b,
          0.1,
        );
        expect((found?.lo ?? 0) + (found === undefined ? 0 : by)).toBe(moved?.lo ?? 0);
        expect(found?.lo ?? shift(a, b)).toBeLessThanOrEqual(shift(a, b));
        expect(found?.hi ?? shift(a, b)).toBeGreaterThanOrEqual(shift(a, b));
      }),
    );
  });

  it('counts exactly for as many blocks as a long run has', () => {
    const many = Array.from({ length: 96 }, (_, index) => index);
    const found = rankSumInterval(many, many, 0.05);
    // As the normal approximation has it: 1.96 * sqrt(96 * 96 * 193 / 12) = 754 of 9216 differences from the middle.
    expect(found?.lo).toBe(-(found?.hi ?? 0));
    expect(found?.hi).toBeGreaterThan(6);
    expect(found?.hi).toBeLessThan(10);
  });
});
