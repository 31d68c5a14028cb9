import { describe, expect, it } from 'vitest';
import type { BlockNoise, Results } from '../../dist/src/model/results.js';
import { compareRuns, type EarlierRuns } from '../../dist/src/stats/compare-runs.js';
import { CALM } from '../support/group-task.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';

const BLOCKS = 12;
const walls = (wallMs: number, seed = 1): number[] =>
  Array.from({ length: BLOCKS }, (_, block) => wallMs * (1 + (((block * 7 + seed) % 5) - 2) * 0.004));
const canaries = (canaryMs: number): BlockNoise[] =>
  Array.from({ length: BLOCKS }, (_, block) => ({ block, ...CALM, canaryMs: canaryMs * (1 + (block % 3) * 0.001) }));

function runOf(wallMs: number, given: Partial<Results> = {}, canaryMs = 1): Results {
  return resultsOf({
    cells: [cellOf({ id: 'work/event-loop', wallsMs: walls(wallMs) })],
    noise: [{ workload: 'work', params: {}, hit: 0, repeated: 0, blocks: canaries(canaryMs), discarded: [] }],
    ...given,
  });
}

/** Runs of different days. */
function earlierOf(wallsMs: readonly number[]): EarlierRuns {
  const [first, ...others] = wallsMs.map((wallMs, day) => runOf(wallMs, { startedAt: `2026-11-0${day + 1}` }));
  return [first ?? runOf(1), ...others];
}

