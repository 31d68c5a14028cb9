import { describe, expect, it } from 'vitest';
import { canaryDrift, differingLoad, driftOf } from '../../dist/src/stats/machine-between-runs.js';
import { CALM } from '../support/group-task.js';

type Measured = Parameters<typeof driftOf>[0];
type Cell = Parameters<typeof driftOf>[2];

const BLOCKS = 10;

/** A run beside others that use these CPUs of one machine, whose canary takes that long. */
function beside(otherCores: number, canaryMs = 1, name = 'b'): Measured {
  const noise = { stealShare: 0, throttledShare: 0, otherCores, freeCpus: 2 - otherCores };
  const blocks = Array.from({ length: BLOCKS }, (_, block) => {
    // Not all the same, which no machine is.
    const wave = 1 + 0.001 * (block % 3);
    return { ...CALM, block, canaryMs: wave, machines: [{ name, cpus: 2, canaryMs: canaryMs * wave, ...noise }] };
  });
  return {
    environment: { availableParallelism: 4 },
    noise: [{ workload: 'work', params: {}, blocks }],
  } as unknown as Measured;
}

const cellOn = (machines: number | undefined): Cell =>
  ({
    workload: 'work',
    params: {},
    poolSize: 2 * (1 + (machines ?? 0)),
    configuration: { machines },
  }) as unknown as Cell;

describe('two runs on several machines', () => {
  it('differ if others used more CPUs of one that joined, which is named', () => {
    expect(differingLoad([beside(0.1)], beside(1.2), cellOn(1))).toEqual({ old: 0.1, new: 1.2, machine: 'b' });
    expect(differingLoad([beside(0.1), beside(1.3)], beside(1.2), cellOn(1))).toBeUndefined();
  });

  it('differ from the nearest of several earlier ones, unless those used both more and less', () => {
    const between = (loads: readonly number[], load: number) =>
      differingLoad(
        loads.map((each) => beside(each)),
        beside(load),
        cellOn(1),
      );
    expect(between([0.1, 0.5], 1.2)).toMatchObject({ old: 0.5, new: 1.2 });
    expect(between([0.5, 0.1], 1.2)).toMatchObject({ old: 0.5, new: 1.2 });
    expect(between([1.3, 1.9], 0.1)).toMatchObject({ old: 1.3, new: 0.1 });
    expect(between([0.1, 1.9], 1)).toBeUndefined();
    // A quarter of a CPU more or less is no difference.
    expect(between([0.1, 0.5], 0.7)).toBeUndefined();
  });

  it('are alike if what others used more of was spare on the machine of the run', () => {
    const here = (otherCores: number): Measured => {
      const run = beside(0);
      const noise = run.noise.map((group) => ({
        ...group,
        blocks: group.blocks.map((block) => ({ ...block, otherCores })),
      }));
      return { ...run, noise };
    };
    // Of 4 CPUs, 2 workers are here, and 2 on the other machine.
    expect(differingLoad([here(0.1)], here(1.9), cellOn(1))).toBeUndefined();
    expect(differingLoad([here(0.1)], here(2.1), cellOn(1))).toEqual({ old: 0.1, new: 2.1 });
  });

  it('differ as much as the machine that differs most', () => {
    expect(Math.exp(driftOf(beside(0), beside(0, 1.2), cellOn(1)) ?? 0)).toBeCloseTo(1.2, 2);
  });

  it('are not known to be alike if one of them has not read what others did there', () => {
    const unread = beside(0);
    const noise = unread.noise.map((group) => ({
      ...group,
      blocks: group.blocks.map((block) => ({ ...block, machines: [] })),
    }));
    expect(driftOf({ ...unread, noise }, beside(0), cellOn(1))).toBeUndefined();
    // The second machine was another one, or nothing is known of this workload.
    expect(driftOf(beside(0), beside(0, 1, 'c'), cellOn(2))).toBeUndefined();
    const elsewhere = { ...unread, noise: [] };
    expect(driftOf(elsewhere, elsewhere, cellOn(1))).toBeUndefined();
  });

  it('are alike for a configuration that has no workers where they differ', () => {
    expect(differingLoad([beside(0.1)], beside(1.2), cellOn(undefined))).toBeUndefined();
    expect(driftOf(beside(0), beside(0, 1.2), cellOn(undefined))).toBeLessThan(0.01);
    const second = [beside(0.1, 1, 'c'), beside(1.2, 1.2, 'c')] as const;
    expect(differingLoad([second[0]], second[1], cellOn(1))).toBeUndefined();
    expect(driftOf(...second, cellOn(1))).toBeLessThan(0.01);
    expect(differingLoad([second[0]], second[1], cellOn(2))).toMatchObject({ machine: 'c' });
  });
});

it('the drift of a canary is as large whether it got slower or faster, and covers what it may be at most', () => {
  const before = Array.from({ length: BLOCKS }, (_, block) => 1 + 0.01 * (block % 4));
  const after = before.map((ms) => 1.2 * ms);
  const [slower = 0, faster = 0] = [canaryDrift(before, after), canaryDrift(after, before)];
  expect(slower).toBeCloseTo(faster, 12);
  expect(slower).toBeGreaterThan(Math.log(1.2));
  expect(canaryDrift(before.slice(0, 2), after.slice(0, 2))).toBeUndefined();
});
