import { describe, expect, it } from 'vitest';
import type { Plan } from '../../dist/src/model/plan.js';
import { withConfirmation } from '../../dist/src/plan/cells.js';
import { planRun } from '../../dist/src/plan/plan.js';
import type { WorkloadClaims } from '../../dist/workers/claims.js';
import { resolveRequest } from '../../dist/src/plan/resolve.js';
import { runRequest, type RunAsked } from '../support/requests.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };

function plan(request: RunAsked, claims: Partial<WorkloadClaims> = {}, seed = 1): Plan {
  return planRun([foundWorkload(claims)], runRequest(request, MACHINE), seed, MACHINE);
}

const ids = (planned: Plan): string[] => planned.groups.flatMap(({ cells }) => cells.map(({ id }) => id));

describe('the cells', () => {
  it('are, for CPU work, every strategy at one lane and at as many as there are cores', () => {
    expect(ids(plan({}))).toEqual([
      'work/sequential',
      'work/event-loop',
      'work/worker-threads@1',
      'work/worker-threads@2',
      'work/child-processes@1',
      'work/child-processes@2',
      'work/thread-per-task@2',
      'work/process-per-task@2',
    ]);
  });

  it('are, where tasks wait, pools with all tasks in flight as well', () => {
    const cells = ids(plan({ strategies: ['worker-threads', 'event-loop'], poolSizes: [2] }, { bound: 'io' }));
    expect(cells).toEqual(['work/worker-threads@2', 'work/worker-threads@2xall', 'work/event-loop']);
  });

  it('say in their ids what is not the default', () => {
    const request = {
      strategies: ['worker-threads', 'event-loop'],
      poolSizes: [2],
      concurrency: [8],
      params: { bytes: [1, 64] },
    };
    expect(ids(plan(request, { params: { bytes: 64, kind: 'x' } }))).toEqual([
      'work[bytes=1]/worker-threads@2x8',
      'work[bytes=1]/event-loop',
      'work/worker-threads@2x8',
      'work/event-loop',
    ]);
  });

  it('are single configurations where these are asked for, among the strategies', () => {
    const strategies = ['event-loop@1x8', 'worker-threads', 'child-processes@4x2', 'event-loop~uv16', 'event-loop'];
    expect(ids(plan({ strategies, poolSizes: [2], concurrency: [1, 'all'] }))).toEqual([
      'work/event-loop@1x8',
      'work/worker-threads@2',
      'work/worker-threads@2xall',
      'work/child-processes@4x2',
      'work/event-loop~uv16',
      'work/event-loop',
    ]);
    expect(ids(plan({ strategies: ['event-loop@1x8', 'event-loop@1x8'] }))).toEqual([
      'work/event-loop@1x8',
      'work/event-loop@1x8#2',
    ]);
  });

  it('keep all tasks at once on the event loop, whatever the pools are given', () => {
    expect(ids(plan({ strategies: ['event-loop', 'worker-threads@2'] }, { bound: 'io' }))).toEqual([
      'work/event-loop',
      'work/worker-threads@2',
    ]);
    const asked = plan({ strategies: ['event-loop', 'worker-threads@2', 'thread-per-task'], concurrency: [4] });
    expect(ids(asked)).toEqual(['work/event-loop', 'work/worker-threads@2', 'work/thread-per-task@2']);
    expect(asked.warnings).toContainEqual({ kind: 'limit-not-used', limit: 4 });
  });

  it('number twins', () => {
    expect(ids(plan({ strategies: ['worker-threads', 'worker-threads'], poolSizes: [2] }))).toEqual([
      'work/worker-threads@2',
      'work/worker-threads@2#2',
    ]);
  });

  it('of an A/A test are twins of each configuration, given once or twice, without a race or an upper bound', () => {
    const asked = plan({ aa: true, strategies: ['event-loop', 'event-loop', 'worker-threads'], poolSizes: [2] });
    expect(ids(asked)).toEqual([
      'work/event-loop',
      'work/event-loop#2',
      'work/worker-threads@2',
      'work/worker-threads@2#2',
    ]);
    expect(asked.groups[0]).toMatchObject({ compares: 'with-twin', upperBoundLanes: [] });
    expect(asked.groups[0]?.isRace).not.toBe(true);
    expect(() => plan({ aa: true, predict: [8] })).toThrow(/^--aa compares every configuration with itself/);
  });

  it('give a strategy without a pool all sizes only when they are asked for', () => {
    expect(ids(plan({ strategies: ['thread-per-task'], poolSizes: [1, 2] }))).toEqual([
      'work/thread-per-task@1',
      'work/thread-per-task@2',
    ]);
  });
});

