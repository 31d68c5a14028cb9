import { describe, expect, it } from 'vitest';
import type { CellLog, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { MeasuredCell, Sample } from '../../dist/src/model/results.js';
import type { Doubt } from '../../dist/src/model/schema/host-reply.js';
import { doubtsAbout, driftOf } from '../../dist/src/stats/doubts.js';
import { CALM } from '../support/group-task.js';
import { cellOf, sampleOf } from '../support/results.js';
import { workloadOf } from '../support/workload.js';

const ID = 'work/event-loop';
const CELL = { id: ID, strategy: 'event-loop', poolSize: 1, concurrency: 'all' } as const;
const MEMOISED: Doubt = { kind: 'memoised', firstMs: 15, laterMs: 0.01 };

function kindsFor({
  doubts = [],
  samples = [],
  tasks = 8,
}: {
  readonly doubts?: readonly Doubt[];
  readonly samples?: readonly Sample[];
  readonly tasks?: number;
}): readonly string[] {
  const log: CellLog = {
    cell: CELL,
    startupMs: [5, 5, 5, 5],
    memoryBytes: [],
    hostCopyBytes: [],
    startsMs: [],
    doubts: [...doubts],
    samples: [...samples],
    error: undefined,
  };
  const cell: MeasuredCell = { ...cellOf({ id: ID, wallsMs: [1, 1, 1] }), samples: [...samples] };
  const measured: MeasuredGroup = {
    group: {
      workload: workloadOf({ tasks }),
      title: 'work',
      versions: [{ ref: workloadOf({ tasks }).ref, source: 'work.js' }],
      compares: 'with-baseline',
      params: {},
      cells: [CELL],
      baseline: ID,
      blocks: [],
      upperBoundLanes: [],
    },
    cells: [log],
    digests: undefined,
    complete: true,
    upperBounds: [],
    noise: { hit: 0, repeated: 0, blocks: [{ block: 0, ...CALM }], discarded: [] },
    timelines: [],
    warnings: [],
  };
  return doubtsAbout(measured, [cell], { minEffect: 0.05, cores: 2 }).map(({ kind }) => kind);
}

const batches = (wallMs: number, share: number, indexOf: (batch: number) => number): readonly Sample[] =>
  Array.from({ length: 9 }, (_, block) =>
    Object.assign(sampleOf({ wallMs, tasksInFlight: 1, longestTask: { index: indexOf(block), share } }), { block }),
  );

describe('whether what was timed is the work', () => {
  it('is doubted for kept results only where the hosts of most blocks have seen them', () => {
    expect(kindsFor({ doubts: [MEMOISED, MEMOISED] })).toEqual([]);
    expect(kindsFor({ doubts: [MEMOISED, MEMOISED, MEMOISED] })).toEqual(['memoised']);
    // Six blocks of one batch, as in the confirmation of a race, whose startup times are those of its few starts.
    expect(kindsFor({ doubts: [MEMOISED, MEMOISED, MEMOISED], samples: samples(6, [10]) })).toEqual([]);
  });

  it('is doubted once for work that is not awaited', () => {
    expect(kindsFor({ doubts: [{ kind: 'unawaited', afterMs: 30, pending: 0, isEmpty: true }] })).toEqual([
      'unawaited',
    ]);
  });

  it('is bounded by one task that takes most of every batch', () => {
    expect(kindsFor({ samples: batches(100, 0.7, () => 3) })).toEqual(['dominant-task']);
    // Another one each time is a disturbance, half of two tasks is their share, and microseconds bound nothing.
    expect(kindsFor({ samples: batches(100, 0.7, (batch) => batch) })).toEqual([]);
    expect(kindsFor({ samples: batches(100, 0.6, () => 0), tasks: 2 })).toEqual([]);
    expect(kindsFor({ samples: batches(0.1, 0.9, () => 0) })).toEqual([]);
    // In two batches, the same task may be delayed by chance.
    expect(kindsFor({ samples: batches(100, 0.7, () => 3).slice(0, 2) })).toEqual([]);
    expect(kindsFor({ samples: batches(100, 0.7, () => 3).slice(0, 3) })).toEqual(['dominant-task']);
  });
});

/** So many blocks of rounds that take as long as said, and a little of noise. */
const samples = (blocks: number, wallsMs: readonly number[]): Sample[] =>
  Array.from({ length: blocks }, (_, block) =>
    wallsMs.map((wallMs, round) =>
      Object.assign(sampleOf({ wallMs: wallMs * (1 + ((block * 7 + round * 3) % 5) * 0.002) }), { block, round }),
    ),
  ).flat();

describe('the drift of batches within blocks', () => {
  it('is their change from the first round to the last', () => {
    const drift = driftOf(samples(12, [10, 20, 40, 80]), 0.05);
    // Three steps, each twice as long.
    expect(Math.exp(drift?.estimate ?? 0)).toBeCloseTo(8, 0);
    expect(drift?.interval.lo).toBeGreaterThan(Math.log(7.5));
  });

  it('is none where one round is slow by itself', () => {
    const drift = driftOf(samples(12, [13, 10, 10, 10, 10, 10]), 0.05);
    expect(Math.abs(drift?.estimate ?? 1)).toBeLessThan(0.03);
  });

  it('is not known with fewer than three rounds, or too few blocks', () => {
    expect(driftOf(samples(12, [10, 20]), 0.05)).toBeUndefined();
    expect(driftOf(samples(3, [10, 20, 40]), 0.05)).toBeUndefined();
  });
});
