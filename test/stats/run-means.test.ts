import { describe, expect, it } from 'vitest';
import { contrastRuns } from '../../dist/src/stats/compare.js';
import { contrastWithRuns, studentQuantile } from '../../dist/src/stats/run-means.js';
import { randomOf } from '../support/simulate.js';

describe('the quantile of Student’s t', () => {
  it.each([
    // R: qt(1 - alpha / 2, degrees)
    [0.05, 1, 12.7062],
    [0.05, 2, 4.302653],
    [0.05, 3, 3.182446],
    [0.05, 9, 2.262157],
    [0.05, 10, 2.228139],
    [0.01, 4, 4.604095],
    [0.001, 2, 31.59905],
  ])('is that of R: %d, %d', (alpha, degrees, expected) => {
    expect(studentQuantile(alpha, degrees)).toBeCloseTo(expected, 4);
  });
});

describe('a run compared with several earlier ones', () => {
  const runOf = (walls: readonly number[]) => walls.map((wallMs, block) => ({ block, round: 0, wallMs }));

  /** A run that differs from others by 2% in itself, and its blocks by 3%. */
  const drawn = (random: () => number, blocks: number) => {
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const ofRun = 0.02 * normal();
    return runOf(Array.from({ length: blocks }, () => Math.exp(ofRun + 0.03 * normal())));
  };
  const NOTHING = { lo: -1, hi: 1 };

  it('has the CI of a further run', () => {
    // Means of 0, 0.01 and 0.02, without spread within a run: 0.01 ± 4.302653 * 0.01 * sqrt(4 / 3).
    const earlier = [0, 0.01, 0.02].map((log) => runOf([Math.exp(log), Math.exp(log)]));
    const found = contrastWithRuns(earlier, runOf([1, 1]), 0.05);
    expect(found?.estimate).toBeCloseTo(0.01, 9);
    expect(found?.interval.lo).toBeCloseTo(0.01 - 0.0496828, 6);
    expect(found?.interval.hi).toBeCloseTo(0.01 + 0.0496828, 6);
  });

  it('is none with one earlier run, or with one block', () => {
    expect(contrastWithRuns([runOf([1, 2])], runOf([1, 2]), 0.05)).toBeUndefined();
    expect(contrastWithRuns([runOf([1, 2]), runOf([1, 2])], runOf([1]), 0.05)).toBeUndefined();
  });

  it('would be wrong far more often if the blocks of two runs were compared', () => {
    const random = randomOf(5);
    const wrongWith = (blocks: number): number => {
      let wrong = 0;
      for (let time = 0; time < 250; time++) {
        const { lo, hi } = contrastRuns(drawn(random, blocks), drawn(random, blocks), 0.05, 0)?.interval ?? NOTHING;
        if (lo > 0 || hi < 0) wrong += 1;
      }
      return wrong;
    };
    // 37% and 55% of 1000; more blocks make it worse.
    expect(wrongWith(10)).toBeGreaterThan(60);
    expect(wrongWith(24)).toBeGreaterThan(110);
  });

  it.each([
    [3, 10],
    [3, 24],
    [8, 24],
  ])('%d earlier runs of %d blocks are wrong no more often than the level says if runs differ', (count, blocks) => {
    const random = randomOf(count * 100 + blocks);
    let wrong = 0;
    for (let time = 0; time < 2000; time++) {
      const earlier = Array.from({ length: count }, () => drawn(random, blocks));
      const { lo, hi } = contrastWithRuns(earlier, drawn(random, blocks), 0.05)?.interval ?? NOTHING;
      if (lo > 0 || hi < 0) wrong += 1;
    }
    // 0.999 quantile of a binomial count of 2000 at 5%: scipy.stats.binom.ppf(.999, 2000, .05).
    expect(wrong).toBeLessThanOrEqual(131);
    // And the interval is not so wide that it says nothing.
    expect(wrong).toBeGreaterThan(20);
  });
});
