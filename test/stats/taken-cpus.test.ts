import { describe, expect, it } from 'vitest';
import type { MeasuredGroup } from '../../dist/src/model/measured.js';
import type { JoinedMachine } from '../../dist/src/model/plan.js';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { areTaken, starvedLoop, takenCpus } from '../../dist/src/stats/taken-cpus.js';
import { CALM } from '../support/group-task.js';
import { cellOf, sampleOf } from '../support/results.js';
import { workloadOf } from '../support/workload.js';

const B: JoinedMachine = { name: 'b', node: 'v20.20.2', platform: 'linux', arch: 'x64', cpus: 4 };

/** Of its workers, as many are on each of the other machines as here. */
function spread(poolSize: number, cpusHere: number, cpusElsewhere: number, machines = 1): MeasuredCell {
  const id = `work/bullmq@${poolSize}~machines${machines}`;
  const times = { wallMs: 100, cpusUsed: cpusHere + cpusElsewhere, elsewhereMs: cpusElsewhere * 100 };
  const cell = cellOf({ id, strategy: 'bullmq', poolSize, concurrency: 1, wallsMs: [100, 100, 100] });
  return {
    ...cell,
    machines,
    samples: [0, 1, 2].map((block) => sampleOf({ ...times, block })),
    summary: { ...cell.summary, cpusUsed: times.cpusUsed },
  };
}

const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [300, 300, 300] });

function found(
  cells: readonly MeasuredCell[],
  { here = 2, there }: { readonly here?: number; readonly there?: number },
  joined: readonly JoinedMachine[] = [B],
  workload = workloadOf(),
) {
  const machine = { name: 'b', cpus: 4, canaryMs: 1, stealShare: 0, throttledShare: 0, otherCores: 0 };
  const blocks = [0, 1, 2].map((block) => ({
    ...CALM,
    block,
    freeCpus: here,
    ...(there !== undefined && { machines: [{ ...machine, freeCpus: there }] }),
  }));
  const group = { compares: 'with-baseline', workload } as const;
  const measured = { group, noise: { blocks, hit: 0, repeated: 0, discarded: [] } } as unknown as MeasuredGroup;
  return takenCpus(measured, cells, 2, joined);
}

describe('a configuration on several machines', () => {
  it('has no verdict if others took CPUs on one that joined, which is named', () => {
    const short = found([LOOP, spread(4, 1.9, 1.2)], { there: 1.1 });
    expect(short).toEqual({
      kind: 'taken-cpus',
      workload: 'work',
      machine: 'b',
      cores: 4,
      freeCpus: 1.1,
      neededCpus: 2,
      loopCpus: null,
    });
    expect(found([LOOP, spread(4, 1.9, 1.2)], { there: 3.8 })).toBeUndefined();
    // It got what it can use.
    expect(found([LOOP, spread(4, 1.9, 1.9)], { there: 1.1 })).toBeUndefined();
  });

  it('needs CPUs here for the workers that are here', () => {
    expect(found([spread(4, 1, 1)], { here: 1, there: 4 })).toMatchObject({ cores: 2, freeCpus: 1, neededCpus: 2 });
    expect(found([spread(2, 0.6, 1)], { here: 1, there: 4 })).toBeUndefined();
  });

  it('needs them all here if the other machine is this one', () => {
    const same: JoinedMachine = { ...B, sharesCpus: true };
    expect(found([spread(2, 1.2, 0)], { here: 1 }, [same])).toMatchObject({ neededCpus: 2 });
    expect(found([spread(2, 1.2, 0)], { here: 1 }, [same])?.machine).toBeUndefined();
  });

  it('needs there as many CPUs as its largest pool has workers, and got what any of its pools used', () => {
    expect(found([LOOP, spread(6, 1.9, 1.2)], { there: 1.1 })).toMatchObject({ machine: 'b', neededCpus: 3 });
    expect(found([LOOP, spread(2, 0.9, 0.5), spread(6, 1.9, 1.2)], { there: 1.1 })).toMatchObject({ neededCpus: 3 });
    expect(found([LOOP, spread(2, 1, 0.9), spread(4, 1.9, 1.9)], { there: 1.1 })).toBeUndefined();
  });

  it('uses each of several other machines alike, of which only the sum is known', () => {
    const c: JoinedMachine = { ...B, name: 'c' };
    expect(found([LOOP, spread(6, 1.9, 3.8, 2)], { there: 1.1 }, [B, c])).toBeUndefined();
    expect(found([LOOP, spread(6, 1.9, 2.4, 2)], { there: 1.1 }, [B, c])).toMatchObject({ machine: 'b' });
    // The other one is this machine.
    const same: JoinedMachine = { ...c, sharesCpus: true };
    expect(found([LOOP, spread(6, 1.9, 1.9, 2)], { there: 1.1 }, [B, same])).toBeUndefined();
  });

  it('looks only at machines that its configurations use', () => {
    expect(found([LOOP], { there: 0 })).toBeUndefined();
  });
});

