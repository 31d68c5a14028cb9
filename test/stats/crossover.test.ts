import { describe, expect, it } from 'vitest';
import type { Crossover } from '../../dist/src/model/results.js';
import { concludeCrossovers, type ScannedGroup } from '../../dist/src/stats/crossover.js';
import { cellOf } from '../support/results.js';
import { workloadOf } from '../support/workload.js';

const BLOCKS = 12;

/** A group in which two threads are so many times as fast as the event loop, with a wobble of a few percent. */
function groupOf(params: Readonly<Record<string, unknown>>, timesAsFast: number, wobble = 0.02): ScannedGroup {
  const around = (wallMs: number): number[] =>
    Array.from({ length: BLOCKS }, (_, block) => wallMs * (1 + wobble * (((block * 7) % 5) - 2)));
  const base = { workload: 'work', params };
  const loop = { ...cellOf({ id: 'work/event-loop', wallsMs: Array.from({ length: BLOCKS }, () => 100) }), ...base };
  const threads = {
    ...cellOf({
      id: 'work/worker-threads@2',
      strategy: 'worker-threads',
      poolSize: 2,
      wallsMs: around(100 / timesAsFast),
    }),
    ...base,
  };
  const verdict = timesAsFast > 1.1 ? 'faster' : timesAsFast < 0.9 ? 'slower' : 'inconclusive';
  const comparison = {
    ...base,
    baseline: loop.id,
    contender: threads.id,
    speedup: { estimate: timesAsFast, lo: timesAsFast, hi: timesAsFast, level: 0.95 },
    verdict,
    blocks: BLOCKS,
  } as const;
  const group = { workload: workloadOf(), params, baseline: loop.id, compares: 'with-baseline' };
  return {
    measured: { group } as unknown as ScannedGroup['measured'],
    ok: [loop, threads],
    comparisons: [comparison],
    recommendations: [],
  };
}

const scan = (gains: Readonly<Record<string, number>>, wobble?: number): Crossover | undefined =>
  concludeCrossovers(
    Object.entries(gains).map(([ms, gain]) => groupOf({ ms: Number(ms), kind: 'x' }, gain, wobble)),
  )[0];

describe('the crossover', () => {
  it('is where the gain crosses 1, on a straight line over the logarithm of the param', () => {
    // ln 0.5 to ln 2 between 1 and 100: half way, at 10.
    const found = scan({ 1: 0.5, 100: 2 });
    expect(found).toMatchObject({ kind: 'crosses', above: true, isSure: true, param: 'ms', from: 1, to: 100 });
    expect(found?.at?.estimate).toBeCloseTo(10, 0);
    expect(found?.at?.lo).toBeLessThan(10);
    expect(found?.at?.hi).toBeGreaterThan(10);
  });

  it('goes the other way where the pool is better for small tasks', () => {
    const found = scan({ 1: 2, 100: 0.5 });
    expect(found).toMatchObject({ kind: 'crosses', above: false });
    expect(found?.at?.estimate).toBeCloseTo(10, 0);
  });

  it('has an open end where it may be beyond what was measured', () => {
    const found = scan({ 1: 0.96, 100: 2 }, 0.1);
    expect(found).toMatchObject({ kind: 'crosses', isSure: false });
    expect(found?.at?.lo).toBeNull();
    expect(found?.at?.hi).toBeGreaterThan(1);
  });

  it('is none where one is faster at every value, and sure where every comparison shows it', () => {
    expect(scan({ 1: 1.5, 10: 1.8 })).toMatchObject({ kind: 'always', isSure: true });
    expect(scan({ 1: 0.5, 10: 0.6 })).toMatchObject({ kind: 'never', isSure: true });
    expect(scan({ 1: 0.5, 10: 0.95 })).toMatchObject({ kind: 'never', isSure: false });
  });

  it('is none where the changes of sides may be noise', () => {
    expect(scan({ 1: 0.95, 10: 1.05, 100: 0.95, 1000: 2 })).toBeUndefined();
  });

  it('has no value where significant differences change sides more than once', () => {
    expect(scan({ 1: 0.5, 10: 2, 100: 0.5 })).toMatchObject({ kind: 'several', isSure: true });
  });

  it('is asked of scans over one param of numbers only', () => {
    expect(concludeCrossovers([groupOf({ ms: 1 }, 0.5)])).toEqual([]);
    expect(concludeCrossovers([groupOf({ kind: 'a' }, 0.5), groupOf({ kind: 'b' }, 2)])).toEqual([]);
    expect(concludeCrossovers([groupOf({ a: 1, b: 1 }, 0.5), groupOf({ a: 2, b: 2 }, 2)])).toEqual([]);
  });
});