describe('compareRuns', () => {
  it.each([
    [100, 80, 'faster'],
    [100, 120, 'slower'],
    [100, 100.5, 'same'],
  ] as const)('one earlier run of %d ms shows nothing: %d ms only looks %s', (before, after, looks) => {
    const { changes } = compareRuns([runOf(before)], runOf(after), 0.05);
    const blocks = { old: BLOCKS, new: BLOCKS };
    expect(changes).toMatchObject([{ cell: 'work/event-loop', verdict: 'inconclusive', looks, oldRuns: 1, blocks }]);
    expect(changes[0]?.speedup.estimate).toBeCloseTo(before / after, 2);
  });

  it.each([
    [[99, 100, 101], 80, 'faster'],
    [[99, 100, 101], 120, 'slower'],
    [[99.9, 100, 100.1], 100.2, 'same'],
    // A run differs from the next by as much.
    [[90, 100, 110], 120, 'inconclusive'],
  ] as const)('with three earlier runs of %j ms, %d ms is %s', (befores, after, verdict) => {
    const found = compareRuns(earlierOf(befores), runOf(after), 0.05);
    expect(found.changes).toMatchObject([{ verdict, oldRuns: 3, blocks: { old: 3 * BLOCKS, new: BLOCKS } }]);
    expect(found.changes[0]?.looks).toBeUndefined();
    expect(found.olds).toHaveLength(3);
  });

  it('does not take the same run, given three times, for three', () => {
    const old = runOf(100);
    expect(compareRuns([old, old, old], runOf(120), 0.05).changes).toMatchObject([{ oldRuns: 1, looks: 'slower' }]);
  });

  it('does not count an earlier run that ended after one block', () => {
    const [first, second, third = runOf(1)] = earlierOf([99, 100, 101]);
    const cut = { ...third, cells: [cellOf({ id: 'work/event-loop', wallsMs: [101] })] };
    const { changes } = compareRuns([first, second ?? first, cut], runOf(120), 0.05);
    expect(changes).toMatchObject([{ oldRuns: 2, verdict: 'inconclusive', looks: 'slower', blocks: { old: BLOCKS } }]);
    const short = earlierOf([99, 100, 101]).map((run) => ({ ...run, cells: cut.cells }));
    const [one = cut, ...others] = short;
    expect(compareRuns([one, ...others], runOf(120), 0.05).changes).not.toContainEqual(
      expect.objectContaining({ oldRuns: 3 }),
    );
  });

  it('gives no verdict if other programs used more CPUs than in every earlier run', () => {
    const beside = (wallMs: number, otherCores: number): Results => {
      const blocks = canaries(1).map((block) => ({ ...block, otherCores }));
      return runOf(wallMs, { noise: [{ workload: 'work', params: {}, hit: 0, repeated: 0, blocks, discarded: [] }] });
    };
    const [busy] = compareRuns([beside(100, 0.2)], beside(120, 1.5), 0.05).changes;
    expect(busy).toMatchObject({ verdict: 'inconclusive', otherCpus: { old: 0.2, new: 1.5 } });
    expect(busy?.looks).toBeUndefined();
    expect(compareRuns([beside(100, 1.4)], beside(120, 1.5), 0.05).changes).toMatchObject([{ looks: 'slower' }]);
    // There were CPUs enough for all.
    expect(compareRuns([beside(100, 0.2)], beside(120, 0.9), 0.05).changes).toMatchObject([{ looks: 'slower' }]);
  });

  it('calls nothing slower that a slower machine explains', () => {
    const { changes } = compareRuns([runOf(100)], runOf(120, {}, 1.2), 0.05);
    expect(changes[0]?.verdict).toBe('inconclusive');
    expect(changes[0]?.looks).toBeUndefined();
    expect(changes[0]?.drift).toBeCloseTo(1.2, 2);
  });

  it('calls nothing slower or faster where the machine was not watched', () => {
    const { changes } = compareRuns([runOf(100, { noise: [] })], runOf(120), 0.05);
    // What would look slower, with a canary.
    expect(changes).toMatchObject([{ verdict: 'inconclusive', drift: null }]);
    expect(changes[0]?.looks).toBeUndefined();
  });

  it('shares the level among the cells', () => {
    const two = (wallMs: number): Results =>
      runOf(wallMs, {
        cells: [
          cellOf({ id: 'work/event-loop', wallsMs: walls(wallMs) }),
          cellOf({ id: 'work/worker-threads@2', wallsMs: walls(wallMs, 2) }),
        ],
      });
    expect(compareRuns([two(100)], two(100), 0.05).changes.map(({ speedup }) => speedup.level)).toEqual([0.975, 0.975]);
  });

  it('compares nothing whose verdict was withheld in one of the runs', () => {
    const memoised = { kind: 'memoised', cell: 'work/event-loop', firstMs: 9, laterMs: 0.1 } as const;
    for (const pair of [
      [runOf(100, { warnings: [memoised] }), runOf(120)],
      [runOf(100), runOf(120, { warnings: [memoised] })],
    ] as const)
      expect(compareRuns([pair[0]], pair[1], 0.05)).toMatchObject({
        changes: [],
        notComparable: [{ cell: 'work/event-loop', because: 'withheld' }],
      });
  });

  it('leaves out, and names, what cannot be held against each other', () => {
    const cells = [
      cellOf({ id: 'work/event-loop', wallsMs: walls(10) }),
      failedCellOf('work/worker-threads@2', 'no'),
      cellOf({ id: 'work/sequential', wallsMs: walls(10) }),
      cellOf({ id: 'work/child-processes@1', wallsMs: [10, 11] }),
    ];
    const later = [
      cellOf({ id: 'work/event-loop', wallsMs: walls(10) }),
      cellOf({ id: 'work/worker-threads@2', wallsMs: walls(10) }),
      cellOf({ id: 'work/child-processes@1', wallsMs: [10, 11] }),
      cellOf({ id: 'work/child-processes@2', wallsMs: walls(10) }),
    ];
    const found = compareRuns([runOf(10, { cells })], runOf(10, { cells: later }), 0.05);
    expect(found.changes.map(({ cell }) => cell)).toEqual(['work/event-loop']);
    expect(found.notComparable).toEqual([
      { cell: 'work/sequential', because: 'only-old' },
      { cell: 'work/child-processes@2', because: 'only-new' },
      { cell: 'work/worker-threads@2', because: 'failed-before' },
      { cell: 'work/child-processes@1', because: 'too-few-blocks' },
    ]);
  });

  it('does not compare batches of another size, and tells results that are others for the same seed', () => {
    const [workload] = resultsOf().workloads;
    if (workload === undefined) throw new Error('no workload');
    const larger = runOf(10, { workloads: [{ ...workload, tasks: 8 }] });
    expect(compareRuns([runOf(10)], larger, 0.05).notComparable).toMatchObject([{ because: 'other-batch' }]);
    // Measuring again would end a doubt, and compare nothing all the same.
    const memoised = { kind: 'memoised', cell: 'work/event-loop', firstMs: 9, laterMs: 0.1 } as const;
    const doubted = runOf(10, { warnings: [memoised] });
    expect(compareRuns([doubted], larger, 0.05).notComparable).toMatchObject([{ because: 'other-batch' }]);
    const other = runOf(10, { workloads: [{ ...workload, digest: 'y' }] });
    expect(compareRuns([runOf(10)], other, 0.05).changes).toMatchObject([{ otherResults: true }]);
    expect(compareRuns([runOf(10)], { ...other, seed: 8 }, 0.05).changes).toMatchObject([{ otherResults: false }]);
  });

  it('names what was not the same around the runs, and nothing that one of them does not know', () => {
    const environmentOf = (given: Partial<Results['environment']>): Partial<Results> => ({
      environment: { ...runOf(100).environment, ...given },
    });
    const differences = (old: Partial<Results>, current: Partial<Results>) =>
      compareRuns([runOf(100, old)], runOf(100, current), 0.05).differences;
    const known = { uvThreads: null, nodeFlags: [], variables: {} };
    expect(
      differences(
        environmentOf({ uvThreads: 1, nodeFlags: ['--max-old-space-size=64'], variables: { NODE_ENV: 'production' } }),
        environmentOf(known),
      ),
    ).toEqual([
      { what: 'UV_THREADPOOL_SIZE', old: 1, new: null },
      { what: 'NODE_OPTIONS', old: '--max-old-space-size=64', new: null },
      { what: 'NODE_ENV', old: 'production', new: null },
    ]);
    expect(differences(environmentOf(known), environmentOf(known))).toEqual([]);
    expect(differences({}, environmentOf({ ...known, uvThreads: 1 }))).toEqual([]);
  });

  it('takes a size of libuv’s pool that was asked for before one that was inherited', () => {
    const old = runOf(100);
    const asked = {
      ...old,
      options: { ...old.options, uvThreads: 4 },
      environment: { ...old.environment, uvThreads: 1 },
    };
    const inherits = { ...old, environment: { ...old.environment, uvThreads: 4 } };
    expect(compareRuns([asked], inherits, 0.05).differences).toEqual([]);
  });
});