describe('work that waits', () => {
  const threads = cellOf({ id: 'work/worker-threads@2', strategy: 'worker-threads', poolSize: 2, wallsMs: [100] });
  const idle = { ...threads, summary: { ...threads.summary, cpusUsed: 0.2 } };
  const of = (boundIs: 'claimed' | 'measured', here: number) =>
    found([idle], { here }, [], { ...workloadOf({ bound: 'io' }), boundIs });

  it('needs no CPUs but those that it uses', () => {
    expect(of('measured', 0.6)).toBeUndefined();
    expect(of('claimed', 0.1)).toBeUndefined();
  });

  it('has no verdict where hardly anything was free and nobody says that it waits: it may have been kept waiting', () => {
    expect(of('measured', 0.3)).toMatchObject({ freeCpus: 0.3, neededCpus: 2 });
  });
});

describe('a configuration on one machine', () => {
  const pool = (cpusUsed: number): MeasuredCell => {
    const cell = cellOf({ id: 'work/worker-threads@4', strategy: 'worker-threads', poolSize: 4, wallsMs: [100] });
    return { ...cell, summary: { ...cell.summary, cpusUsed } };
  };

  it('needs no more CPUs than there are', () => {
    expect(found([pool(1.7)], { here: 1.6 }, [])).toBeUndefined();
    expect(found([pool(1.7)], { here: 1.4 }, [])).toMatchObject({ neededCpus: 2 });
  });

  it('needs for I/O-bound work what it used, and not a CPU for each worker', () => {
    const waiting = workloadOf({ bound: 'io' });
    expect(found([pool(0.2)], { here: 0.1 }, [], waiting)).toBeUndefined();
    expect(found([pool(1.2)], { here: 0.5 }, [], waiting)).toMatchObject({ neededCpus: 1.2 });
    expect(found([pool(1.2)], { here: 0.8 }, [], waiting)).toBeUndefined();
  });
});

it('an event loop is starved if it never waited, and was preempted more often than it waited', () => {
  const loopWith = (longestDelayMs: number, involuntary: number, cpusUsed = 0.6): MeasuredCell => ({
    ...LOOP,
    summary: { ...LOOP.summary, cpusUsed },
    samples: [0, 1, 2].map((block) =>
      sampleOf({
        block,
        wallMs: 100,
        loopDelayMs: { p50: 0, p99: longestDelayMs, max: longestDelayMs },
        contextSwitches: { voluntary: 5, involuntary },
      }),
    ),
  });
  expect(starvedLoop(loopWith(95, 9))).toBe(0.6);
  expect(starvedLoop(loopWith(95, 1))).toBeUndefined();
  // It has waited, which leaves CPU time unused.
  expect(starvedLoop(loopWith(20, 9))).toBeUndefined();
  expect(starvedLoop(loopWith(95, 9, 0.95))).toBeUndefined();
});

it('CPUs are taken if more than half of one is missing, or a part that is less', () => {
  expect([1.6, 1.4, null].map((free) => areTaken(free, 2))).toEqual([false, true, false]);
  expect([1.9, 1.6].map((free) => areTaken(free, 2, 0.2))).toEqual([false, true]);
  expect([1.6, 1.4].map((free) => areTaken(free, 2, 0.8))).toEqual([false, true]);
});
