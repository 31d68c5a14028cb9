/** The nouns. Types only: what a run is asked for, what it measures and what it concludes. */
import type { Static } from 'typebox';
import type { Bound, LaneId, ModuleRef, Params, WorkloadRef } from '../workers/contract.ts';
import type { WorkloadClaims } from '../workers/describe.ts';
import type { Digests, Doubt } from '../workers/host-protocol.ts';
import type { resultsSchema } from './results-schema.ts';

/** All that a run has measured and concluded, field by field in docs/results.md. */
export type Results = Static<typeof resultsSchema>;
/** One way to run one workload, with its samples; `status` says whether it could be measured. */
export type Cell = Results['cells'][number];
export type MeasuredCell = Extract<Cell, { status: 'ok' }>;
/** What was read of one batch. */
export type Sample = Cell['samples'][number];
export type Summary = MeasuredCell['summary'];
type CellError = Extract<Cell, { status: 'failed' }>['error'];
/** One cell against the baseline of its workload: speed-up, interval and verdict. */
export type Comparison = Results['comparisons'][number];
/** `same` is a finding: the whole interval lies within the margin. `inconclusive` is none. */
export type Verdict = Comparison['verdict'];
/** Which cell to use for a workload, and which others are as fast by what was measured. */
export type Recommendation = Results['recommendations'][number];
/** What told the choice from the rest of its tie. */
export type ChosenFor = NonNullable<Recommendation['chosenFor']>;
export type Timeline = Results['timelines'][number];
export type Environment = Results['environment'];
export type Options = Results['options'];
/** A fact about the run that its reader must know, by `kind`. */
export type Warning = Results['warnings'][number];
export type Tuning = NonNullable<Results['tuning']>;
/** What code to paste must know of a module that was tuned. */
export type TunedModule = NonNullable<Tuning['module']>;
export type Scaling = NonNullable<Results['scaling']>[number];
export type ScalingFit = NonNullable<Scaling['fit']>;
export type Prediction = NonNullable<Results['predictions']>[number];
export type Crossover = NonNullable<Results['crossovers']>[number];
export type TuningGoal = NonNullable<Options['tuning']>;
type Noise = NonNullable<Results['noise']>[number];
export type BlockNoise = Noise['blocks'][number];
export type NoiseLimits = NonNullable<Options['noiseLimits']>;
export type Ceiling = NonNullable<Results['ceilings']>[number];
export type CeilingSample = Ceiling['samples'][number];
/** One of Lanewise’s own, or what a module of the user’s calls itself. */
export type StrategyName = Options['strategies'][number];
/** The six strategies that ship. */
export type BuiltInStrategy =
  'sequential' | 'event-loop' | 'worker-threads' | 'child-processes' | 'thread-per-task' | 'process-per-task';
/** How many tasks one lane may have under way at once: a number from 1 on, or `'all'`. */
export type InFlight = Cell['inFlight'];
/** Of a workload that is given twice from two paths. */
export type Version = NonNullable<Cell['version']>;

/** Where a workload's module is: one that ships, by name and place in `bench/`, or a file of the user's, by path. */
export type WorkloadPlace =
  | { readonly kind: 'shipped'; readonly name: string; readonly module: string }
  /** `version`: which one of the same module, for people. */
  | { readonly kind: 'file'; readonly path: string; readonly version?: string };

/** A module that was found, and what it says of itself. */
export interface FoundWorkload {
  readonly ref: WorkloadRef;
  /** `shipped`, or the file's name without its folder: no report tells where a user keeps their files. */
  readonly source: string;
  readonly fallbackName: string;
  readonly claims: WorkloadClaims;
  /** What it is bound by, where it does not say and that was measured. */
  readonly measuredBound?: Bound;
}

/** A strategy of the user's: a module that was found, and what it says of itself. */
export interface OwnStrategy {
  /** As it was asked for. */
  readonly path: string;
  readonly ref: ModuleRef;
  readonly name: string;
  readonly description?: string;
  readonly laneKind: LaneId['kind'];
  /** Otherwise it starts a lane for every task. */
  readonly keepsLanes: boolean;
}

/** A workload as it will be measured: claims of its module completed by the planner. */
export interface Workload {
  readonly name: string;
  readonly bound: Bound;
  readonly boundIs: NonNullable<Results['workloads'][number]['boundIs']>;
  readonly source: string;
  readonly ref: WorkloadRef;
  /** The params and their defaults. */
  readonly params: Params;
  readonly tasks: number;
  /** The number was asked for: no batch is made longer. */
  readonly tasksAreFixed: boolean;
  /** Its module makes the inputs, or says what of them is moved: so a host loads it beside its lanes. */
  readonly hostLoadsIt: boolean;
  readonly services: readonly string[];
  /** What its module says of itself. */
  readonly claims?: WorkloadClaims;
  /** Where the workload makes none: one for each task, and again from the first where there are more tasks. */
  readonly inputs?: readonly unknown[];
}