describe('the baseline', () => {
  it('is the event loop, or the first cell if that was not asked for', () => {
    expect(plan({}).groups[0]?.baseline).toBe('work/event-loop');
    expect(plan({ strategies: ['sequential', 'worker-threads'] }).groups[0]?.baseline).toBe('work/sequential');
  });

  it('is the event loop with all tasks at once, before a limited one that was asked for first', () => {
    const strategies = ['event-loop@1x2', 'event-loop', 'worker-threads'];
    expect(plan({ strategies }).groups[0]?.baseline).toBe('work/event-loop');
    expect(plan({ strategies: ['worker-threads@2', 'event-loop@1xall'] }).groups[0]?.baseline).toBe('work/event-loop');
    expect(plan({ strategies: ['event-loop@1x2', 'worker-threads'] }).groups[0]?.baseline).toBe('work/event-loop@1x2');
  });

  it('can be one configuration, of a strategy or by itself', () => {
    const request = { strategies: ['event-loop', 'worker-threads'], poolSizes: [1, 2] };
    expect(plan({ ...request, baseline: 'worker-threads@2x1' }).groups[0]?.baseline).toBe('work/worker-threads@2');
    expect(() => plan({ ...request, baseline: 'worker-threads@4' })).toThrow(
      'Invalid --baseline "worker-threads@4": it is not among the strategies. Add it, as --strategy worker-threads@4,event-loop.',
    );
    expect(() => plan({ ...request, baseline: 'child-processes@2' })).toThrow('it is not among the strategies');
  });

  it('cannot be a strategy that is not measured', () => {
    expect(() => plan({ strategies: ['sequential'], baseline: 'event-loop' })).toThrow(
      'it is not among the strategies',
    );
  });
});

describe('the order', () => {
  const orders = (planned: Plan): string[][] =>
    planned.groups.flatMap(({ blocks }) => blocks.flatMap((block) => block.map((turns) => turns.map(({ id }) => id))));

  it('lets every cell run once in each round, and every second round is the reverse of the one before', () => {
    const found = orders(plan({ blocks: 10, rounds: 3, poolSizes: [1, 2] }));
    expect(found).toHaveLength(30);
    for (const turns of found) expect(turns.toSorted()).toEqual(ids(plan({ poolSizes: [1, 2] })).toSorted());
    const [first, second] = [0, 1].map((parity) => found.filter((_, round) => round % 2 === parity));
    expect(second).toEqual(first?.map((turns) => turns.toReversed()));
  });

  it('is the same for the same seed and another for another', () => {
    expect(orders(plan({}))).toEqual(orders(plan({})));
    expect(orders(plan({}, {}, 2))).not.toEqual(orders(plan({})));
  });

  it('puts every cell at every position about as often', () => {
    const first = orders(plan({ blocks: 200, rounds: 2, strategies: ['sequential', 'event-loop'] })).filter(
      (_, round) => round % 2 === 0,
    );
    const loopFirst = first.filter(([id]) => id === 'work/event-loop').length;
    // Of 200 fair choices, 65 to 135 hold all but one in a million (scipy.stats.binom.cdf(64, 200, .5) = 1.6e-7).
    expect(loopFirst).toBeGreaterThanOrEqual(65);
    expect(loopFirst).toBeLessThanOrEqual(135);
  });
});

