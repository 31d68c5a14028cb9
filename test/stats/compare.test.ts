import { describe, expect, it } from 'vitest';
import { blocksToDecide, contrast, shownVerdict, totalSpeedup, verdictOf } from '../../dist/src/stats/compare.js';
import { sampleOf, samplesOf } from '../support/results.js';

const MARGIN = Math.log(1.05);

describe('contrast', () => {
  it('is how many times as fast the contender is, from block to block', () => {
    const walls = [10, 11, 12, 13, 14, 15];
    const found = contrast(samplesOf(walls), samplesOf(walls.map((wall) => wall / 2)), 0.05);
    expect(Math.exp(found?.estimate ?? 0)).toBeCloseTo(2, 12);
    expect(found?.blocks).toBe(6);
  });

  it('takes the median of the rounds of a block for one number', () => {
    // The ratios of block 0 are 2, 2 and 100: an outlier among the rounds does not reach the block's number.
    const rounds = (wallsMs: readonly number[], block: number) =>
      wallsMs.map((wallMs, round) => sampleOf({ block, round, wallMs }));
    const blocks = [0, 1, 2, 3, 4, 5];
    const baseline = blocks.flatMap((block) => rounds([20, 20, 1000], block));
    const contender = blocks.flatMap((block) => rounds([10, 10, 10], block));
    const found = contrast(baseline, contender, 0.05);
    expect(Math.exp(found?.estimate ?? 0)).toBeCloseTo(2, 12);
    expect(found?.blocks).toBe(6);
  });

  it('pairs by turn: noise that hits both cells of a block alike does not count', () => {
    const noise = [10, 40, 20, 80, 15, 60, 30];
    const found = contrast(samplesOf(noise), samplesOf(noise.map((wall) => wall * 1.1)), 0.05);
    expect(found?.interval.hi).toBeCloseTo(-Math.log(1.1), 12);
    expect(found?.interval.lo).toBeCloseTo(-Math.log(1.1), 12);
  });

  it('says nothing at a level that so few blocks cannot reach', () => {
    expect(contrast(samplesOf([1, 2, 3]), samplesOf([1, 2, 3]), 0.05)).toBeUndefined();
  });
});

describe('totalSpeedup', () => {
  it('divides the total times of the rounds that both have measured', () => {
    const baseline = samplesOf([10, 10, 10, 10, 10, 999]);
    const { estimate, lo, hi, level } = totalSpeedup(baseline, samplesOf([5, 5, 5, 5, 30])) ?? {};
    expect(estimate).toBeCloseTo(1, 12);
    expect(lo).toBeLessThan(1);
    expect(hi).toBeGreaterThan(1);
    expect(level).toBe(0.95);
  });

  it('is exact if all blocks agree, and unknown with fewer than five', () => {
    const walls = [10, 12, 14, 16, 18];
    const halves = samplesOf(walls.map((wallMs) => wallMs / 2));
    expect(totalSpeedup(samplesOf(walls), halves)).toEqual({ estimate: 2, lo: 2, hi: 2, level: 0.95 });
    expect(totalSpeedup(samplesOf(walls.slice(1)), halves)).toBeUndefined();
  });
});

it.each([
  [1.02, 1.01, 1.03, 'same', 'slightly faster'],
  [1.02, 1.01, 1.09, 'faster', 'slightly faster'],
  [0.97, 0.94, 0.99, 'slower', 'slightly slower'],
  [1.02, 0.99, 1.04, 'same', 'same'],
  [1.02, 0.99, 1.09, 'inconclusive', 'inconclusive'],
  // An interrupted run has no verdict, whatever its interval.
  [1.02, 1.01, 1.03, 'inconclusive', 'inconclusive'],
  [1.05, 1.01, 1.09, 'faster', 'faster'],
  [0.9, 0.85, 0.95, 'slower', 'slower'],
] as const)('shownVerdict of %s (%s to %s), %s, is %s', (estimate, lo, hi, verdict, words) => {
  expect(shownVerdict({ verdict, speedup: { estimate, lo, hi } }, 0.05)).toBe(words);
});

describe('verdictOf', () => {
  it.each([
    [0.1, 0.3, 'faster'],
    [0.001, 0.3, 'faster'],
    [-0.3, -0.1, 'slower'],
    [-0.02, 0.02, 'same'],
    // Inside the margin a difference is not worth telling, even one that is surely there.
    [0.01, 0.03, 'same'],
    [-0.1, 0.1, 'inconclusive'],
    [-0.01, 0.2, 'inconclusive'],
  ] as const)('calls an interval from %d to %d %s', (lo, hi, verdict) => {
    expect(verdictOf({ lo, hi }, MARGIN)).toBe(verdict);
  });
});

describe('blocksToDecide', () => {
  it('scales the blocks by the square of how much narrower the interval must get', () => {
    // Half-width 0.2, estimate 0.1: it must halve, which takes four times the blocks.
    expect(blocksToDecide({ estimate: 0.1, interval: { lo: -0.1, hi: 0.3 }, blocks: 10 }, MARGIN)).toBe(40);
  });

  it('asks for those that show a difference to be less than the minimum effect, if that takes fewer', () => {
    // Half-width of twice the minimum effect, estimate 0; and another quarter of the minimum effect away.
    const interval = { lo: -2 * MARGIN, hi: 2 * MARGIN };
    expect(blocksToDecide({ estimate: 0, interval, blocks: 10 }, MARGIN)).toBe(40);
    // (2 / 0.75)² · 10 = 71.1
    expect(blocksToDecide({ estimate: MARGIN / 4, interval, blocks: 10 }, MARGIN)).toBe(72);
  });

  it('asks for at least one more block', () => {
    expect(blocksToDecide({ estimate: 0.3, interval: { lo: -0.001, hi: 0.5 }, blocks: 10 }, MARGIN)).toBe(11);
  });
});