/** What a host runs on: a Node binary, and its flags. */
export interface Runtime {
  /** Of the cells that run on it: `node24`. Undefined where all cells run on the same, which nobody has named. */
  readonly label?: string;
  readonly execPath: string;
  readonly flags: readonly string[];
  /** `v24.1.0`. */
  readonly node: string;
  readonly v8: string;
}

/** One cell as planned: what one host will run. */
export interface PlannedCell {
  readonly id: string;
  readonly strategy: StrategyName;
  readonly poolSize: number;
  readonly inFlight: InFlight;
  /** Of libuv's own pool in its host and in each of its children; undefined: as the run says. */
  readonly uvThreads?: number;
  /** Where the tasks of a strategy of the user's run; undefined for those of Lanewise. */
  readonly laneKind?: LaneId['kind'];
  /** The label of what its host runs on; undefined where all run on the same. */
  readonly runtime?: string;
  /** Which of two versions of the workload it runs; undefined where there is one. */
  readonly version?: Version;
}

/** The cells of one workload with one set of params: measured in the same blocks and compared with each other. */
export interface Group {
  readonly workload: Workload;
  readonly params: Params;
  /** The newer version of the workload, which the cells of version `new` run; undefined: there is one version. */
  readonly newer?: { readonly ref: WorkloadRef; readonly source: string };
  readonly cells: readonly PlannedCell[];
  /** The id of the cell that is 1.00x. */
  readonly baseline: string;
  /** As many as may be needed; with declared looks, all may be decided before the last. */
  readonly blocks: readonly Block[];
  /** A cell that is so many times as slow as the fastest is not measured after the first block; undefined: all are. */
  readonly dropBeyond?: number;
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
  /** Those that were asked for; none: every host runs on this process’s own Node, without flags. */
  readonly runtimes: readonly Runtime[];
  /** Those of the user's among the strategies. */
  readonly ownStrategies: readonly OwnStrategy[];
  readonly warnings: readonly Warning[];
}

/** What has been measured of one cell so far; samples in time order. */
export interface CellLog {
  readonly cell: PlannedCell;
  readonly startupMs: number[];
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
  readonly ceilings: readonly { readonly lanes: number; readonly samples: readonly CeilingSample[] }[];
  readonly noise: Omit<Noise, 'workload' | 'params'>;
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
}

/**
 * How far the measuring of a group has come: with the samples, all that it takes to go on in another process. Plain data.
 * Written at the end of a block, so that no block of it is half measured.
 */
export interface GroupSnapshot {
  /** Tasks in a batch, as tried out. */
  readonly tasks: number;
  readonly blockMs: number;
  /** So many blocks from the first have been measured. */
  readonly blocks: number;
  readonly cells: readonly Omit<CellLog, 'cell' | 'samples'>[];
  /** What every batch must give, and the cell that gave it first. */
  readonly reference: { readonly cell: string; readonly digests: Digests } | null;
  /** Blocks that were disturbed when they were first measured. */
  readonly hit: readonly number[];
  readonly noise: readonly BlockNoise[];
  readonly discarded: readonly BlockNoise[];
  readonly ceilings: MeasuredGroup['ceilings'];
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
  /** Processes of the workload that outlived their hosts. */
  readonly leftBehind: number;
  /** Nothing more is to be measured of it. */
  readonly isDone: boolean;
}

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

/** What changed between two runs, as `lanewise compare --json` prints it. */
export interface RunComparison {
  readonly schema: 'lanewise/comparison@1';
  readonly old: RunFacts;
  readonly new: RunFacts;
  /** Smaller differences count as the same, as a fraction. */
  readonly minEffect: number;
  readonly changes: readonly Change[];
  /** Cells that cannot be held against each other, and why. */
  readonly notComparable: readonly { readonly cell: string; readonly because: NotComparable }[];
  /** What was not the same around the two runs and changes results. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** `UV_THREADPOOL_SIZE`, `NODE_OPTIONS`, `Node`, `CPU quota` … */
  readonly what: string;
  /** Null: not set, or no limit. */
  readonly old: number | string | null;
  readonly new: number | string | null;
}

export interface RunFacts {
  readonly startedAt: string;
  readonly node: string;
  readonly seed: number;
  /** There if it was interrupted: it may not have reached every configuration. */
  readonly complete?: false;
}