describe('what cannot be decided', () => {
  it('is refused before anything is started, with the number of blocks it takes', () => {
    // 9 comparisons share 5%: 2^(1-n) <= 0.05/9 from n = 9 on.
    expect(() => plan({ blocks: 8, poolSizes: [1, 2] })).toThrow(
      '8 blocks cannot decide the 9 comparisons of work at a shared level of 5%: use --blocks 9',
    );
    expect(plan({ blocks: 9, poolSizes: [1, 2] }).groups[0]?.blocks).toHaveLength(9);
    expect(() => plan({ blocks: 5, strategies: ['event-loop', 'worker-threads@2x1'] })).toThrow(
      /^5 blocks cannot decide the comparison of work at a level of 5%: use --blocks 6 or more\.$/,
    );
  });

  it('a preset takes as many blocks as can decide', () => {
    const sizes = { strategies: ['worker-threads'], poolSizes: Array.from({ length: 16 }, (_, index) => index + 1) };
    // 15 comparisons share 5%: n = 10.
    expect(plan({ ...sizes, preset: 'quick' }).groups[0]?.blocks).toHaveLength(10);
  });

  it('is nothing if there is nothing to compare', () => {
    expect(plan({ strategies: ['sequential'], blocks: 1 }).groups[0]?.blocks).toHaveLength(1);
  });
});

describe('looks', () => {
  it('are declared at as many blocks, twice and four times as many, and share the level', () => {
    const planned = plan({ blocks: 12, strategies: ['sequential', 'event-loop'], untilDecided: true });
    expect(planned.options).toMatchObject({ looks: [12, 24, 48], blocks: 48 });
    expect(planned.groups[0]?.blocks).toHaveLength(48);
  });

  it('begin where they can decide, unless the number of blocks was asked for', () => {
    // 9 comparisons and 3 looks share 5%: 2^(1-n) <= 0.05/27 from n = 11 on.
    expect(plan({ preset: 'quick', untilDecided: true, poolSizes: [1, 2] }).options.looks).toEqual([11, 22, 44]);
    const cells = {
      strategies: ['worker-threads'],
      poolSizes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    };
    // 15 comparisons: n = 11.
    expect(plan({ ...cells, preset: 'quick', untilDecided: true }).options.looks).toEqual([11, 22, 44]);
    expect(() => plan({ ...cells, blocks: 10, untilDecided: true })).toThrow(
      '10 blocks cannot decide the 15 comparisons of work at a level of 5% shared among them and 3 looks: use --blocks 11',
    );
  });
});

describe('a race', () => {
  it('begins with two blocks of one round of every cell, before blocks enough for all of them', () => {
    const [group] = plan({ preset: 'quick' }).groups;
    expect(group?.isRace).toBe(true);
    const blocks = group?.blocks ?? [];
    expect(blocks.slice(0, 2).map((block) => block.length)).toEqual([1, 1]);
    // 7 comparisons share what dropping leaves of 5%: 2^(1-n) <= 0.0402/7 from n = 9 on.
    expect(blocks.slice(2).map((block) => block.length)).toEqual(Array.from({ length: 9 }, () => 3));
  });

  it('takes as many blocks as it needs, however few were asked for', () => {
    expect(plan({ blocks: 3 }).groups[0]?.blocks).toHaveLength(2 + 9);
  });

  it('confirms in new blocks of the cells that are left, in another order than before', () => {
    const planned = plan({ preset: 'standard' });
    const [group] = planned.groups;
    if (group === undefined) throw new Error('nothing was planned');
    const left = group.cells.slice(0, 3);
    const confirmed = withConfirmation(group, left, planned.options, planned.seed);
    expect(confirmed.blocks.slice(0, 2)).toEqual(group.blocks.slice(0, 2));
    expect(confirmed.blocks.slice(2)).toHaveLength(12);
    for (const round of confirmed.blocks.slice(2).flat())
      expect(round.map(({ id }) => id).toSorted()).toEqual(left.map(({ id }) => id).toSorted());
    expect(confirmed).toEqual(withConfirmation(group, left, planned.options, planned.seed));
  });

  it.each<[string, Parameters<typeof plan>[0]]>([
    ['few cells', { strategies: ['event-loop', 'worker-threads'] }],
    ['twins', { strategies: ['event-loop', 'event-loop', 'worker-threads', 'child-processes'] }],
    ['pool sizes that were asked for', { poolSizes: [1, 2] }],
  ])('is not run for %s: each of their numbers was asked for', (_, request) => {
    expect(plan(request).groups[0]?.isRace).toBeUndefined();
  });
});

