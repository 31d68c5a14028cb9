import { describe, expect, it } from 'vitest';
import { fitUsl, gainOf, peakOf } from '../../dist/src/stats/scaling.js';

const SIZES = [2, 4, 8, 16, 32];
const exact = (contention: number, coherency: number, from = 1) =>
  SIZES.filter((lanes) => lanes > from).map((lanes) => ({
    lanes,
    gain: gainOf({ contention, coherency }, lanes, from),
  }));

describe('the Universal Scalability Law', () => {
  it('gives what Gunther gives: 1 + σ(N-1) + κN(N-1) times as slow as N lanes without either', () => {
    // By hand: 8 / (1 + 0.05 * 7 + 0.002 * 56) = 5.4720.
    expect(Math.exp(gainOf({ contention: 0.05, coherency: 0.002 }, 8, 1))).toBeCloseTo(5.472, 3);
    expect(gainOf({ contention: 0.3, coherency: 0.1 }, 4, 4)).toBe(0);
  });

  it.each([
    [0, 0],
    [0.05, 0],
    [0.02, 0.001],
    [0.3, 0.01],
    [0.9, 0],
    [0, 0.02],
  ])('is found again from exact points: contention %d, coherency %d', (contention, coherency) => {
    const found = fitUsl(exact(contention, coherency), 1);
    expect(found.contention).toBeCloseTo(contention, 3);
    expect(found.coherency).toBeCloseTo(coherency, 4);
  });

  it('is found from a reference of several lanes, too', () => {
    const found = fitUsl(exact(0.04, 0.0005, 4), 4);
    expect(found.contention).toBeCloseTo(0.04, 3);
    expect(found.coherency).toBeCloseTo(0.0005, 4);
  });

  it('stays within bounds where points are better than linear', () => {
    const found = fitUsl(
      SIZES.map((lanes) => ({ lanes, gain: Math.log(lanes * 1.3) })),
      1,
    );
    expect(found).toEqual({ contention: 0, coherency: 0 });
  });

  it('has its peak where κN² equals 1 - σ, and none without coherency', () => {
    expect(peakOf({ contention: 0.1, coherency: 0.009 })).toBeCloseTo(10, 6);
    expect(peakOf({ contention: 0.1, coherency: 0 })).toBeUndefined();
  });
});
