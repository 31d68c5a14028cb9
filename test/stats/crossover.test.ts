import { describe, expect, it } from 'vitest';
import type { Crossover, MeasuredCell } from '../../dist/src/model/results.js';
import type { WallTime } from '../../dist/src/stats/compare.js';
import { concludeCrossovers, type ScannedGroup } from '../../dist/src/stats/crossover.js';
import { cellOf, sampleOf } from '../support/results.js';
import { NOISY, randomOf, simulate } from '../support/simulate.js';
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
  const group = { workload: workloadOf(), params, baseline: loop.id, compares: 'with-baseline' } as const;
  return {
    measured: { complete: true, group },
    ok: [loop, threads],
    comparisons: [comparison],
    recommendations: [],
    alpha: 0.05,
  };
}

/** One block after the other alike: only the interpolation is left. */
function crossoverWithoutNoise(work: Work): Crossover | undefined {
  const still = { drift: 0, host: 0, batch: 0, hiccupEvery: Number.POSITIVE_INFINITY };
  return simulated(work, 1, 0.05, still);
}

const scan = (gains: Readonly<Record<string, number>>, wobble?: number): Crossover | undefined =>
  concludeCrossovers(
    Object.entries(gains).map(([ms, gain]) => groupOf({ ms: Number(ms), kind: 'x' }, gain, wobble)),
  )[0];

/** A scan of work whose time in ms for each value of the param is known, for the event loop and for a pool. */
interface Work {
  readonly values: readonly number[];
  readonly loopMs: (value: number) => number;
  readonly poolMs: (value: number) => number;
}

function simulated(
  { values, loopMs, poolMs }: Work,
  seed: number,
  alpha = 0.05,
  machine = NOISY,
): Crossover | undefined {
  const random = randomOf(seed);
  const groups = values.map((ms): ScannedGroup => {
    const speedups = [10 / loopMs(ms), 10 / poolMs(ms)];
    const [loop = [], pool = []] = simulate({ blocks: BLOCKS, rounds: 4, speedups }, machine, random);
    const group = groupOf({ ms }, loopMs(ms) / poolMs(ms));
    const withWalls = (cell: MeasuredCell, walls: readonly WallTime[]): MeasuredCell => ({
      ...cell,
      samples: walls.map((wall) => ({ ...(cell.samples[0] ?? sampleOf({})), ...wall })),
    });
    const [first, second] = group.ok;
    return first === undefined || second === undefined
      ? group
      : { ...group, alpha, ok: [withWalls(first, loop), withWalls(second, pool)] };
  });
  return concludeCrossovers(groups)[0];
}

/** Work that a pool halves, at the price of so many ms a task. */
const halved = (values: readonly number[], overheadMs: number): Work => ({
  values,
  loopMs: (value) => value,
  poolMs: (value) => value / 2 + overheadMs,
});