describe('two versions of a workload', () => {
  const versus = (request: RunAsked = {}, newer: Partial<WorkloadClaims> = {}): Plan =>
    planRun(
      [
        foundWorkload({ services: ['http-server'] }),
        { ...foundWorkload(newer), ref: { url: 'file:///new.js' }, source: 'new.js' },
      ],
      runRequest({ strategies: ['event-loop', 'worker-threads'], poolSizes: [2], versus: true, ...request }, MACHINE),
      1,
      MACHINE,
    );

  it('are measured every way in the same blocks', () => {
    const [group, ...others] = versus().groups;
    expect(others).toEqual([]);
    expect(group?.versions[1]).toEqual({ version: 'new', ref: { url: 'file:///new.js' }, source: 'new.js' });
    expect(group?.compares).toBe('with-older-self');
    expect(group?.cells.map(({ id, version }) => [id, version])).toEqual([
      ['work/event-loop', 'old'],
      ['work/event-loop~new', 'new'],
      ['work/worker-threads@2', 'old'],
      ['work/worker-threads@2~new', 'new'],
    ]);
    expect(group?.workload.services).toEqual(['http-server']);
  });

  it('take the level of as many comparisons as there are ways', () => {
    // 2 comparisons share 5%: 2^(1-n) <= 0.025 from n = 7 on; 3 would take 7 too, 4 cells with one baseline as well.
    expect(() => versus({ blocks: 6 })).toThrow('6 blocks cannot decide the 2 comparisons of work');
    expect(versus({ blocks: 7 }).groups[0]?.blocks).toHaveLength(7);
  });

  it('run a race of four configurations or more, in which both versions of each stay or leave', () => {
    expect(versus().groups[0]?.isRace).toBeUndefined();
    const strategies = ['event-loop', 'worker-threads', 'child-processes', 'sequential'];
    const [group] = versus({ strategies, preset: 'quick' }).groups;
    expect(group?.isRace).toBe(true);
    expect(group?.cells).toHaveLength(8);
    // Four comparisons: each configuration with itself.
    expect(group?.blocks).toHaveLength(2 + 8);
  });

  it('have the same params and bound, or are not the same work', () => {
    expect(() => versus({}, { params: { n: 2 } })).toThrow(
      'The two versions must have the same params and bound: work.js has {} and "cpu", new.js has {"n":2} and "cpu".',
    );
    expect(() => versus({}, { bound: 'io' })).toThrow('new.js has {} and "io"');
  });

  it('are two', () => {
    expect(() => plan({ versus: true })).toThrow(
      '--versus takes two different paths, and got 1: lanewise run old/task.js new/task.js --versus.',
    );
  });
});

describe('the batch', () => {
  it('is as large as asked for, and then stays so', () => {
    expect(plan({ tasks: 3 }).groups[0]?.workload).toMatchObject({ tasks: 3, tasksAreFixed: true });
    expect(plan({}, { tasks: 5 }).groups[0]?.workload).toMatchObject({ tasks: 5, tasksAreFixed: false });
  });

  it('is as large as in the run that this one is to be compared with, params alike', () => {
    const batches = [{ workload: 'work', params: { n: 1 }, tasks: 48 }];
    const planned = plan({ batches, params: { n: [1, 2] } }, { params: { n: 1 }, tasks: 5 });
    expect(planned.groups.map(({ workload: { tasks, tasksAreFixed } }) => [tasks, tasksAreFixed])).toEqual([
      [48, true],
      [5, false],
    ]);
  });
});

