import { describe, expect, it } from 'vitest';
import type { Window } from '../../../dist/src/model/load.js';
import { compareLatencies, summarizeRate } from '../../../dist/src/stats/load/at-rate.js';
import { windowOf } from '../../support/windows.js';

const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;
const JUDGED = { alpha: 0.05, minEffectLog: Math.log(1.05) };

/** Eight blocks of two windows. */
function windowsOf(p99: (block: number) => number): readonly Window[] {
  return Array.from({ length: 16 }, (_, index) =>
    windowOf(Math.floor(index / 2), index % 2, p99(Math.floor(index / 2))),
  );
}

describe('a configuration at a rate', () => {
  it('holds the objective if the whole interval of its quantile is within it', () => {
    expect(
      summarizeRate(
        windowsOf((block) => 40 + block),
        OBJECTIVE,
        0.05,
      ),
    ).toMatchObject({
      rate: 40,
      holds: 'yes',
      missShare: 0,
    });
  });

  it('does not hold it if the whole interval exceeds it, and counts the share that missed', () => {
    const found = summarizeRate(
      windowsOf((block) => 60 + block),
      OBJECTIVE,
      0.05,
    );
    expect(found.holds).toBe('no');
    expect(found.missShare).toBeCloseTo(0.02, 12);
  });

  it('is unsure if the interval has the objective in it, or if there are too few blocks for one', () => {
    expect(
      summarizeRate(
        windowsOf((block) => 46 + block),
        OBJECTIVE,
        0.05,
      ).holds,
    ).toBe('unsure');
    expect(summarizeRate([windowOf(0, 0, 10), windowOf(1, 0, 11)], OBJECTIVE, 0.05)).toMatchObject({
      holds: 'unsure',
      objectiveMs: null,
    });
  });

  it('has the latency of the windows in which a task was done in time, and 0 if there are none', () => {
    const nothing = { p50: 0, p90: 0, p95: 0, p99: 0, max: 0 };
    const without = windowOf(0, 0, 40, { done: 0, gaveUp: 300, judgedMs: null, missed: 300, latencyMs: nothing });
    const mostly = summarizeRate([without, { ...without, round: 1 }, windowOf(1, 0, 40)], OBJECTIVE, 0.05);
    expect(mostly.latencyMs).toMatchObject({ p50: 10, p99: 40 });
    expect(summarizeRate([without], OBJECTIVE, 0.05).latencyMs).toEqual(nothing);
  });

  it('is overloaded if one window had to be cut off', () => {
    const windows = windowsOf(() => 40).with(3, windowOf(1, 1, 40, { state: 'overloaded' }));
    expect(summarizeRate(windows, OBJECTIVE, 0.05).holds).toBe('overloaded');
  });

  it('is limited by its driver if windows in more than a quarter of its blocks are refused', () => {
    const refusedIn = (...blocks: readonly number[]) =>
      windowsOf(() => 40).map((window) =>
        blocks.includes(window.block) && window.round === 0 ? { ...window, state: 'driver-limited' as const } : window,
      );
    expect(summarizeRate(refusedIn(1, 5), OBJECTIVE, 0.05).holds).toBe('yes');
    expect(summarizeRate(refusedIn(1, 4, 5), OBJECTIVE, 0.05).holds).toBe('driver-limited');
    expect(
      compareLatencies(
        windowsOf(() => 40),
        refusedIn(1, 5),
        JUDGED,
      ),
    ).toBeDefined();
    expect(
      compareLatencies(
        windowsOf(() => 40),
        refusedIn(1, 4, 5),
        JUDGED,
      ),
    ).toBeUndefined();
    expect(
      compareLatencies(
        refusedIn(1, 4, 5),
        windowsOf(() => 40),
        JUDGED,
      ),
    ).toBeUndefined();
  });

  it('does not hold the objective by rejecting what it cannot do in time', () => {
    const windows = windowsOf(() => 10).map((window) => ({
      ...window,
      rejected: 30,
      done: 270,
      missed: 30,
      judgedMs: null,
    }));
    expect(summarizeRate(windows, OBJECTIVE, 0.05)).toMatchObject({
      holds: 'no',
      objectiveMs: null,
      latencyMs: { p99: 10 },
      missShare: 0.1,
      rejectedShare: 0.1,
    });
    // In one block of eight: the others do not show it either.
    const once = windowsOf(() => 10).map((window) => (window.block === 3 ? { ...window, judgedMs: null } : window));
    expect(summarizeRate(once, OBJECTIVE, 0.05)).toMatchObject({ holds: 'unsure', objectiveMs: null });
  });

  it('counts the work for tasks that were given up', () => {
    const windows = windowsOf(() => 10).map((window) => ({
      ...window,
      gaveUp: 30,
      wasted: { tasks: 15, runningMs: 3750 },
    }));
    // Half of the time of a window, one such task was running.
    expect(summarizeRate(windows, OBJECTIVE, 0.05)).toMatchObject({
      gaveUpShare: 0.1,
      wastedShare: 0.05,
      wastedRunning: 0.5,
    });
  });
});

describe('the latencies of two configurations', () => {
  it('are compared block by block, so that arrivals that were worse for both do not matter', () => {
    const hard = (block: number): number => 20 * 3 ** (block % 3);
    const found = compareLatencies(
      windowsOf(hard),
      windowsOf((block) => hard(block) / 1.5),
      JUDGED,
    );
    expect(found).toMatchObject({ rate: 40, verdict: 'faster', blocks: 8 });
    expect(found?.speedup.estimate).toBeCloseTo(1.5, 9);
  });

  it('have no ratio if too many tasks of one had no result', () => {
    const rejecting = windowsOf(() => 40).with(3, windowOf(1, 1, 10, { rejected: 30, judgedMs: null }));
    expect(
      compareLatencies(
        windowsOf(() => 40),
        rejecting,
        JUDGED,
      ),
    ).toBeUndefined();
  });

  it('have no ratio if one was overloaded', () => {
    const overloaded = windowsOf(() => 40).with(0, windowOf(0, 0, 40, { state: 'overloaded' }));
    expect(
      compareLatencies(
        windowsOf(() => 40),
        overloaded,
        JUDGED,
      ),
    ).toBeUndefined();
  });
});
