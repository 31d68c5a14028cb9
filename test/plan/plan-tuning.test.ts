import { describe, expect, it } from 'vitest';
import type { Plan } from '../../dist/src/model/plan.js';
import { selecting } from '../../dist/src/plan/cells.js';
import { planConfirmation, planScreening } from '../../dist/src/plan/plan-tuning.js';
import type { WorkloadClaims } from '../../dist/workers/claims.js';
import { tuneRequest, type TuneAsked } from '../support/requests.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };

function screening(request: TuneAsked = {}, claims: Partial<WorkloadClaims> = {}, machine = MACHINE): Plan {
  const tuning = tuneRequest(request, machine);
  return planScreening([foundWorkload(claims)], tuning, 1, machine);
}

const ways = ({ groups }: Plan): string[] =>
  groups.flatMap(({ cells }) => cells.map(({ id }) => id.replace('work/', '')));

describe('the grid', () => {
  it('is, for CPU work, pools of up to twice the cores with one task, some and all in flight', () => {
    const pools = (strategy: string): string[] =>
      [1, 2, 4].flatMap((size) => ['', 'x4', 'xall'].map((concurrency) => `${strategy}@${size}${concurrency}`));
    expect(ways(screening())).toEqual([
      'event-loop@1x1',
      'event-loop',
      ...pools('worker-threads'),
      ...pools('child-processes'),
      'event-loop~uv16',
    ]);
  });

  it('has more lanes where tasks wait', () => {
    expect(screening({}, { bound: 'io' }).options.poolSizes).toEqual([1, 2, 4, 8]);
  });

  it('has the number of cores in it, and on a large machine few sizes and no more lanes than memory has room for', () => {
    expect(screening({}, {}, { ...MACHINE, cores: 6 }).options.poolSizes).toEqual([1, 2, 4, 6, 8, 12]);
    const large = screening({}, {}, { ...MACHINE, cores: 96 }).options.poolSizes;
    expect(large).toEqual([1, 2, 4, 8, 16, 32]);
    const asked = screening({ maxPoolSize: 192 }, {}, { ...MACHINE, cores: 96 }).options.poolSizes;
    expect(asked).toEqual([1, 4, 16, 64, 96, 192]);
  });

  it('is what was asked for, within the limit', () => {
    const request = { strategies: ['worker-threads'], poolSizes: [1, 2, 3, 4, 5, 6], concurrency: [2], maxPoolSize: 3 };
    expect(ways(screening(request))).toEqual(['worker-threads@1x2', 'worker-threads@2x2', 'worker-threads@3x2']);
  });

  it('tries every size of libuv’s pool that was asked for', () => {
    const request = { strategies: ['event-loop@1xall'], uvThreads: [4, 8] };
    expect(ways(screening(request))).toEqual(['event-loop~uv4', 'event-loop~uv8']);
  });

  it('has the event loop with all tasks at once and limited, whatever the workers of pools are given', () => {
    const request = { strategies: ['event-loop', 'worker-threads'], poolSizes: [2], concurrency: [2] };
    expect(ways(screening(request, { bound: 'io' }))).toEqual([
      'event-loop@1x1',
      'event-loop@1x8',
      'event-loop',
      'worker-threads@2x2',
      'event-loop~uv16',
    ]);
  });

  it('has no event loop that is limited to as many tasks as a batch has', () => {
    const loops = (tasks: number): readonly string[] =>
      ways(screening({ strategies: ['event-loop'], tasks }, { bound: 'io', tasks }));
    expect(loops(8)).toEqual(['event-loop@1x1', 'event-loop', 'event-loop~uv16']);
    expect(loops(9)).toContain('event-loop@1x8');
    // Batches of so many that were not asked for may get more.
    expect(ways(screening({ strategies: ['event-loop'] }, { bound: 'io', tasks: 8 }))).toContain('event-loop@1x8');
    expect(
      ways(screening({ strategies: ['worker-threads'], poolSizes: [2], tasks: 8 }, { bound: 'io', tasks: 8 })),
    ).toEqual(['worker-threads@2', 'worker-threads@2xall']);
  });

  it('is the configurations that were asked for, and nothing besides', () => {
    const request = { strategies: ['event-loop@1xall', 'event-loop@1x4', 'worker-threads@2x4'] };
    expect(ways(screening(request))).toEqual(['event-loop', 'event-loop@1x4', 'worker-threads@2x4']);
  });

  it('holds the present setting, once, and measures everything against it', () => {
    const beyond = screening({ current: { strategy: 'worker-threads', poolSize: 8, concurrency: 1 } });
    expect(ways(beyond).at(-1)).toBe('worker-threads@8');
    expect(beyond.groups[0]?.baseline).toBe('work/worker-threads@8');
    const within = screening({ current: { strategy: 'worker-threads', poolSize: 2, concurrency: 4 } });
    expect(ways(within).filter((way) => way === 'worker-threads@2x4')).toHaveLength(1);
    expect(screening().groups[0]?.baseline).toBe('work/event-loop');
    // It may be the best one, unless there is a limit.
    expect(beyond.options.tuning?.maxPoolSize).toBe(8);
    expect(
      screening({ current: { strategy: 'worker-threads', poolSize: 8, concurrency: 1 }, maxPoolSize: 4 }).options.tuning
        ?.maxPoolSize,
    ).toBe(4);
  });

  it('makes batches of several tasks for each lane, unless it was said how many', () => {
    expect(screening({}, { tasks: 6 }).groups[0]?.workload.tasks).toBe(24);
    expect(screening({ tasks: 6 }, { tasks: 6 }).groups[0]?.workload.tasks).toBe(6);
  });

  it('makes batches of long tasks shorter, down to one for each lane, or as the module declares', () => {
    const tasksOf = (bound: 'cpu' | 'io', measuredTaskMs: number, tasks?: number): number | undefined => {
      const found = foundWorkload({ bound, ...(tasks !== undefined && { tasks }) });
      const tuning = tuneRequest({}, MACHINE);
      return planScreening([{ ...found, measuredTaskMs }], tuning, 1, MACHINE).groups[0]?.workload.tasks;
    };
    expect([200, 300, 5000].map((taskMs) => tasksOf('cpu', taskMs))).toEqual([16, 8, 4]);
    expect(tasksOf('io', 5000)).toBe(16);
    expect(tasksOf('cpu', 5000, 8)).toBe(8);
  });

  it('has no limit of as many tasks as a batch of long ones has, since no batch gets more', () => {
    const found = { ...foundWorkload({ bound: 'cpu' }), measuredTaskMs: 5000 };
    const grid = ways(planScreening([found], tuneRequest({}, MACHINE), 1, MACHINE));
    expect(grid).toContain('worker-threads@2xall');
    expect(grid).not.toContain('worker-threads@2x4');
  });

  it('has more than one candidate, since there is nothing to choose from otherwise', () => {
    expect(() => screening({ strategies: ['process-per-task'], poolSizes: [2] })).toThrow(
      'work would have one candidate, and tune chooses among several',
    );
    const current = { strategy: 'worker-threads', poolSize: 2, concurrency: 1 } as const;
    expect(ways(screening({ strategies: ['process-per-task'], poolSizes: [2], current }))).toHaveLength(2);
  });

  it('has nothing in it if no strategy is left', () => {
    expect(() => screening({ poolSizes: [4], maxPoolSize: 2 })).toThrow(
      'no pool size of 4 is within --max-pool-size 2',
    );
  });
});