describe('the upper bound', () => {
  it('is asked of as many plain processes as there are cores, for CPU-bound work', () => {
    expect(plan({}).groups[0]?.upperBoundLanes).toEqual([2]);
    // A prediction needs to know how much they slow each other down.
    expect(plan({ predict: [4] }).groups[0]?.upperBoundLanes).toEqual([1, 2]);
    expect(plan({}, { bound: 'io' }).groups[0]?.upperBoundLanes).toEqual([]);
    expect(plan({ upperBoundLanes: [] }).groups[0]?.upperBoundLanes).toEqual([]);
  });
});

describe('params', () => {
  it('stand in ids with what cannot be seen written out', () => {
    const planned = plan({ strategies: ['sequential'], params: { a: ['\u001b[31m\u202e'] } }, { params: { a: 'x' } });
    expect(ids(planned)).toEqual([String.raw`work[a=\u001b[31m\u202e]/sequential`]);
  });

  it('multiply out when several are scanned', () => {
    const planned = plan({ strategies: ['sequential'], params: { a: [1, 2], b: [3, 4] } }, { params: { a: 1, b: 3 } });
    expect(planned.groups.map(({ params }) => params)).toEqual([
      { a: 1, b: 3 },
      { a: 1, b: 4 },
      { a: 2, b: 3 },
      { a: 2, b: 4 },
    ]);
  });

  it('may have a list as one value', () => {
    const planned = plan({ strategies: ['sequential'], params: { a: [1], b: [[1, 2]] } }, { params: { a: 1, b: [] } });
    expect(planned.groups.map(({ params }) => params)).toEqual([{ a: 1, b: [1, 2] }]);
  });

  it.each([
    [{ byte: [1] }, 'Unknown param "byte": work takes bytes. Did you mean "bytes"?'],
    [{ bytes: ['many'] }, 'Invalid --param "bytes": that of work is a number [64], and "many" is not.'],
  ])('refuse %j', (params, sentence) => {
    expect(() => plan({ params }, { params: { bytes: 64 } })).toThrow(sentence);
  });
});

describe('more than a report can hold', () => {
  const numbers = Array.from({ length: 101 }, (_, index) => index);

  it('is refused before its order is made', () => {
    const beganMs = performance.now();
    expect(() =>
      plan({ strategies: ['event-loop', 'worker-threads'], poolSizes: [2], blocks: 10_000, rounds: 1000 }),
    ).toThrow(
      /^Too much to measure: 2 cells × 10000 blocks × 1000 rounds are 20000000 batches, and a report holds at most 250000\./,
    );
    expect(() => plan({ blocks: 10_000, rounds: 3, untilDecided: true })).toThrow('× 40000 blocks × 3 rounds');
    expect(performance.now() - beganMs).toBeLessThan(1000);
    expect(plan({ strategies: ['sequential'], blocks: 250, rounds: 1000 }).groups[0]?.blocks).toHaveLength(250);
  });

  it('is refused before its sets of params are made', () => {
    const values = { a: numbers, b: numbers, c: numbers };
    expect(() => plan({ params: values }, { params: { a: 1, b: 1, c: 1 } })).toThrow(
      'Invalid --param: 1030301 sets of params in all, and at most 10000 can be measured. Give fewer values.',
    );
  });
});

describe('what a module says of itself', () => {
  it.each([
    [{ bound: 'disk' }, "`bound` must be 'cpu', 'io' or 'mixed'"],
    [{ tasks: 0 }, '`tasks` must be a whole number from 1 to 1000000'],
    [{ tasks: 1_000_001 }, '`tasks` must be a whole number from 1 to 1000000'],
    [{ name: '' }, '`name` must be a text of 1 to 300 characters on one line'],
    [{ services: ['postgres'] }, 'unknown service "postgres"; use http-server'],
  ])('is checked: %j', (claims, sentence) => {
    expect(() => plan({}, claims as Partial<WorkloadClaims>)).toThrow(sentence);
  });

  it('refuses an input for a workload that makes its own', () => {
    expect(() => plan({ input: 1 }, { takesInput: false, params: { n: 1 } })).toThrow(
      'Invalid --input or --inputs: the workload work makes its own inputs; it takes --param n',
    );
  });
});