export type NotComparable =
  /** Only one of the runs has it. */
  | 'only-old'
  | 'only-new'
  /** It failed in the old run, or in the new one. */
  | 'failed-before'
  | 'failed-now'
  /** What one of the runs timed was not the work (results that are kept, work that is not awaited): its verdict was withheld. */
  | 'withheld'
  /** Its batches have another number of tasks. */
  | 'other-batch'
  /** Too few blocks for an interval at this level. */
  | 'too-few-blocks';

/** One cell in both runs. */
export interface Change {
  readonly cell: string;
  /** How many times as fast the new run is, from blocks that have nothing in common. */
  readonly speedup: Comparison['speedup'];
  readonly verdict: Verdict;
  readonly blocks: { readonly old: number; readonly new: number };
  /** By what factor, either way, the machine itself may have changed; null: not measured. It widens the interval. */
  readonly drift: number | null;
  /** With the same seed, the new code gave other results. */
  readonly otherResults: boolean;
}

/** What `lanewise doctor --json` prints. */
export interface Diagnosis {
  readonly schema: 'lanewise/doctor@1';
  readonly environment: Environment;
  readonly timer: TimerFacts;
  readonly support: SupportFacts;
  readonly noise: readonly NoiseFloor[];
  readonly ceiling: readonly CeilingPoint[];
  /** Medians, ms; null: not measured. */
  readonly startupMs: { readonly thread: number | null; readonly process: number | null };
  readonly sentences: readonly string[];
}

export interface TimerFacts {
  /** The smallest step that the clock was seen to make, ns. */
  readonly clockStepNs: number;
  /** What a timer that is set for 1 ms takes, ms: the median. */
  readonly oneMsTimerMs: number;
}

/** Whether this Node and this system tell what Lanewise can read. */
export interface SupportFacts {
  readonly typeStripping: boolean;
  readonly threadCpuUsage: boolean;
  readonly contextSwitches: boolean;
  readonly memoryOfTree: boolean;
  readonly stealAndThrottling: boolean;
}

/** What an interval will look like between two ways that are equally fast. */
export interface NoiseFloor {
  readonly strategy: StrategyName;
  readonly preset: string;
  /** Half of the 95 % interval of one comparison, in percent: the median to expect. */
  readonly halfWidthPct: number;
}

/** How many times as fast so many plain processes do the same work, with nothing handed over. */
export interface CeilingPoint {
  readonly lanes: number;
  readonly speedup: { readonly estimate: number; readonly lo: number; readonly hi: number };
}

/** What `lanewise lessons` found, in the language that was asked for. */
export interface LessonsReport {
  readonly lang: 'en' | 'pt';
  /** What a second of the tutorial took, in milliseconds. */
  readonly unitMs: number;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly environment: Environment;
  readonly lessons: readonly TaughtLesson[];
  /** All that were asked for. */
  readonly complete: boolean;
}

/** One lesson, told and shown. */
export interface TaughtLesson {
  readonly id: string;
  /** Where in the tutorial it is. */
  readonly origin: string;
  readonly title: string;
  readonly idea: string;
  /** What the tutorial says will happen. */
  readonly tutorial: string;
  /** What is otherwise in a pool, or in JavaScript; undefined: nothing. */
  readonly differs: string | undefined;
  /** The code that ran. */
  readonly code: readonly { readonly file: string; readonly text: string }[];
  /** Where its timelines are told by lane; otherwise by task, since all tasks do is wait. */
  readonly byLane: boolean;
  readonly ways: readonly TaughtWay[];
}

/** What came of a lesson in one strategy. */
export interface TaughtWay {
  /** `worker-threads@2xall`. */
  readonly way: string;
  readonly strategy: StrategyName;
  readonly poolSize: number;
  readonly inFlight: InFlight;
  /** Of all attempts. */
  readonly durationMs: number;
  readonly pass: boolean;
  /** How often it was measured: again, up to a limit, if a claim failed. */
  readonly attempts: number;
  /** Those of the last attempt. */
  readonly claims: readonly TaughtClaim[];
  /** What cannot be measured here, and why. */
  readonly notMeasured: readonly string[];
  readonly slices: Timeline['slices'];
  /** Why it could not be performed; then there are no claims. */
  readonly error: string | undefined;
}

export interface TaughtClaim {
  readonly text: string;
  readonly expected: ClaimValue;
  readonly measured: ClaimValue;
  /** Of `expected` and `measured`, where they are times. */
  readonly unit?: 'ms';
  readonly pass: boolean;
}

/** Null where there is nothing. */
export type ClaimValue = number | string | boolean | null | readonly ClaimValue[];
