/** The nouns. Types only: what a run is asked for, what it measures and what it concludes. */
import type { Static } from 'typebox';
import type { Bound, Params, WorkloadRef } from '../workers/contract.ts';
import type { WorkloadClaims } from '../workers/describe.ts';
import type { resultsSchema } from './results-schema.ts';

export type Results = Static<typeof resultsSchema>;
export type Cell = Results['cells'][number];
export type MeasuredCell = Extract<Cell, { status: 'ok' }>;
export type Sample = Cell['samples'][number];
export type Summary = MeasuredCell['summary'];
type CellError = Extract<Cell, { status: 'failed' }>['error'];
export type Comparison = Results['comparisons'][number];
export type Verdict = Comparison['verdict'];
export type Recommendation = Results['recommendations'][number];
export type Timeline = Results['timelines'][number];
export type Environment = Results['environment'];
export type Options = Results['options'];
export type Warning = Results['warnings'][number];
export type Noise = NonNullable<Results['noise']>[number];
export type BlockNoise = Noise['blocks'][number];
export type NoiseLimits = NonNullable<Options['noiseLimits']>;
export type Ceiling = NonNullable<Results['ceilings']>[number];
export type CeilingSample = Ceiling['samples'][number];
export type StrategyName = Options['strategies'][number];
export type InFlight = Cell['inFlight'];

/** Where a workload's module is: one that ships, by name and place in `bench/`, or a file of the user's, by path. */
export type WorkloadPlace =
  | { readonly kind: 'shipped'; readonly name: string; readonly module: string }
  | { readonly kind: 'file'; readonly path: string };

/** A module that was found, and what it says of itself. */
export interface FoundWorkload {
  readonly ref: WorkloadRef;
  /** `shipped`, or the file's name without its folder: no report tells where a user keeps their files. */
  readonly source: string;
  readonly fallbackName: string;
  readonly claims: WorkloadClaims;
}

/** A workload as it will be measured: claims of its module completed by the planner. */
export interface Workload {
  readonly name: string;
  readonly bound: Bound;
  readonly source: string;
  readonly ref: WorkloadRef;
  /** The params and their defaults. */
  readonly params: Params;
  readonly tasks: number;
  readonly services: readonly string[];
  /** The input of every task of a workload that makes none. */
  readonly input?: unknown;
}

/** One cell as planned: what one host will run. */
export interface PlannedCell {
  readonly id: string;
  readonly strategy: StrategyName;
  readonly poolSize: number;
  readonly inFlight: InFlight;
}

/** The cells of one workload with one set of params: measured in the same blocks and compared with each other. */
export interface Group {
  readonly workload: Workload;
  readonly params: Params;
  readonly cells: readonly PlannedCell[];
  /** The id of the cell that is 1.00x. */
  readonly baseline: string;
  /** As many as may be needed; with declared looks, all may be decided before the last. */
  readonly blocks: readonly Block[];
  /** How many plain processes at once show what the machine can give; none where it is not asked for. */
  readonly ceilingLanes: readonly number[];
}

/** One start of every host of a group: for each round, the order in which the cells take their turns. */
export type Block = readonly (readonly PlannedCell[])[];

/** Everything that will be done, decided before the first host starts. */
export interface Plan {
  readonly seed: number;
  readonly options: Options;
  readonly groups: readonly Group[];
  readonly warnings: readonly Warning[];
}

/** What has been measured of one cell so far; samples in time order. */
export interface CellLog {
  readonly cell: PlannedCell;
  readonly startupMs: number[];
  readonly memoryBytes: number[];
  readonly samples: Sample[];
  error: CellError | undefined;
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
  readonly ceilings: readonly { readonly lanes: number; readonly samples: readonly CeilingSample[] }[];
  readonly noise: Omit<Noise, 'workload' | 'params'>;
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
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
  /** The blocks that were disturbed beyond the limits set in advance, the worst first. */
  readonly hitBlocks: (blocks: readonly BlockNoise[]) => readonly number[];
}