describe('inputs', () => {
  it.each([
    [{ readsInput: true }, {}, ['no-input']],
    [{ readsInput: true }, { input: 1 }, []],
    [{ readsInput: true, takesInput: false }, {}, []],
    [{ readsInput: false }, {}, []],
  ])('that a task reads are missed: %j with %j', (claims, request, kinds) => {
    expect(plan(request, claims).warnings.map(({ kind }) => kind)).toEqual(kinds);
  });

  const workload = (request: RunAsked) => plan(request, { tasks: 6 }).groups[0]?.workload;

  it('are one for all tasks, or one for each: then a batch has as many', () => {
    expect(workload({ input: { n: 1 } })).toMatchObject({ inputs: [{ n: 1 }], tasks: 6 });
    expect(workload({ inputs: ['a', 'b', 'c'] })).toMatchObject({ inputs: ['a', 'b', 'c'], tasks: 3 });
    expect(workload({ inputs: ['a', 'b', 'c'], tasks: 5 })).toMatchObject({ tasks: 5, tasksAreFixed: true });
    expect(workload({})?.inputs).toBeUndefined();
  });

  it('are not given twice', () => {
    expect(() => resolveRequest({ input: 1, inputs: [1] }, MACHINE)).toThrow(
      'Give either --input, for every task, or --inputs, one for each.',
    );
  });
});

describe('runtimes', () => {
  const runtime = (label: string) => ({
    label,
    execPath: label,
    flags: [],
    name: 'node' as const,
    version: '24.0.0',
    v8: '13',
  });
  const planOn = (labels: readonly string[], request: RunAsked): Plan =>
    planRun([foundWorkload()], runRequest(request, MACHINE), 1, { ...MACHINE, runtimes: labels.map(runtime) });

  it('make each way a cell on each of them; on the first is the baseline', () => {
    const planned = planOn(['node20', 'node24'], { strategies: ['worker-threads', 'event-loop'], poolSizes: [2] });
    expect(ids(planned)).toEqual([
      'work/worker-threads@2~node20',
      'work/worker-threads@2~node24',
      'work/event-loop~node20',
      'work/event-loop~node24',
    ]);
    expect(planned.groups[0]?.baseline).toBe('work/event-loop~node20');
  });

  it('leave ids as they are where all hosts run on the same', () => {
    const { label: _none, ...only } = runtime('');
    const planned = planRun([foundWorkload()], runRequest({ strategies: ['event-loop'] }, MACHINE), 1, {
      ...MACHINE,
      runtimes: [only],
    });
    expect(ids(planned)).toEqual(['work/event-loop']);
    expect(planned.runtimes).toEqual([only]);
  });
});

describe('warnings', () => {
  it('tell of lanes that cannot be used', () => {
    expect(plan({ strategies: ['worker-threads'], poolSizes: [8] }, { tasks: 4 }).warnings).toEqual([
      { kind: 'more-lanes-than-cores', workload: 'work', lanes: 8, cores: 2 },
    ]);
  });

  it.each([
    [
      { cpuQuota: 1.5, affinityCpus: 4 },
      { kind: 'quota-below-cores', quota: 1.5, cpus: 4 },
    ],
    [{ governor: 'powersave' }, { kind: 'slow-governor', governor: 'powersave' }],
    [{ physicalCores: 1 }, { kind: 'smt-siblings', workload: 'work', lanes: 2, physicalCores: 1 }],
  ])('tell of a machine that disturbs: %j', (facts, warning) => {
    const request = runRequest({ strategies: ['worker-threads'] }, MACHINE);
    expect(planRun([foundWorkload()], request, 1, { ...MACHINE, ...facts }).warnings).toEqual([warning]);
  });

  it('tell nothing of one that does not', () => {
    // An earlier run of Lanewise may have raised the load average.
    const quiet = { affinityCpus: 2, governor: 'performance', loadAverage: 3, physicalCores: 2 };
    const request = runRequest({ strategies: ['worker-threads'] }, MACHINE);
    expect(planRun([foundWorkload()], request, 1, { ...MACHINE, ...quiet }).warnings).toEqual([]);
  });
});

