import { describe, expect, it } from 'vitest';
import type { CellLog, Measured, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { GroupVersion, PlannedCell } from '../../dist/src/model/plan.js';
import type { Sample } from '../../dist/src/model/results.js';
import { conclude, decided } from '../../dist/src/stats/conclude.js';
import { CALM } from '../support/group-task.js';
import { around, BLOCKS, CHILDREN, logOf, LOOP, measured, OPTIONS, THREADS } from '../support/measured.js';
import { samplesOf } from '../support/results.js';
import { workloadOf } from '../support/workload.js';

it('conclude gives the comparison with disturbed blocks as first measured, where its verdict is another', () => {
  const loop = logOf(LOOP, around(100));
  const threads = logOf(THREADS, around(50));
  const discarded = (log: CellLog, wallsMs: readonly number[]): CellLog => ({
    ...log,
    discardedSamples: samplesOf(wallsMs),
  });
  const same = conclude(measured([discarded(loop, [100, 100]), discarded(threads, [50, 50])]), OPTIONS, 2);
  expect(same.comparisons[0]).not.toHaveProperty('unrepeated');
  expect(same.cells[0]?.discardedSamples).toHaveLength(2);
  const other = conclude(measured([discarded(loop, [100, 100, 100]), discarded(threads, [400, 400, 400])]), OPTIONS, 2);
  expect(other.comparisons).toMatchObject([
    { verdict: 'faster', unrepeated: { verdict: 'inconclusive', speedup: { level: 0.95 } } },
  ]);
  const cutShort = conclude(measured([loop, discarded(threads, [400, 400, 400])], { complete: false }), OPTIONS, 2);
  expect(cutShort.comparisons[0]).not.toHaveProperty('unrepeated');
});

it('conclude compares each twin of an A/A test with its first, and recommends nothing', () => {
  const twinOf = (cell: PlannedCell): PlannedCell => ({ ...cell, id: `${cell.id}#2`, twin: 2 });
  const logs = [LOOP, THREADS].flatMap((cell) => [logOf(cell, around(100)), logOf(twinOf(cell), around(100))]);
  const { groups, ...rest } = measured(logs);
  const asTwins = groups.map((one) => ({ ...one, group: { ...one.group, compares: 'with-twin' as const } }));
  const { comparisons, recommendations } = conclude({ ...rest, groups: asTwins }, { ...OPTIONS, aa: true }, 2);
  expect(comparisons).toMatchObject([
    { baseline: LOOP.id, contender: `${LOOP.id}#2`, speedup: { level: 0.975 } },
    { baseline: THREADS.id, contender: `${THREADS.id}#2`, speedup: { level: 0.975 } },
  ]);
  expect(recommendations).toEqual([]);
});

describe('conclude', () => {
  it('compares every cell with the baseline, at a level shared among them', () => {
    const { comparisons } = conclude(
      measured([logOf(LOOP, around(100)), logOf(THREADS, around(50)), logOf(CHILDREN, around(101))]),
      OPTIONS,
      2,
    );
    expect(comparisons).toMatchObject([
      { baseline: LOOP.id, contender: THREADS.id, verdict: 'faster', blocks: BLOCKS, speedup: { level: 0.975 } },
      { baseline: LOOP.id, contender: CHILDREN.id, verdict: 'same' },
    ]);
    expect(comparisons[0]?.speedup.estimate).toBeCloseTo(2, 9);
  });

  it('recommends the one that a race has left if it has dropped everything else', () => {
    const far: CellLog = { ...logOf(THREADS, [400]), startsMs: [300, 310, 290], droppedFor: 'far-behind' };
    const loop = { ...logOf(LOOP, around(100)), startsMs: [100, 100, 100] };
    const { groups, ...rest } = measured([loop, far, { ...far, cell: CHILDREN }]);
    const raced = groups.map((one) => ({ ...one, group: { ...one.group, isRace: true } }));
    const { cells, comparisons, recommendations } = conclude({ ...rest, groups: raced }, OPTIONS, 2);
    expect(comparisons).toEqual([]);
    expect(recommendations).toMatchObject([{ choose: LOOP.id, tied: [LOOP.id] }]);
    expect(cells[1]).toMatchObject({ dropped: { isSlower: true } });

    const unsteady = raced.map((one) => ({
      ...one,
      cells: [{ ...loop, samples: samplesOf([100, 100, 300, 100, 300]) }, far],
    }));
    const doubted = conclude({ ...rest, groups: unsteady }, OPTIONS, 2);
    expect(doubted.warnings).toMatchObject([{ kind: 'race-assumption' }]);
    expect(doubted.cells[1]).toMatchObject({ dropped: { isSlower: false } });
  });

  it('keeps what was measured of a failed cell, and puts the next in place of a failed baseline', () => {
    const failed: CellLog = { ...logOf(LOOP, [100]), error: { name: 'Error', message: 'no', task: 1 } };
    const { cells, comparisons } = conclude(
      measured([failed, logOf(THREADS, around(50)), logOf(CHILDREN, around(70))]),
      OPTIONS,
      2,
    );
    expect(cells[0]).toMatchObject({ status: 'failed', error: { message: 'no' }, samples: [{ wallMs: 100 }] });
    expect(comparisons).toMatchObject([{ baseline: THREADS.id, contender: CHILDREN.id, verdict: 'slower' }]);
  });

  it('leaves out a cell that the run never came to', () => {
    expect(conclude(measured([logOf(LOOP, around(100)), logOf(THREADS, [])]), OPTIONS, 2).cells).toHaveLength(1);
  });

  it('says nothing that too few blocks cannot tell', () => {
    const found = conclude(measured([logOf(LOOP, [100, 100]), logOf(THREADS, [25, 25])]), OPTIONS, 2);
    expect(found.comparisons).toEqual([]);
    expect(found.recommendations).toEqual([]);
    expect(found.cells).toHaveLength(2);
  });

  it('warns of what the reader must know', () => {
    const kindsOf = (given: Partial<Sample>, wallMs = 50): string[] =>
      conclude(measured([logOf(LOOP, around(wallMs), given)]), OPTIONS, 2).warnings.map(({ kind }) => kind);
    expect(kindsOf({})).toEqual([]);
    expect(kindsOf({}, 1)).toEqual(['short-batch']);
    expect(kindsOf({ cpusUsed: 0.1 })).toEqual(['bound-not-seen']);
    expect(kindsOf({ digestShare: 0.1 })).toEqual(['costly-digest']);
    expect(kindsOf({ disorderedStamps: 1 })).toEqual(['disordered-stamps']);
    expect(kindsOf({ ranAgain: 1, fetchedReplies: 2 })).toEqual(['ran-again', 'replies-fetched']);
  });

  it('warns of a task that takes more than half of the default lock of a queue, unless it leaves the loop free', () => {
    const queue = { ...THREADS, id: 'work/bullmq@2', strategy: 'bullmq' };
    // The longest of four equal tasks, two of which run at any time, takes half of the batch.
    const half = { tasksInFlight: 2, longestTask: { index: 0, share: 0.25 } };
    const kindsOf = (wallMs: number, bound: 'cpu' | 'io' = 'cpu', cell = queue): string[] => {
      const { groups, ...rest } = measured([logOf(cell, [wallMs, wallMs, wallMs], half)]);
      const bounded = groups.map((one) => ({
        ...one,
        group: { ...one.group, workload: { ...one.group.workload, bound } },
      }));
      return conclude({ ...rest, groups: bounded }, OPTIONS, 2)
        .warnings.map(({ kind }) => kind)
        .filter((kind) => kind === 'longer-than-lock');
    };
    expect(kindsOf(30_001)).toEqual(['longer-than-lock']);
    expect(kindsOf(29_999)).toEqual([]);
    expect(kindsOf(30_001, 'io')).toEqual([]);
    expect(kindsOf(30_001, 'cpu', THREADS)).toEqual([]);
  });

  it('recommends nothing where a single cell was measured, and says what the choice gives up otherwise', () => {
    expect(conclude(measured([logOf(LOOP, around(100))]), OPTIONS, 2).recommendations).toEqual([]);
    const held = { loopDelayMs: { p50: 50, p99: 237, max: 237 } };
    const { recommendations } = conclude(
      measured([logOf(LOOP, around(100), held), logOf(THREADS, around(100))]),
      OPTIONS,
      2,
    );
    // Delays below 2 ms count as that.
    expect(recommendations).toMatchObject([
      { choose: LOOP.id, tied: [LOOP.id, THREADS.id], tradeOff: { cell: THREADS.id, speedup: { estimate: 1 } } },
    ]);
    expect(recommendations[0]?.tradeOff?.loopDelayMs?.estimate).toBeCloseTo(118.5, 6);
  });

  it('warns of lanes that have nothing to do in a batch', () => {
    const wide: PlannedCell = { ...THREADS, id: 'work/worker-threads@8', poolSize: 8 };
    expect(conclude(measured([logOf(wide, around(50))]), OPTIONS, 2).warnings).toEqual([
      { kind: 'more-lanes-than-tasks', workload: 'work', lanes: 8, tasks: 4 },
    ]);
  });

  it('does not choose between sequential and the event loop where no task waits: they are one program', () => {
    const sequential: PlannedCell = { ...LOOP, id: 'work/sequential', strategy: 'sequential', concurrency: 1 };
    const chosen = (tasksInFlight: number): unknown => {
      const cells = [logOf(LOOP, around(100), { tasksInFlight }), logOf(sequential, around(80))];
      const [found] = conclude(measured([...cells, logOf(THREADS, around(101))]), OPTIONS, 2).recommendations;
      return [found?.choose, found?.tied];
    };
    expect(chosen(1)).toEqual([LOOP.id, [LOOP.id, THREADS.id]]);
    expect(chosen(4)).toEqual([sequential.id, [sequential.id]]);
  });

  it('names the params in a warning about a workload that has some', () => {
    const { groups, ...rest } = measured([logOf(LOOP, around(10)), logOf({ ...THREADS, poolSize: 64 }, around(20))]);
    const scanned = groups.map((each) => ({ ...each, group: { ...each.group, params: { kb: 1 } } }));
    expect(conclude({ ...rest, groups: scanned }, OPTIONS, 2).warnings).toContainEqual(
      expect.objectContaining({ kind: 'more-lanes-than-tasks', workload: 'work', params: { kb: 1 } }),
    );
  });

  it('divides the level among the looks that were declared', () => {
    const cells = [logOf(LOOP, around(100)), logOf(THREADS, around(50))];
    const looked = conclude(measured(cells), { ...OPTIONS, looks: [8, 16, 32] }, 2);
    expect(looked.comparisons[0]?.speedup.level).toBeCloseTo(1 - 0.05 / 3, 12);
    expect(conclude(measured(cells), OPTIONS, 2).comparisons[0]?.speedup.level).toBe(0.95);
  });

  it('holds the best cell against what plain processes can give, block by block', () => {
    const samples = around(40).map((wallMs, block) => ({ block, round: 0, wallMs }));
    const cells = [logOf(LOOP, around(100)), logOf(THREADS, around(50))];
    const { upperBounds } = conclude(measured(cells, { upperBounds: [{ lanes: 2, samples }] }), OPTIONS, 2);
    expect(upperBounds).toMatchObject([{ lanes: 2, baseline: LOOP.id, best: THREADS.id }]);
    expect(upperBounds?.[0]?.speedup.estimate).toBeCloseTo(2.5, 9);
    // 40 ms where the best cell takes 50.
    expect(upperBounds?.[0]?.share.estimate).toBeCloseTo(0.8, 9);
  });

  it('compares the newer of two versions with the older, way by way, and recommends no way', () => {
    const newer: GroupVersion = { version: 'new', ref: { url: 'file:///new.js' }, source: 'new.js' };
    const ofNew = (cell: PlannedCell): PlannedCell => ({ ...cell, id: `${cell.id}~new`, version: 'new' });
    const cells = [
      logOf({ ...LOOP, version: 'old' }, around(100)),
      logOf(ofNew(LOOP), around(80)),
      logOf({ ...THREADS, version: 'old' }, around(50)),
      logOf(ofNew(THREADS), around(60)),
    ];
    const found = conclude(measured(cells, {}, newer), OPTIONS, 2);
    expect(found.comparisons).toMatchObject([
      { baseline: LOOP.id, contender: `${LOOP.id}~new`, verdict: 'faster', speedup: { level: 0.975 } },
      { baseline: THREADS.id, contender: `${THREADS.id}~new`, verdict: 'slower' },
    ]);
    expect(found.recommendations).toEqual([]);
    expect(found.workloads).toMatchObject([{ source: 'work.js', newerSource: 'new.js' }]);
  });

  it('warns of disturbed blocks that are left, unless everything has failed', () => {
    const noise = {
      hit: 3,
      repeated: 2,
      blocks: [0, 1, 2, 3].map((block) => ({ block, ...CALM, stealShare: block === 3 ? 0.9 : 0 })),
      discarded: [],
    };
    const limits = { stealShare: 0.02, throttledShare: 1, otherCores: 1, involuntaryPerSecond: 1, canaryShare: 1 };
    const { warnings } = conclude(
      measured([logOf(LOOP, around(50))], { noise }),
      { ...OPTIONS, noiseLimits: limits },
      2,
    );
    const warned = { kind: 'noisy-blocks', workload: 'work', blocks: 4, hit: 3, repeated: 2, left: 1 };
    expect(warnings).toEqual([warned]);
    const late = {
      ...noise,
      blocks: noise.blocks.map((one) => (one.block === 1 ? { ...one, refusedWindows: 1 } : one)),
    };
    expect(
      conclude(measured([logOf(LOOP, around(50))], { noise: late }), { ...OPTIONS, noiseLimits: limits }, 2).warnings,
    ).toEqual([{ ...warned, left: 2, refused: 1 }]);
    const failed = { ...logOf(LOOP, []), error: { name: 'Error', message: 'no' } };
    expect(conclude(measured([failed], { noise }), { ...OPTIONS, noiseLimits: limits }, 2).warnings).toEqual([]);
  });
});

describe('a machine whose CPUs are taken', () => {
  const freeIn = (freeCpus: number): MeasuredGroup['noise'] => ({
    hit: 0,
    repeated: 0,
    blocks: [0, 1, 2].map((block) => ({ block, ...CALM, freeCpus })),
    discarded: [],
  });
  const cells = [logOf(LOOP, around(100), { cpusUsed: 1 }), logOf(THREADS, around(80), { cpusUsed: 1.3 })];

  it('gives no verdict, however steady the neighbor is', () => {
    const found = conclude(measured(cells, { noise: freeIn(0.7) }), OPTIONS, 2);
    expect(found.warnings).toEqual([
      { kind: 'taken-cpus', workload: 'work', cores: 2, freeCpus: 0.7, neededCpus: 2, loopCpus: null },
    ]);
    expect([found.comparisons, found.recommendations]).toEqual([[], []]);
    expect(found.cells).toHaveLength(2);
  });

  it('claims of none that a race has dropped that it is slower', () => {
    const far: CellLog = { ...logOf(CHILDREN, [400]), startsMs: [300, 310, 290], droppedFor: 'far-behind' };
    const startsMs = [100, 100, 100];
    const logs = [...cells.map((log) => ({ ...log, startsMs })), far];
    const droppedIn = (noise: MeasuredGroup['noise']): unknown => {
      const { groups, ...rest } = measured(logs, { noise });
      const raced = groups.map((one) => ({ ...one, group: { ...one.group, isRace: true } }));
      return conclude({ ...rest, groups: raced }, OPTIONS, 2).cells[2]?.dropped?.isSlower;
    };
    expect([droppedIn(freeIn(1.6)), droppedIn(freeIn(0.7))]).toEqual([true, false]);
  });

  it('gives one if enough was free, or if the work got what it can use', () => {
    const verdicts = (given: Measured): number => conclude(given, OPTIONS, 2).comparisons.length;
    expect(verdicts(measured(cells, { noise: freeIn(1.6) }))).toBe(1);
    expect(verdicts(measured(cells.slice(0, 1), { noise: freeIn(0.7) }))).toBe(0);
    const busy = [logOf(LOOP, around(100)), logOf(THREADS, around(50), { cpusUsed: 1.9 })];
    expect(verdicts(measured(busy, { noise: freeIn(0.7) }))).toBe(1);
  });

  it('compares two versions, which need the same CPUs', () => {
    const versions = [
      logOf({ ...LOOP, id: 'work/event-loop', version: 'old' }, around(100)),
      logOf({ ...LOOP, id: 'work/event-loop~new', version: 'new' }, around(50)),
    ];
    const newer = { ref: workloadOf().ref, source: 'new.js', version: 'new' } as const;
    expect(conclude(measured(versions, { noise: freeIn(0.1) }, newer), OPTIONS, 2).comparisons).toHaveLength(1);
  });

  it('shows on an event loop that is always ready to run and is preempted, without a reading of others', () => {
    const starved = (given: Partial<Sample>): readonly string[] => {
      const { warnings } = conclude(measured([logOf(LOOP, around(100), given)]), OPTIONS, 2);
      return warnings.map(({ kind }) => kind);
    };
    const held = { cpusUsed: 0.61, loopDelayMs: { p50: 0, p99: 100, max: 100 } };
    expect(starved({ ...held, contextSwitches: { voluntary: 1, involuntary: 9 } })).toEqual(['taken-cpus']);
    // It waited by itself, as in synchronous I/O.
    expect(starved({ ...held, contextSwitches: { voluntary: 9, involuntary: 1 } })).toEqual([]);
    expect(starved({ ...held, contextSwitches: null })).toEqual([]);
  });
});

describe('decided', () => {
  it('are the cells without an open comparison: the baseline only with all others', () => {
    const both = measured([logOf(LOOP, around(100)), logOf(THREADS, around(50))]);
    const wild = [40, 160, 90, 30, 200, 100, 120, 60];
    const open = measured([logOf(LOOP, around(100)), logOf(THREADS, around(50)), logOf(CHILDREN, wild)]);
    const of = ({ groups }: Measured): readonly string[] => groups.flatMap((group) => decided(group, OPTIONS, 2));
    expect(of(both)).toEqual([LOOP.id, THREADS.id]);
    expect(of(open)).toEqual([THREADS.id]);
  });
});
