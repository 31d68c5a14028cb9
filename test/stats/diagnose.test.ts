import { describe, expect, it } from 'vitest';
import { contrast } from '../../dist/src/stats/compare.js';
import { median } from '../../dist/src/stats/quantile.js';
import { upperBoundPoints, expectedHalfWidth } from '../../dist/src/stats/diagnose.js';
import { resultsOf } from '../support/results.js';
import { NOISY, randomOf, simulate } from '../support/simulate.js';

const EQUAL = [1, 1];

describe('expectedHalfWidth', () => {
  it('tells from 12 blocks how wide intervals of other numbers of blocks and rounds are', () => {
    const random = randomOf(1);
    for (const evidence of [
      { blocks: 10, rounds: 1 },
      { blocks: 12, rounds: 4 },
      { blocks: 24, rounds: 6 },
    ]) {
      const truths = Array.from({ length: 200 }, () => {
        const [a = [], b = []] = simulate({ ...evidence, speedups: EQUAL }, NOISY, random);
        const { lo, hi } = contrast(a, b, 0.05)?.interval ?? { lo: 0, hi: 0 };
        return (hi - lo) / 2;
      });
      const guesses = Array.from({ length: 40 }, () => {
        const [a = [], b = []] = simulate({ blocks: 12, rounds: 6, speedups: EQUAL }, NOISY, random);
        return expectedHalfWidth(a, b, evidence) ?? Number.NaN;
      });
      // Each is a guess from 12 numbers; they must be right in the middle.
      expect(median(guesses) / median(truths)).toBeGreaterThan(0.85);
      expect(median(guesses) / median(truths)).toBeLessThan(1.15);
    }
  });

  it('says nothing from a single block', () => {
    const [a = [], b = []] = simulate({ blocks: 1, rounds: 6, speedups: EQUAL }, NOISY, randomOf(2));
    expect(expectedHalfWidth(a, b, { blocks: 10, rounds: 1 })).toBeUndefined();
  });
});

describe('upperBoundPoints', () => {
  it('are how many times as fast as one plain process several are, paired by turn', () => {
    const blocks = [0, 1, 2, 3, 4, 5, 6];
    const upperBoundOf = (lanes: number) => ({
      workload: 'work',
      params: {},
      lanes,
      // A machine that gets slower and slower: only pairs tell the ratio.
      samples: blocks.map((block) => ({ block, round: 0, wallMs: (10 + block) / lanes })),
      baseline: 'work/event-loop',
      speedup: { estimate: lanes, lo: lanes, hi: lanes, level: 0.95 },
      best: 'work/event-loop',
      share: { estimate: 1, lo: 1, hi: 1, level: 0.95 },
    });
    const points = upperBoundPoints(resultsOf({ upperBounds: [upperBoundOf(1), upperBoundOf(2), upperBoundOf(4)] }));
    expect(points.map(({ lanes }) => lanes)).toEqual([1, 2, 4]);
    expect(points.map(({ speedup }) => Number(speedup.lo.toFixed(9)))).toEqual([1, 2, 4]);
  });
});