describe('the memory that all processes of a block need at once', () => {
  const MIB = 2 ** 20;
  const planIn = (availableMiB: number, limitMiB: number | null, request: RunAsked = {}): Plan => {
    const memory = {
      memoryAvailableBytes: availableMiB * MIB,
      memoryLimitBytes: limitMiB === null ? null : limitMiB * MIB,
    };
    return planRun([foundWorkload({})], runRequest(request, MACHINE), 1, { ...MACHINE, ...memory });
  };
  const little = ({ warnings }: Plan) => warnings.filter(({ kind }) => kind === 'little-memory');

  // 20 for Lanewise itself, 12 for each of 8 hosts and 2 of the upper bound, 5 threads of 8 and 5 children of 10.
  it('is refused where it cannot be had, with how many configurations would fit', () => {
    expect(() => planIn(200, 256)).toThrow(
      'The 8 configurations of work need at least 230 MiB of memory at once, and 200 MiB of the cgroup’s 256 are free. At most 7 would fit: ask for fewer with -s, -p and -c, or raise the limit.',
    );
    expect(() => planIn(30, 64)).toThrow('Not even one fits: raise the limit.');
  });

  it('is warned of where a module of ordinary size would need more', () => {
    expect(little(planIn(300, 384))).toEqual([
      {
        kind: 'little-memory',
        workload: 'work',
        processes: 15,
        neededBytes: 690 * MIB,
        availableBytes: 300 * MIB,
        limitBytes: 384 * MIB,
      },
    ]);
    expect(little(planIn(1024, 1024))).toEqual([]);
    expect(little(planIn(300, 384, { strategies: ['event-loop'] }))).toEqual([]);
  });

  it('is only warned of on a machine without a limit, where the system may still find some', () => {
    expect(little(planIn(30, null))).toHaveLength(1);
  });

  // 20 for Lanewise itself, 12 for each of 2 hosts and 2 of the upper bound, 1024 children of 10.
  it('is refused where the machine does not have it at all', () => {
    const request = runRequest({ strategies: ['event-loop', 'child-processes'], poolSizes: [1024] }, MACHINE);
    const memory = { memoryAvailableBytes: 6000 * MIB, memoryLimitBytes: null, memoryBytes: 8192 * MIB };
    expect(() => planRun([foundWorkload({})], request, 1, { ...MACHINE, ...memory })).toThrow(
      'The 2 configurations of work need at least 10308 MiB of memory at once, and this machine has 8192 MiB. At most 1 would fit: ask for fewer with -s, -p and -c, or take a larger machine.',
    );
  });
});

describe('the files that a host has open', () => {
  // 64 for itself, and one for each child or four for each thread.
  it.each([
    ['child-processes', 1024, 1088],
    ['worker-threads', 1024, 4160],
  ] as const)('are refused where fewer are allowed: %s@%i', (strategy, poolSize, needed) => {
    const request = runRequest({ strategies: ['event-loop', strategy], poolSizes: [poolSize] }, MACHINE);
    const planWith = (openFilesLimit: number) =>
      planRun([foundWorkload({})], request, 1, { ...MACHINE, openFilesLimit });
    expect(() => planWith(needed - 1)).toThrow(
      `-s ${strategy} -p 1024 needs about ${needed} open files, and only ${needed - 1} are allowed here: raise the limit with "ulimit -n ${needed}", or give a smaller -p.`,
    );
    expect(planWith(needed).groups).toHaveLength(1);
  });
});
