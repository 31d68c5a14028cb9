import { describe, expect, it } from 'vitest';
import type { MeasuredCell, Scaling } from '../../dist/src/model/results.js';
import { concludeScaling, gainOf, type Usl } from '../../dist/src/stats/scaling.js';
import { cellOf } from '../support/results.js';
import { NOISY, randomOf, simulate } from '../support/simulate.js';
import { workloadOf } from '../support/workload.js';

const BLOCKS = 12;

/** Pools of these sizes, whose truth is known, on a noisy machine. */
function pools(sizes: readonly number[], timesAsFast: (lanes: number) => number, seed = 1): MeasuredCell[] {
  const simulation = { blocks: BLOCKS, rounds: 4, speedups: sizes.map(timesAsFast) };
  const walls = simulate(simulation, NOISY, randomOf(seed));
  return sizes.map((poolSize, index) => {
    const cell = cellOf({ id: `work/worker-threads@${poolSize}`, strategy: 'worker-threads', poolSize, wallsMs: [1] });
    const [sample] = cell.samples;
    const own = walls[index] ?? [];
    const samples = own.flatMap((wall) => (sample === undefined ? [] : [{ ...sample, ...wall }]));
    const median = own.map(({ wallMs }) => wallMs).toSorted((a, b) => a - b)[own.length >> 1] ?? 1;
    return { ...cell, samples, summary: { ...cell.summary, wallMs: { median, lo: null, hi: null } } };
  });
}

function scaling(
  cells: readonly MeasuredCell[],
  bound: 'cpu' | 'io' = 'io',
  cores = 2,
  alpha = 0.05,
): readonly Scaling[] {
  const group = { workload: workloadOf({ bound }), params: {}, compares: 'with-baseline' } as const;
  return concludeScaling(group, cells, { cores, minEffect: 0.05, alpha });
}

const law = (contention: number, coherency: number) => (lanes: number) =>
  Math.exp(gainOf({ contention, coherency }, lanes, 1));

