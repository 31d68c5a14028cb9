import { describe, expect, it } from 'vitest';
import { heldByBlock, heldDifferences } from '../../../dist/src/stats/load/held-by-block.js';
import { plainQueue } from '../../../dist/src/stats/load/plain-queue.js';
import type { JudgedWindow } from '../../../dist/src/stats/load/search-point.js';

const SHAPE = { arrivals: { kind: 'poisson' }, requests: 200, settling: 50, probability: 0.99 } as const;
const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;
const AIM = Math.log(OBJECTIVE.ms);
const ONE = plainQueue({ capacity: 100, aloneMs: 10 }, SHAPE, 7);
const RATES = [50, 58, 67, 78, 90];
const BLOCKS = 8;
const TYPICAL = Math.log(ONE.rateAt(AIM));

/** Windows whose latency is such a function of that of the queue: typically, and in this window longer by its luck. */
function windowsOf(logMsOf: (typical: number, luck: number, rate: number) => number, queue = ONE): JudgedWindow[] {
  return Array.from({ length: BLOCKS }, (_, block) =>
    RATES.map((rate) => {
      const place = { block, round: 0 };
      const typical = queue.typical(rate);
      const logMs = logMsOf(typical, queue.inWindow(place, rate) - typical, rate);
      return { ...place, rate, state: 'ok' as const, judgedMs: Math.exp(logMs) };
    }),
  ).flat();
}

function heldIn(windows: readonly JudgedWindow[]): readonly number[] {
  return heldByBlock(windows, OBJECTIVE, ONE).map(({ at }) => at);
}

function spreadOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

describe('rates held beside a plain queue', () => {
  it('do not vary by the luck of their arrivals', () => {
    const held = heldIn(windowsOf((typical, luck) => typical + luck));
    expect(spreadOf(held)).toBeLessThan(1e-3);
    for (const at of held) expect(at).toBeCloseTo(TYPICAL, 3);
  });

  it('are those of a queue that is faster or slower than it was rated', () => {
    for (const times of [0.9, 1.1]) {
      const other = ONE.faster(times);
      const held = heldIn(windowsOf((typical, luck) => typical + luck, other));
      for (const at of held) expect(Math.abs(at - Math.log(other.rateAt(AIM)))).toBeLessThan(0.01);
    }
  });

  it('are where a latency reaches the objective that grows otherwise than that of a queue', () => {
    // Half as steep or one and a half times, and 50 ms where the queue has 40 or 60.
    for (const [steep, off] of [
      [0.5, 0.8],
      [1.5, 1.2],
    ] as const) {
      const meets = Math.log(ONE.rateAt(AIM + Math.log(off)));
      const held = heldIn(windowsOf((typical, luck) => AIM + steep * (typical - AIM - Math.log(off)) + luck));
      const middle = held.reduce((sum, at) => sum + at, 0) / held.length;
      expect(Math.abs(middle - meets)).toBeLessThan(0.02);
    }
  });

  it('are moved little by a window that was disturbed', () => {
    const quiet = windowsOf((typical, luck) => typical + luck);
    const disturbed = quiet.map((window, index) =>
      index === 2 ? { ...window, judgedMs: 4 * (window.judgedMs ?? 0) } : window,
    );
    const [before = 0, after = 0] = [heldIn(quiet)[0], heldIn(disturbed)[0]];
    expect(after).toBeLessThan(before);
    expect(before - after).toBeLessThan(0.1);
  });

  it('are bounds if most of them lie beyond those that were measured', () => {
    const rates = (logMs: number) =>
      heldByBlock(
        windowsOf(() => logMs),
        OBJECTIVE,
        ONE,
      );
    for (const { at, lo, hi } of rates(Math.log(5))) {
      expect(at).toBeCloseTo(Math.log(90), 9);
      expect(lo).toBeGreaterThan(0);
      expect(hi).toBeGreaterThan(1e6);
    }
    for (const { at, lo } of rates(Math.log(5000))) {
      expect(at).toBeCloseTo(Math.log(50), 9);
      expect(lo).toBeLessThan(-1e6);
    }
  });

  it('are below those measured if every window ended early, and no higher if some did', () => {
    const quiet = windowsOf((typical, luck) => typical + luck);
    const early = (isEarly: (rate: number) => boolean): readonly JudgedWindow[] =>
      quiet.map((window) => (isEarly(window.rate) ? { ...window, state: 'overloaded' } : window));
    for (const { lo } of heldByBlock(
      early(() => true),
      OBJECTIVE,
      ONE,
    ))
      expect(lo).toBeLessThan(-1e6);
    for (const at of heldIn(early((rate) => rate === 90))) {
      expect(at).toBeLessThan(TYPICAL + 1e-3);
      expect(at).toBeGreaterThan(TYPICAL - 0.1);
    }
  });

  it('do not lie above the rates at which too many tasks are rejected, however short their latency is', () => {
    const windows = windowsOf(() => Math.log(30)).map((window) =>
      window.rate > 70 ? { ...window, judgedMs: null } : window,
    );
    for (const at of heldIn(windows)) {
      expect(Math.exp(at)).toBeLessThan(78);
      expect(Math.exp(at)).toBeGreaterThan(50);
    }
  });

  it('are known less well, in all blocks alike, the further from the windows they lie and the less these agree', () => {
    const noisy = (share: number) =>
      heldByBlock(
        windowsOf((typical, luck) => typical + share * luck),
        OBJECTIVE,
        ONE,
      );
    const reach = (share: number): number => {
      const [{ lo, hi } = { lo: 0, hi: 0 }] = noisy(share);
      return (hi - lo) / 2;
    };
    expect(reach(1)).toBeCloseTo(0.005, 4);
    expect(reach(-1)).toBeGreaterThan(reach(1));
  });

  it('differ from others by the error of the queue, less of it beside queues of as many servers, whose curve is one', () => {
    const windows = windowsOf((typical, luck) => typical + luck);
    const two = plainQueue({ capacity: 100, aloneMs: 20 }, SHAPE, 7);
    const [alike, other] = [ONE, two].map((queue) => heldByBlock(windows, OBJECTIVE, queue));
    const reachOf = (contender = alike, baseline = alike): number => {
      const [{ lo, hi } = { lo: 0, hi: 0 }] = heldDifferences(baseline ?? [], contender ?? []);
      return (hi - lo) / 2;
    };
    expect(reachOf()).toBeCloseTo(0.005, 4);
    expect(reachOf(other)).toBeGreaterThan(0.0099);
  });
});
