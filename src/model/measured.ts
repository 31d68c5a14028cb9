/** What has been measured, before anything is concluded from it. */
import type { Static } from 'typebox';
import type { Group, PlannedCell } from './plan.ts';
import type { Doubt } from './schema/host-reply.ts';
import type { groupSnapshot } from './schema/snapshot.ts';
import type { BlockNoise, UpperBoundSample, CellError, Noise, Results, Sample, Timeline, Warning } from './results.ts';

/** What a host reads of one batch; the orchestrator knows which turn it was. */
export type Reading = Omit<Sample, 'block' | 'round' | 'position'>;

/** What has been measured of one cell so far; samples in time order. */
export interface CellLog {
  readonly cell: PlannedCell;
  /** One for each block. */
  readonly startupMs: number[];
  /** Between batches and during the traced one; none where memory is not measured. */
  readonly memoryBytes: number[];
  /** Of the host's own copy of the module and the inputs, one for each start; none where it has none, or memory is not measured. */
  readonly hostCopyBytes: number[];
  /** What its hosts have seen that makes it doubtful whether what is timed is the work; each host tells each once. */
  readonly doubts: Doubt[];
  readonly samples: Sample[];
  error: CellError | undefined;
  /** Too far behind to be measured any more. */
  isDropped?: boolean;
}

/** What was measured of one group, before anything is concluded from it. */
export interface MeasuredGroup {
  readonly group: Group;
  readonly cells: readonly CellLog[];
  /** The digests of a batch, the same in every cell; undefined if no batch was finished. */
  readonly digests: readonly string[] | undefined;
  /** Everything that was to be measured was, up to the last look that was needed. */
  readonly complete: boolean;
  /** By number of plain processes; none if it was not asked for, or could not be measured. */
  readonly upperBounds: readonly { readonly lanes: number; readonly samples: readonly UpperBoundSample[] }[];
  readonly noise: Omit<Noise, 'workload' | 'params'>;
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
}

/** How far the measuring of a group has come: with the samples, all that it takes to go on in another process. Plain data. */
export type GroupSnapshot = Kept<Static<typeof groupSnapshot>>;

/** Whose lists are not added to any more. */
type Kept<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends (infer Item)[] ? readonly Item[] : Fields[Name];
};

/** A group that another process has begun to measure: by cell, the samples of the blocks that the snapshot counts. */
export interface BegunGroup extends GroupSnapshot {
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** A run that another process has begun. */
export interface BegunRun extends Pick<Results, 'startedAt' | 'durationMs'> {
  readonly resumedAt: readonly string[];
  readonly groups: readonly BegunGroup[];
}

export interface Measured {
  readonly complete: boolean;
  /** Of the orchestrator while batches were measured, as a share of their wall time; undefined without any. */
  readonly ownCpuShare: number | undefined;
  readonly groups: readonly MeasuredGroup[];
}

/** What is decided while measuring goes on, from what was measured so far. */
export interface Judge {
  /** Whether no comparison of the group is left open. Asked at the looks that the plan has declared, and never else. */
  readonly isDecided: (measured: MeasuredGroup) => boolean;
  /** Ids of the cells that take more than so many times as long as the fastest. */
  readonly farBehind: (logs: readonly CellLog[], factor: number) => readonly string[];
  /** The blocks that were disturbed beyond the limits set in advance, the worst first. */
  readonly hitBlocks: (blocks: readonly BlockNoise[]) => readonly number[];
}
