import { describe, expect, it } from 'vitest';
import type { CellLog, Measured, Options, PlannedCell, Sample } from '../../dist/src/model.js';
import { conclude } from '../../dist/src/stats/conclude.js';
import { resultsOf, samplesOf } from '../support/results.js';

const OPTIONS: Options = { ...resultsOf().options, minEffect: 0.05 };
const BLOCKS = 8;

const around = (wallMs: number): number[] =>
  Array.from({ length: BLOCKS }, (_, block) => wallMs * (1 + (block % 3) * 0.01));

function logOf(cell: PlannedCell, wallsMs: readonly number[], given: Partial<Sample> = {}): CellLog {
  return { cell, startupMs: [5], memoryBytes: [], samples: samplesOf(wallsMs, given), error: undefined };
}

const LOOP: PlannedCell = { id: 'work/event-loop', strategy: 'event-loop', poolSize: 1, inFlight: 'all' };
const THREADS: PlannedCell = { id: 'work/worker-threads@2', strategy: 'worker-threads', poolSize: 2, inFlight: 1 };
const CHILDREN: PlannedCell = { id: 'work/child-processes@2', strategy: 'child-processes', poolSize: 2, inFlight: 1 };

function measured(cells: readonly CellLog[]): Measured {
  const workload = {
    name: 'work',
    bound: 'cpu',
    source: 'work.js',
    ref: { url: 'file:///work.js' },
    params: {},
    tasks: 4,
    services: [],
  } as const;
  const group = {
    workload,
    params: {},
    cells: cells.map(({ cell }) => cell),
    baseline: LOOP.id,
    blocks: [],
    ceilingLanes: [],
  };
  return {
    complete: true,
    ownCpuShare: 0.01,
    groups: [
      {
        group,
        cells,
        complete: true,
        digests: ['1', '1'],
        ceilings: [],
        noise: { hit: 0, repeated: 0, blocks: [], discarded: [] },
        timelines: [],
        warnings: [],
      },
    ],
  };
}

describe('conclude', () => {
  it('compares every cell with the baseline, at a level shared among them', () => {
    const { comparisons } = conclude(
      measured([logOf(LOOP, around(100)), logOf(THREADS, around(50)), logOf(CHILDREN, around(101))]),
      OPTIONS,
    );
    expect(comparisons).toMatchObject([
      { baseline: LOOP.id, contender: THREADS.id, verdict: 'faster', blocks: BLOCKS, speedup: { level: 0.975 } },
      { baseline: LOOP.id, contender: CHILDREN.id, verdict: 'same' },
    ]);
    expect(comparisons[0]?.speedup.estimate).toBeCloseTo(2, 9);
  });

  it('keeps what was measured of a failed cell, and puts the next in place of a failed baseline', () => {
    const failed: CellLog = { ...logOf(LOOP, [100]), error: { name: 'Error', message: 'no', task: 1 } };
    const { cells, comparisons } = conclude(
      measured([failed, logOf(THREADS, around(50)), logOf(CHILDREN, around(70))]),
      OPTIONS,
    );
    expect(cells[0]).toMatchObject({ status: 'failed', error: { message: 'no' }, samples: [{ wallMs: 100 }] });
    expect(comparisons).toMatchObject([{ baseline: THREADS.id, contender: CHILDREN.id, verdict: 'slower' }]);
  });

  it('leaves out a cell that the run never came to', () => {
    expect(conclude(measured([logOf(LOOP, around(100)), logOf(THREADS, [])]), OPTIONS).cells).toHaveLength(1);
  });

  it('says nothing that too few blocks cannot tell', () => {
    const found = conclude(measured([logOf(LOOP, [100, 100]), logOf(THREADS, [25, 25])]), OPTIONS);
    expect(found.comparisons).toEqual([]);
    expect(found.recommendations).toEqual([]);
    expect(found.cells).toHaveLength(2);
  });

  it('warns of what the reader must know', () => {
    const kindsOf = (given: Partial<Sample>, wallMs = 50): string[] =>
      conclude(measured([logOf(LOOP, around(wallMs), given)]), OPTIONS).warnings.map(({ kind }) => kind);
    expect(kindsOf({})).toEqual([]);
    expect(kindsOf({}, 1)).toEqual(['short-batch']);
    expect(kindsOf({ coresUsed: 0.1 })).toEqual(['bound-not-seen']);
    expect(kindsOf({ digestShare: 0.1 })).toEqual(['costly-digest']);
    expect(kindsOf({ disorderedStamps: 1 })).toEqual(['disordered-stamps']);
  });
});
