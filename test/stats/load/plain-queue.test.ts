import { describe, expect, it } from 'vitest';
import { heldByBlock, heldDifferences, type JudgedWindow } from '../../../src/stats/load/held-by-block.ts';
import { plainQueue } from '../../../src/stats/load/plain-queue.ts';

const SHAPE = { arrivals: { kind: 'poisson' }, requests: 200, settling: 50, probability: 0.99 } as const;
const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;
const ONE = plainQueue({ capacity: 100, aloneMs: 10 }, SHAPE, 7);
const RATES = [45, 55, 65, 80, 100];
const BLOCKS = 8;
const TYPICAL = Math.log(ONE.rateAt(Math.log(OBJECTIVE.ms)));

/** Windows whose latency is so many times that of the queue; the luck of their arrivals counts as much as it is told. */
function windowsOf(times: number, luckOf: (luck: number) => number): readonly JudgedWindow[] {
  return Array.from({ length: BLOCKS }, (_, block) =>
    RATES.map((rate) => {
      const place = { block, round: 0 };
      const luck = ONE.inWindow(place, rate) - ONE.typical(rate);
      return { ...place, rate, state: 'ok' as const, judgedMs: times * Math.exp(ONE.typical(rate) + luckOf(luck)) };
    }),
  ).flat();
}

function spreadOf(windows: readonly JudgedWindow[], queue = true): number {
  const rates = heldByBlock(windows, OBJECTIVE, queue ? ONE : undefined).map(({ at }) => at);
  return Math.max(...rates) - Math.min(...rates);
}

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
    const shares = [100, 400, 4000].map(shareOf);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.85);
    expect(shares[2]).toBeCloseTo(1, 1);
  });

  it('has other arrivals in a search', () => {
    const place = { block: 0, round: 0 };
    expect(ONE.inWindow({ ...place, phase: 'search' }, 80)).not.toBe(ONE.inWindow(place, 80));
  });
});

describe('rates held beside a plain queue', () => {
  it('do not vary by the luck of their arrivals', () => {
    const windows = windowsOf(1, (luck) => luck);
    expect(spreadOf(windows, false)).toBeGreaterThan(0.2);
    expect(spreadOf(windows)).toBeLessThan(1e-9);
    for (const { at } of heldByBlock(windows, OBJECTIVE, ONE)) expect(at).toBeCloseTo(TYPICAL, 9);
  });

  it('lose only so much of the luck as the configuration shows', () => {
    expect(spreadOf(windowsOf(1, (luck) => luck / 2))).toBeLessThan(1e-9);
    // It shows none, or the contrary of what the queue had.
    for (const luckOf of [() => 0, (luck: number) => -luck]) {
      const windows = windowsOf(1, luckOf);
      expect(Math.abs(spreadOf(windows) - spreadOf(windows, false))).toBeLessThan(0.05);
    }
  });

  it('lie on a curve that is shaped like the queue between two rates', () => {
    const [held] = heldByBlock(
      windowsOf(1.2, () => 0).filter(({ block }) => block === 0),
      OBJECTIVE,
      ONE,
    );
    expect(held?.at).toBeCloseTo(Math.log(ONE.rateAt(Math.log(OBJECTIVE.ms / 1.2))), 3);
  });

  it('differ from others by the error of the queue, less of it beside queues of as many servers, whose curve is one', () => {
    const windows = windowsOf(1, (luck) => luck);
    const two = plainQueue({ capacity: 100, aloneMs: 20 }, SHAPE, 7);
    const [alike, other, none] = [ONE, two, undefined].map((queue) => heldByBlock(windows, OBJECTIVE, queue));
    const reachOf = (contender = alike, baseline = alike): number => {
      const [{ lo, hi } = { lo: 0, hi: 0 }] = heldDifferences(baseline ?? [], contender ?? []);
      return (hi - lo) / 2;
    };
    expect(reachOf()).toBeCloseTo(0.005, 9);
    expect(reachOf(other)).toBeCloseTo(0.01, 9);
    expect(reachOf(none, none)).toBe(0);
  });

  it('keep all luck with too few windows to know its share', () => {
    const [held] = heldByBlock(
      windowsOf(1, (luck) => luck).filter(({ block }) => block === 0),
      OBJECTIVE,
      ONE,
    );
    expect(Math.abs((held?.at ?? 0) - TYPICAL)).toBeGreaterThan(0.01);
  });
});