describe('the screening', () => {
  it('is a race: a block of one round of every candidate, then new blocks of those that are left', () => {
    const [group] = screening().groups;
    expect(group?.isRace).toBe(true);
    expect(group?.blocks.map((block) => block.length)).toEqual([1, 5, 5, 5]);
  });

  it('has fewer rounds where batches are long', () => {
    const evidence = { blocks: 3, rounds: 5 };
    expect([10, 60, 160, 1000].map((batchMs) => selecting(evidence, batchMs).rounds)).toEqual([5, 4, 2, 2]);
  });

  it('drops what took 1.5 times as long in both of its starts, and later where slower candidates may be chosen', () => {
    const factorOf = (request: TuneAsked): unknown =>
      screening(request).groups[0]?.selectBy?.map(({ factor }) => factor);
    expect(factorOf({})).toEqual([1.5]);
    expect(factorOf({ for: 'latency' })).toEqual([1.4 / 0.9]);
    expect(factorOf({ for: 'latency', minThroughput: 0.5 })).toEqual([2.8]);
  });
});

function confirmed(request: TuneAsked, batchMs: number): Plan {
  const tuning = tuneRequest(request, MACHINE);
  const first = planScreening([foundWorkload()], tuning, 1, MACHINE);
  const finalists = ['work/child-processes@2', 'work/worker-threads@2x4'];
  return planConfirmation(first, tuning, { finalists, tasks: 64, batchMs }, 2);
}

describe('the confirmation', () => {
  it('measures the finalists anew, with what they are held against, in batches of the same size', () => {
    const plan = confirmed(
      { current: { strategy: 'worker-threads', poolSize: 4, concurrency: 1 }, preset: 'quick' },
      1000,
    );
    expect(ways(plan)).toEqual(['event-loop', 'worker-threads@2x4', 'worker-threads@4', 'child-processes@2']);
    expect(plan.groups[0]).toMatchObject({
      baseline: 'work/worker-threads@4',
      upperBoundLanes: [2],
      upperBoundBlocks: 6,
      upperBoundRounds: 1,
    });
    expect(plan.groups[0]?.workload).toMatchObject({ tasks: 64, tasksAreFixed: true });
    expect(plan.groups[0]?.blocks).toHaveLength(8);
    expect(plan.groups[0]).not.toHaveProperty('selectBy');
    expect(plan.groups[0]).not.toHaveProperty('isRace');
  });

  it('measures the upper bound for as long as a finalist, by the time of the event loop where it is known', () => {
    const tuning = tuneRequest({}, MACHINE);
    const first = planScreening([foundWorkload()], tuning, 1, MACHINE);
    const calibrated = { 'work/event-loop': { batchMs: 80, preparingMs: 1 } };
    const plan = planConfirmation(first, tuning, { finalists: [], tasks: 64, batchMs: 40, calibrated }, 2);
    expect(plan.groups[0]?.upperBoundRounds).toBe(5);
  });

  it('has more rounds of short batches, up to four times those of the preset, unless it was said how many', () => {
    const rounds = (batchMs: number, request: TuneAsked = {}): number => confirmed(request, batchMs).options.rounds;
    // 400 ms of each in a block.
    expect([200, 100, 40, 20].map((batchMs) => rounds(batchMs))).toEqual([4, 4, 10, 16]);
    expect(rounds(40, { preset: 'quick' })).toBe(10);
    expect(rounds(40, { rounds: 2 })).toBe(2);
    const plan = confirmed({}, 40);
    expect(plan.groups[0]?.blocks.map((block) => block.length)).toEqual(Array.from({ length: 12 }, () => 10));
  });
});
