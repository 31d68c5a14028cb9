import { describe, expect, it } from 'vitest';
import type { MeasuredCell, Results } from '../../dist/src/model/results.js';
import type { CellLog } from '../../dist/src/model/measured.js';
import type { Group } from '../../dist/src/model/plan.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { isSameProgram, sameAsLoop, sameInRace } from '../../dist/src/stats/same-program.js';
import { groupTaskOf } from '../support/group-task.js';
import { cellOf, resultsOf, sampleOf } from '../support/results.js';

const loopWith = (tasksInFlight: number, given: Partial<MeasuredCell> = {}): MeasuredCell => {
  const cell = cellOf({ id: 'work/event-loop', wallsMs: [10] });
  return { ...cell, ...given, summary: { ...cell.summary, tasksInFlight } };
};
const SEQUENTIAL = cellOf({ id: 'work/sequential', strategy: 'sequential', wallsMs: [10] });
const THREADS = cellOf({ id: 'work/worker-threads@2', strategy: 'worker-threads', poolSize: 2, wallsMs: [10] });

describe('the same program', () => {
  it('is that of sequential if no task waits on the event loop, which is the baseline', () => {
    expect(sameAsLoop([loopWith(1), SEQUENTIAL, THREADS], 'work/event-loop')).toEqual([SEQUENTIAL]);
    expect(sameAsLoop([loopWith(3), SEQUENTIAL, THREADS], 'work/event-loop')).toEqual([]);
  });

  it('is that of the event loop if sequential is the baseline', () => {
    const loop = loopWith(1);
    expect(sameAsLoop([loop, SEQUENTIAL, THREADS], SEQUENTIAL.id)).toEqual([loop]);
    expect(sameAsLoop([loopWith(3), SEQUENTIAL, THREADS], SEQUENTIAL.id)).toEqual([]);
  });

  it('is that of the event loop with fewer tasks at once, which nothing shows to wait', () => {
    const [one, four] = [1, 4].map((concurrency) =>
      loopWith(1, { id: `work/event-loop@1x${concurrency}`, concurrency }),
    );
    if (one === undefined || four === undefined) throw new Error('both were made');
    const all = loopWith(1);
    expect(sameAsLoop([one, four, all, THREADS], all.id)).toEqual([one, four]);
    expect(sameAsLoop([one, four, all, THREADS], THREADS.id)).toEqual([one, four]);
    // The current configuration of a tuning is its baseline.
    expect(sameAsLoop([one, four, all], one.id)).toEqual([four, all]);
    expect(sameAsLoop([one, four], undefined)).toEqual([one]);
    expect(sameAsLoop([one, loopWith(3)], all.id)).toEqual([]);
    expect(sameAsLoop([one, four, loopWith(1.2)], all.id)).toEqual([]);
    // One task at a time shows nothing about the others.
    expect(sameAsLoop([one, SEQUENTIAL], one.id)).toEqual([]);
  });

  it('is that of a cell which a race has dropped for it, whatever is seen later', () => {
    const dropped = { behind: { lo: 1, hi: 1 }, isSlower: false, isSameProgram: true } as const;
    const out = { ...SEQUENTIAL, dropped };
    expect(sameAsLoop([loopWith(3), out, THREADS], 'work/event-loop')).toEqual([out]);
  });

  it('is not that of a twin or another version, which are measured to be compared', () => {
    for (const given of [{ twin: 2 }, { version: 'new' }] as const)
      expect(sameAsLoop([loopWith(1), loopWith(1, given)], 'work/event-loop')).toEqual([]);
  });

  it('is none of another runtime or with other libuv threads', () => {
    for (const given of [{ runtime: 'node24' }, { uvThreads: 8 }])
      for (const baseline of ['work/event-loop', SEQUENTIAL.id])
        expect(sameAsLoop([loopWith(1, given), SEQUENTIAL], baseline)).toEqual([]);
  });
});

it('where versions or twins are compared, none is called the same program: each is held against itself', () => {
  const { workloads, options } = resultsOf();
  const isSame = (given: Partial<Results>): readonly boolean[] =>
    groupResults(resultsOf({ cells: [loopWith(1), SEQUENTIAL], ...given })).map((group) =>
      isSameProgram(SEQUENTIAL, group),
    );
  expect(isSame({})).toEqual([true]);
  expect(isSame({ options: { ...options, aa: true } })).toEqual([false]);
  expect(isSame({ workloads: workloads.map((one) => ({ ...one, newerSource: 'new.js' })) })).toEqual([false]);
  expect(isSame({ options: { ...options, baseline: 'child-processes' } })).toEqual([false]);
});

describe('a race', () => {
  const logOf = (
    { id, strategy, concurrency, runtime }: MeasuredCell,
    tasksInFlight: number[],
    given: Partial<CellLog> = {},
  ): CellLog => ({
    cell: { id, strategy, poolSize: 1, concurrency, ...(runtime && { runtime }) },
    startupMs: [],
    memoryBytes: [],
    hostCopyBytes: [],
    doubts: [],
    samples: tasksInFlight.map((inFlight, block) => ({ ...sampleOf({ wallMs: 10 }), block, tasksInFlight: inFlight })),
    startsMs: [],
    error: undefined,
    ...given,
  });
  const LOOP = loopWith(1);
  const group = (given: Partial<Group> = {}): Group => ({ ...groupTaskOf({ blocks: 1 }).group, ...given });
  const sameOf = (loop: number[], given: Partial<Group> = {}, log: Partial<CellLog> = {}): readonly string[] =>
    sameInRace(group(given), [logOf(LOOP, loop), logOf(SEQUENTIAL, [1], log), logOf(THREADS, [1])]);

  it('measures sequential no further where no batch of the event loop had a task that waits', () => {
    expect(sameOf([1, 1.01])).toEqual([SEQUENTIAL.id]);
    expect(sameOf([1, 3])).toEqual([]);
    expect(sameOf([])).toEqual([]);
  });

  it('measures the event loop no further where sequential is the baseline', () => {
    expect(sameOf([1], { baseline: SEQUENTIAL.id })).toEqual([LOOP.id]);
  });

  it.each<readonly [string, Partial<Group>, Partial<CellLog>]>([
    ['another baseline', { baseline: THREADS.id }, {}],
    ['candidates of a tuning', { selectBy: [] }, {}],
    ['versions of each', { compares: 'with-older-self' }, {}],
    ['a cell that is out already', {}, { droppedFor: 'far-behind' }],
    ['a cell that has failed', {}, { error: { name: 'Error', message: 'no' } }],
  ])('measures all with %s', (_what, given, log) => {
    expect(sameOf([1], given, log)).toEqual([]);
  });
});
