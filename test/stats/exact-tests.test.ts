import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankSumInterval, shift, pseudoMedian, signedRankInterval } from '../../dist/src/stats/exact-tests.js';

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

  it('says nothing of three values and three: 1 in 20 orders is no 2.5%', () => {
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

// np.round(np.random.default_rng(7).normal(0.05, 0.04, 10), 3) of numpy 2.4.6
const DIFFERENCES = [0.05, 0.062, 0.039, 0.014, 0.032, 0.01, 0.052, 0.104, 0.03, 0.025];

describe('pseudoMedian', () => {
  it('is the median of all pairwise means, as worked out with NumPy', () => {
    expect(pseudoMedian(DIFFERENCES)).toBeCloseTo(0.0385, 12);
  });

  it('is the mean of the two of two values', () => {
    expect(pseudoMedian([1, 2])).toBe(1.5);
  });
});

describe('signedRankInterval', () => {
  // Inversion of scipy 1.17.1: the pairwise means next to the outermost theta for which
  // scipy.stats.wilcoxon(d - theta, method='exact').pvalue > alpha.
  it.each([
    [0.05, 0.023, 0.062],
    [0.01, 0.0175, 0.077],
    [0.05 / 7, 0.014, 0.078],
  ])('inverts the exact test as SciPy does at level %d', (alpha, lo, hi) => {
    const interval = signedRankInterval(DIFFERENCES, alpha);
    expect(interval?.lo).toBeCloseTo(lo, 12);
    expect(interval?.hi).toBeCloseTo(hi, 12);
  });

  it('exists from the number of blocks at which the exact test can reach the level', () => {
    // scipy.stats.wilcoxon([1, 2, 3, 4, 5], method='exact').pvalue is 0.0625, of six values it is 0.03125.
    expect(signedRankInterval([1, 2, 3, 4, 5], 0.05)).toBeUndefined();
    expect(signedRankInterval([1, 2, 3, 4, 5, 6], 0.05)).toEqual({ lo: 1, hi: 6 });
  });

  const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 16 });

  it('holds the estimate, and grows as the level falls', () => {
    fc.assert(
      fc.property(differences, (values) => {
        const [wide, narrow] = [signedRankInterval(values, 0.04), signedRankInterval(values, 0.2)];
        const estimate = pseudoMedian(values);
        expect(narrow?.lo).toBeLessThanOrEqual(estimate);
        expect(narrow?.hi).toBeGreaterThanOrEqual(estimate);
        expect(wide?.lo).toBeLessThanOrEqual(narrow?.lo ?? Number.NaN);
        expect(wide?.hi).toBeGreaterThanOrEqual(narrow?.hi ?? Number.NaN);
      }),
    );
  });

  it('turns around with its values, so that no direction is favoured', () => {
    fc.assert(
      fc.property(differences, (values) => {
        const interval = signedRankInterval(values, 0.05);
        const mirrored = signedRankInterval(
          values.map((value) => -value),
          0.05,
        );
        expect(mirrored?.lo).toBeCloseTo(-(interval?.hi ?? Number.NaN), 12);
        expect(mirrored?.hi).toBeCloseTo(-(interval?.lo ?? Number.NaN), 12);
      }),
    );
  });

  it('misses the truth in at most the stated share of samples', () => {
    // 2000 samples of 10 values around 0, from a seeded generator: at a true level of at most 5%, more than
    // 130 misses have a probability of 0.13% (1 - scipy.stats.binom.cdf(130, 2000, .05), scipy 1.17.1).
    let state = 12_345;
    const uniform = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state / 2 ** 32;
    };
    let misses = 0;
    for (let sample = 0; sample < 2000; sample++) {
      const values = Array.from({ length: 10 }, () => uniform() + uniform() + uniform() - 1.5);
      const interval = signedRankInterval(values, 0.05);
      if (interval === undefined || interval.lo > 0 || interval.hi < 0) misses += 1;
    }
    expect(misses).toBeGreaterThan(0);
    expect(misses).toBeLessThanOrEqual(130);
  });
});