describe('the model', () => {
  const RUNS = 300;
  it.each<[number[], Usl]>([
    [[1, 2, 4], { contention: 0.05, coherency: 0 }],
    [[1, 2, 4, 8], { contention: 0, coherency: 0 }],
    [[1, 2, 4, 8], { contention: 0.3, coherency: 0.001 }],
    [[2, 4, 8, 16, 64], { contention: 0.02, coherency: 0.01 }],
  ])('has CIs that contain the truth in at least 93% of runs: sizes %j, %j', (sizes, truth) => {
    const inside = { contention: 0, coherency: 0 };
    for (let seed = 1; seed <= RUNS; seed++) {
      const fit = scaling(pools(sizes, law(truth.contention, truth.coherency), seed))[0]?.fit;
      for (const name of ['contention', 'coherency'] as const)
        if (fit !== undefined && fit[name].lo <= truth[name] && truth[name] <= fit[name].hi) inside[name] += 1;
    }
    expect(Math.min(inside.contention, inside.coherency) / RUNS).toBeGreaterThanOrEqual(0.93);
  });

  it('has a band that is never above the number of workers', () => {
    const curve = scaling(pools([1, 2, 4, 8], (lanes) => lanes ** 1.02))[0]?.fit?.curve ?? [];
    expect(curve).toHaveLength(25);
    for (const { lanes, hi } of curve) expect(hi).toBeLessThanOrEqual(lanes);
  });

  it('has a CI at a bound too, not a width of 0', () => {
    // Better than linear: both parameters are at 0, and the noise is as large as elsewhere.
    const fit = scaling(pools([1, 2, 4, 8], (lanes) => lanes ** 1.02))[0]?.fit;
    expect(fit?.coherency).toMatchObject({ estimate: 0, lo: 0 });
    expect(fit?.coherency.hi).toBeGreaterThan(0.0001);
  });

  it('takes the level of the look: more looks, wider CIs', () => {
    const cells = pools([1, 2, 4, 8], law(0.1, 0.002));
    const [plain, look] = [scaling(cells)[0], scaling(cells, 'io', 2, 0.05 / 3)[0]];
    expect([plain?.level, plain?.fit?.level]).toEqual([1 - 0.05 / 3, 0.95]);
    expect(look?.fit?.level).toBe(1 - 0.05 / 3);
    expect(look?.fit?.contention.hi).toBeGreaterThan(plain?.fit?.contention.hi ?? 1);
    expect(look?.points[0]?.speedup.hi).toBeGreaterThan(plain?.points[0]?.speedup.hi ?? 9);
  });

  it('fits what follows it, and says so only where it could be seen not to', () => {
    const [many] = scaling(pools([1, 2, 4, 8, 16], law(0.05, 0.001)));
    expect(many?.fit).toMatchObject({ isChecked: true, lackOfFit: [] });
    const [few] = scaling(pools([1, 2, 4], law(0.05, 0.001)));
    expect(few?.fit).toMatchObject({ isChecked: false });
    expect(scaling(pools([1, 2], law(0.05, 0)))[0]?.fit).toBeUndefined();
  });

  it('is told not to fit where it does not', () => {
    // Eight lanes take a step down that no such curve takes.
    const [curve] = scaling(pools([1, 2, 4, 8, 16, 32], (lanes) => (lanes >= 8 ? lanes / 3 : lanes)));
    expect(curve?.fit?.lackOfFit.length).toBeGreaterThan(0);
  });

  it('tells from how many lanes on it gets slower, within what was measured', () => {
    const [curve] = scaling(pools([1, 2, 4, 8, 16, 32], law(0.02, 0.01)));
    // √(0.98 / 0.01) = 9.9
    expect(curve?.fit?.peakLanes).toBeGreaterThan(8);
    expect(curve?.fit?.peakLanes).toBeLessThan(12);
    expect(scaling(pools([1, 2, 4, 8], law(0.02, 0)))[0]?.fit?.peakLanes).toBeNull();
  });

  it('gets slower from the smallest pool on at the earliest, and only by more than the minimum effect', () => {
    const peakOf = (...times: readonly number[]): number | null | undefined =>
      scaling(pools([1, 2, 4, 8], (lanes) => times[Math.log2(lanes)] ?? 1))[0]?.fit?.peakLanes;
    expect(peakOf(1, 0.7, 0.4, 0.2)).toBe(1);
    expect(peakOf(1, 0.998, 0.995, 0.99)).toBeNull();
    expect(peakOf(1, 1, 1, 1)).toBeNull();
  });

  it('is drawn within its band, from the smallest size to the largest', () => {
    const curve = scaling(pools([2, 4, 8, 16], law(0.05, 0)))[0]?.fit?.curve ?? [];
    expect([curve[0]?.lanes, curve.at(-1)?.lanes]).toEqual([2, 16]);
    expect(curve[0]).toMatchObject({ speedup: 1, lo: 1, hi: 1 });
    for (const { speedup, lo, hi } of curve) {
      expect(lo).toBeLessThanOrEqual(speedup);
      expect(hi).toBeGreaterThanOrEqual(speedup);
    }
  });
});

describe('the points', () => {
  it('have Karp and Flatt’s serial fraction where one lane was measured', () => {
    const points = scaling(pools([1, 4], law(0.1, 0)))[0]?.points;
    const serial = points?.[0]?.serialFraction;
    expect(serial?.lo).toBeLessThan(0.1);
    expect(serial?.hi).toBeGreaterThan(0.1);
    expect(scaling(pools([2, 4], law(0.1, 0)))[0]?.points[0]?.serialFraction).toBeUndefined();
  });

  it('end where the knee is: the smallest size that may do 95% of the best', () => {
    expect(scaling(pools([1, 2, 4, 8], (lanes) => Math.min(lanes, 2)))[0]?.knee).toBe(2);
    expect(scaling(pools([1, 2, 4, 8], (lanes) => lanes))[0]?.knee).toBe(8);
  });

  it('tell of CPU work on more lanes than cores', () => {
    const cells = pools([1, 2, 4], (lanes) => Math.min(lanes, 2));
    expect(scaling(cells, 'cpu')[0]?.beyondCores).toBe(true);
    expect(scaling(cells, 'cpu', 4)[0]?.beyondCores).toBe(false);
    expect(scaling(cells, 'io')[0]?.beyondCores).toBe(false);
  });

  it('are none of one size, of too few blocks, or of the main loop', () => {
    expect(scaling(pools([4], () => 1))).toEqual([]);
    const short = pools([1, 2], (lanes) => lanes).map((cell) => ({ ...cell, samples: cell.samples.slice(0, 8) }));
    expect(scaling(short)).toEqual([]);
    expect(
      scaling(pools([1, 2], (lanes) => lanes).map((cell) => ({ ...cell, strategy: 'event-loop' as const }))),
    ).toEqual([]);
  });
});
