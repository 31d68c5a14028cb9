import { describe, expect, it } from 'vitest';
import { plainQueue } from '../../../dist/src/stats/load/plain-queue.js';

const SHAPE = { arrivals: { kind: 'poisson' }, requests: 200, settling: 50, probability: 0.99 } as const;
const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;
const ONE = plainQueue({ capacity: 100, aloneMs: 10 }, SHAPE, 7);
const RATES = [45, 55, 65, 80, 100];

describe('a plain queue beside a configuration', () => {
  it('takes as long as one task where none waits, and longer the higher the rate', () => {
    const few = plainQueue({ capacity: 1600, aloneMs: 10 }, SHAPE, 7);
    expect(Math.exp(few.typical(300))).toBeCloseTo(10, 6);
    const typical = RATES.map((rate) => ONE.typical(rate));
    expect(typical).toEqual(typical.toSorted((a, b) => a - b));
  });

  it('has a rate for each latency, which has that latency', () => {
    for (const rate of RATES) expect(ONE.rateAt(ONE.typical(rate)) / rate).toBeCloseTo(1, 6);
  });

  it('has no luck on average, whatever the rate', () => {
    const windows = Array.from({ length: 400 }, (_, block) => ONE.inWindow({ block, round: 0 }, 65));
    const mean = windows.reduce((sum, one) => sum + one, 0) / windows.length;
    // The standard error is 0.02.
    expect(Math.abs(mean - ONE.typical(65))).toBeLessThan(0.06);
  });

  it.each([0.8, 1, 1.25])('knows from a window that its tasks took %f times as long', (times) => {
    const slower = ONE.faster(1 / times);
    for (const rate of RATES) {
      const place = { block: 3, round: 0 };
      expect(Math.exp(ONE.slowness(place, rate, slower.inWindow(place, rate)))).toBeCloseTo(times, 3);
    }
  });

  it('takes tasks for four times as long at most, or a fourth', () => {
    const place = { block: 0, round: 0 };
    expect(ONE.slowness(place, 65, Infinity)).toBeCloseTo(Math.log(4), 3);
    expect(ONE.slowness(place, 65, -Infinity)).toBeCloseTo(-Math.log(4), 3);
  });

  it('takes longer where windows last longer, and only there', () => {
    const longer = plainQueue({ capacity: 100, aloneMs: 10 }, { ...SHAPE, leastWindowMs: 2500 }, 7);
    const place = { block: 0, round: 0 };
    expect(longer.typical(65)).toBe(ONE.typical(65));
    expect(longer.inWindow(place, 65)).toBe(ONE.inWindow(place, 65));
    // 300 arrivals, beyond what it can do: their queue is half as long again.
    expect(longer.typical(120) - ONE.typical(120)).toBeGreaterThan(0.2);
    expect(longer.inWindow(place, 120)).toBeGreaterThan(ONE.inWindow(place, 120));
  });

  it('holds less in long windows, the more so the shorter its own are', () => {
    const shareOf = (requests: number): number => {
      const own = plainQueue({ capacity: 100, aloneMs: 10 }, { ...SHAPE, requests, settling: requests / 4 }, 7);
      return own.lasting(own.rateAt(Math.log(OBJECTIVE.ms)));
    };
    const shares = [100, 400, 2000].map(shareOf);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.85);
    expect(shares[2]).toBeCloseTo(1, 1);
  });

  it('has other arrivals in a search', () => {
    const place = { block: 0, round: 0 };
    expect(ONE.inWindow({ ...place, phase: 'search' }, 80)).not.toBe(ONE.inWindow(place, 80));
  });
});