describe('the crossover', () => {
  it('is where the ratio of the times crosses 1, on a straight line over 1 / param where the param scales the task', () => {
    // 10 tasks of t ms, of which a pool halves each and adds 1 ms: equal at t = 2; ratios 1.5 at 1 and 0.6 at 10.
    const found = crossoverWithoutNoise(halved([1, 10], 1));
    expect(found).toMatchObject({ kind: 'crosses', above: true, isSure: true, param: 'ms', from: 1, to: 10 });
    expect(found?.at?.estimate).toBeCloseTo(2, 9);
    expect(found?.between).toEqual({ from: 1, to: 10 });
  });

  it.each<[string, Work, number]>([
    ['a task with a fixed part', { ...halved([0.1, 1], 0.25), loopMs: (value) => value + 0.1 }, 0.3],
    ['the square of the param', { values: [2, 10], loopMs: (n) => n * n, poolMs: (n) => (n * n) / 2 + 8 }, 4],
    ['a pool that suffers alone', { values: [1, 64], loopMs: () => 10, poolMs: (n) => 5 + n / 2 }, 10],
    ['a param that can be 0', { values: [0, 64], loopMs: () => 10, poolMs: (n) => 12 - n / 16 }, 32],
  ])('is found without error for %s', (_work, work, truth) => {
    expect(crossoverWithoutNoise(work)?.at?.estimate).toBeCloseTo(truth, 9);
  });

  const RUNS = 300;
  it.each<[string, Work, number]>([
    ['the scan of the README', halved([0.05, 0.2, 1, 5], 0.25), 0.5],
    ['two values far apart', halved([1, 100], 1), 2],
    ['a crossing near a value', halved([0.05, 0.2, 1, 5], 0.11), 0.22],
    ['a small gain', { values: [0.1, 0.3, 1, 3], loopMs: (t) => t, poolMs: (t) => 0.8 * t + 0.1 }, 0.5],
    ['the square of the param', { values: [2, 5, 10], loopMs: (n) => n * n, poolMs: (n) => (n * n) / 2 + 18 }, 6],
    ['a pool that suffers alone', { values: [1, 4, 16, 64], loopMs: () => 10, poolMs: (n) => 5 + n / 2 }, 10],
  ])('of %s has a CI that contains the truth in at least 93 of 100 runs, and no bias', (_work, work, truth) => {
    const found = Array.from({ length: RUNS }, (_, run) => simulated(work, run + 1)?.at);
    const inside = found.filter((at) => at !== undefined && (at.lo ?? 0) <= truth && truth <= (at.hi ?? Infinity));
    expect(inside.length / RUNS).toBeGreaterThanOrEqual(0.93);
    const errors = found.flatMap((at) => (at === undefined ? [] : [Math.log(at.estimate / truth)]));
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(0.02);
  });

  it('takes the level of the look: more looks, a wider CI', () => {
    const [plain, look] = [0.05, 0.05 / 3].map((alpha) => simulated(halved([0.2, 1], 0.25), 1, alpha)?.at);
    expect([plain?.level, look?.level]).toEqual([0.95, 1 - 0.05 / 3]);
    expect(look?.lo).toBeLessThan(plain?.lo ?? 0);
    expect(look?.hi).toBeGreaterThan(plain?.hi ?? 9);
  });

  it('counts the time of a task, since batches of other values can have another number of them', () => {
    const [small, large] = [groupOf({ ms: 1 }, 0.5, 0), groupOf({ ms: 10 }, 2, 0)];
    // The walls are 100 ms each: with 100 and 10 tasks, the time of a task grows with the param.
    const tasks = (group: ScannedGroup, count: number): ScannedGroup => ({
      ...group,
      measured: { complete: true, group: { ...group.measured.group, workload: workloadOf({ tasks: count }) } },
    });
    // Loses 1 ms of 1 at 1, gains 5 of 10 at 10: equal a sixth of the way.
    expect(concludeCrossovers([tasks(small, 100), tasks(large, 10)])[0]?.at?.estimate).toBeCloseTo(2.5, 9);
  });

  it('goes the other way where the pool is better for small tasks', () => {
    const found = scan({ 1: 2, 100: 0.5 });
    expect(found).toMatchObject({ kind: 'crosses', above: false });
  });

  it('has an open end where it may be beyond what was measured', () => {
    const found = scan({ 1: 0.96, 100: 2 }, 0.1);
    expect(found).toMatchObject({ kind: 'crosses', isSure: false });
    expect(found?.at?.lo).toBeNull();
    expect(found?.at?.hi).toBeGreaterThan(1);
  });

  it('has no ends with too few blocks for a CI', () => {
    const groups = [groupOf({ ms: 1 }, 0.5), groupOf({ ms: 10 }, 2)].map((group) => ({ ...group, alpha: 0.0001 }));
    expect(concludeCrossovers(groups)[0]).toMatchObject({ isSure: false, at: { lo: null, hi: null } });
  });

  it('is none where one is faster at every value, and sure where every comparison shows it', () => {
    expect(scan({ 1: 1.5, 10: 1.8 })).toMatchObject({ kind: 'always', isSure: true });
    expect(scan({ 1: 0.5, 10: 0.6 })).toMatchObject({ kind: 'never', isSure: true });
    expect(scan({ 1: 0.5, 10: 0.95 })).toMatchObject({ kind: 'never', isSure: false });
    // Slightly, but surely: the CI leaves 1 out.
    const slightly = [groupOf({ ms: 1 }, 1.5, 0), groupOf({ ms: 10 }, 1.02, 0)].map((group) => ({
      ...group,
      comparisons: group.comparisons.map((each) => ({ ...each, verdict: 'same' as const })),
    }));
    expect(concludeCrossovers(slightly)[0]).toMatchObject({ kind: 'always', isSure: true });
  });

  it('is not concluded beyond a value where nothing was compared, unless it was dropped for being far behind', () => {
    const [small, large] = [groupOf({ ms: 1 }, 0.5), groupOf({ ms: 10 }, 0.6)];
    const open = { ...large, comparisons: [] };
    expect(concludeCrossovers([small, open])).toEqual([]);
    const far = { behind: { lo: 2, hi: 3 }, speedup: { lo: 0.3, hi: 0.5 }, isSlower: true };
    const ok = open.ok.map((cell) => (cell.strategy === 'worker-threads' ? { ...cell, dropped: far } : cell));
    expect(concludeCrossovers([small, { ...open, ok }])[0]).toMatchObject({ kind: 'never', isSure: false });
  });

  it('is not sure where a value was interrupted', () => {
    const cut = (group: ScannedGroup): ScannedGroup => ({ ...group, measured: { ...group.measured, complete: false } });
    const groups = (last: number) => [groupOf({ ms: 1 }, 0.5, 0), groupOf({ ms: 10 }, last, 0)] as const;
    const of = ([small, large]: ReturnType<typeof groups>) => concludeCrossovers([small, cut(large)])[0];
    expect(of(groups(2))).toMatchObject({ kind: 'crosses', isSure: false });
    expect(of(groups(0.5))).toMatchObject({ kind: 'never', isSure: false });
  });

  it('is none where the changes of sides may be noise', () => {
    expect(scan({ 1: 0.95, 10: 1.05, 100: 0.95, 1000: 2 })).toBeUndefined();
  });

  it('has no value where significant differences change sides more than once', () => {
    expect(scan({ 1: 0.5, 10: 2, 100: 0.5 })).toMatchObject({ kind: 'several', isSure: true });
  });

  it('is found for each kind of pool, a queue included', () => {
    const queued = [groupOf({ ms: 1 }, 0.5, 0), groupOf({ ms: 10 }, 2, 0)].map((group) => {
      const [loop, threads] = group.ok;
      if (loop === undefined || threads === undefined) throw new Error('two cells expected');
      const id = 'work/bullmq@2';
      const comparisons = group.comparisons.flatMap((one) => [one, { ...one, contender: id }]);
      return { ...group, comparisons, ok: [loop, threads, { ...threads, id, strategy: 'bullmq' }] };
    });
    // 100 ms lost at 1, 50 gained at 10.
    expect(concludeCrossovers(queued).map(({ contender, at }) => [contender, at?.estimate])).toEqual([
      ['worker-threads@2', expect.closeTo(7, 9)],
      ['bullmq@2', expect.closeTo(7, 9)],
    ]);
  });

  it('is asked of scans over one param of numbers only', () => {
    expect(concludeCrossovers([groupOf({ ms: 1 }, 0.5)])).toEqual([]);
    expect(concludeCrossovers([groupOf({ kind: 'a' }, 0.5), groupOf({ kind: 'b' }, 2)])).toEqual([]);
    expect(concludeCrossovers([groupOf({ a: 1, b: 1 }, 0.5), groupOf({ a: 2, b: 2 }, 2)])).toEqual([]);
  });
});
