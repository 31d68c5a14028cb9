import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pseudoMedian, signedRankInterval } from '../../dist/src/stats/signed-rank.js';

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
    // 2000 samples of 10 values around 0, from a seeded generator: at a true level of at most 5 %, more than
    // 130 misses have a probability of 0.13 % (1 - scipy.stats.binom.cdf(130, 2000, .05), scipy 1.17.1).
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
