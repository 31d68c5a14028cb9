import { describe, expect, it } from 'vitest';
import { rateOf, rateText } from '../../../dist/scripts/evidence/exact-limits.js';

describe('the limits of a rate', () => {
  // scipy.stats.binomtest(count, of).proportion_ci(method='exact')
  it.each([
    [0, 10, 0, 0.308497],
    [10, 10, 0.691503, 1],
    [3, 207, 0.002999, 0.041768],
    [50, 1000, 0.037335, 0.065391],
  ])('are those of Clopper and Pearson for %d of %d', (count, of, lo, hi) => {
    const rate = rateOf(count, of);
    expect(rate.lo).toBeCloseTo(lo, 5);
    expect(rate.hi).toBeCloseTo(hi, 5);
  });

  it('stay finite for thousands of runs', () => {
    const { lo, hi } = rateOf(3990, 4000);
    expect(lo).toBeGreaterThan(0.995);
    expect(hi).toBeLessThan(0.999);
  });

  it('are printed beside it in percent', () => {
    expect(rateText(rateOf(0, 10))).toBe('0.0% (0.0–30.8)');
  });
});
