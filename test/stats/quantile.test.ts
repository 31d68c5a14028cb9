import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantile, sorted } from '../../dist/src/stats/quantile.js';

describe('quantile', () => {
  // numpy 2.4.6: np.quantile([3.1, .2, 7.7, 5.5, 1.9, 4.2, 6.3], p)
  it.each([
    [0, 0.2],
    [0.05, 0.71],
    [0.25, 2.5],
    [0.5, 4.2],
    [0.9, 6.86],
    [0.99, 7.616],
    [1, 7.7],
  ])('interpolates as NumPy does at %d', (probability, expected) => {
    expect(quantile(sorted([3.1, 0.2, 7.7, 5.5, 1.9, 4.2, 6.3]), probability)).toBeCloseTo(expected, 12);
  });

  it('is the value itself when there is only one', () => {
    expect(quantile(sorted([5]), 0.99)).toBe(5);
  });

  it('refuses to make up a value of nothing', () => {
    expect(() => quantile(sorted([]), 0.5)).toThrow(RangeError);
  });

  it('never leaves the range of the values and never falls as the probability grows', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, p, q) => {
          const order = sorted(list);
          const [low, high] = [quantile(order, Math.min(p, q)), quantile(order, Math.max(p, q))];
          expect(low).toBeLessThanOrEqual(high + 1e-9);
          expect(low).toBeGreaterThanOrEqual(Math.min(...list) - 1e-9);
          expect(high).toBeLessThanOrEqual(Math.max(...list) + 1e-9);
        },
      ),
    );
  });
});

describe('median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([9, 1, 4, 5])).toBe(4.5);
  });
});
