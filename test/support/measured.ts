/** Measurements of one workload that nothing has measured, to conclude from. */
import type { CellLog, Measured, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { Group, GroupVersion, PlannedCell } from '../../dist/src/model/plan.js';
import type { Options, Sample } from '../../dist/src/model/results.js';
import { resultsOf, samplesOf } from './results.js';
import { workloadOf } from './workload.js';

export const OPTIONS: Options = { ...resultsOf().options, minEffect: 0.05 };
export const BLOCKS = 8;

/** Wall times of as many blocks, with the same wobble for every cell. */
export const around = (wallMs: number): number[] =>
  Array.from({ length: BLOCKS }, (_, block) => wallMs * (1 + (block % 3) * 0.01));

export function logOf(cell: PlannedCell, wallsMs: readonly number[], given: Partial<Sample> = {}): CellLog {
  return {
    cell,
    startupMs: [5],
    memoryBytes: [],
    hostCopyBytes: [],
    startsMs: [],
    doubts: [],
    samples: samplesOf(wallsMs, given),
    error: undefined,
  };
}

export const LOOP: PlannedCell = { id: 'work/event-loop', strategy: 'event-loop', poolSize: 1, concurrency: 'all' };
export const THREADS: PlannedCell = {
  id: 'work/worker-threads@2',
  strategy: 'worker-threads',
  poolSize: 2,
  concurrency: 1,
};
export const CHILDREN: PlannedCell = {
  id: 'work/child-processes@2',
  strategy: 'child-processes',
  poolSize: 2,
  concurrency: 1,
};

/** A run of one group, whose baseline is the event loop; `given` replaces parts of what was measured. */
export function measured(
  cells: readonly CellLog[],
  given: Partial<MeasuredGroup> = {},
  newer?: GroupVersion,
): Measured {
  const workload = workloadOf({ tasksAreFixed: true });
  const own = { ref: workload.ref, source: workload.source };
  const group: Group = {
    workload,
    versions: newer === undefined ? [own] : [{ ...own, version: 'old' }, newer],
    compares: newer === undefined ? 'with-baseline' : 'with-older-self',
    title: 'work',
    params: {},
    cells: cells.map(({ cell }) => cell),
    baseline: LOOP.id,
    blocks: [],
    upperBoundLanes: [],
  };
  return {
    complete: true,
    ownCpuShare: 0.01,
    warnings: [],
    groups: [
      {
        group,
        cells,
        complete: true,
        digests: ['1', '1'],
        upperBounds: [],
        noise: { hit: 0, repeated: 0, blocks: [], discarded: [] },
        timelines: [],
        warnings: [],
        ...given,
      },
    ],
  };
}

/** The same of a group that is planned otherwise. */
export function planned({ groups, ...rest }: Measured, given: Partial<Group>): Measured {
  return { ...rest, groups: groups.map((one) => ({ ...one, group: { ...one.group, ...given } })) };
}
