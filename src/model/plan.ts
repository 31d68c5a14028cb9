/** The plan of a run. */
import type { RuntimeName } from '../../workers/this-runtime.ts';
import type { Bound, LaneId, ModuleRef, Params, WorkloadRef } from '../../workers/contract.ts';
import type { WorkloadClaims } from '../../workers/claims.ts';
import type { DropRule } from './evidence.ts';
import type { Arrivals, Connections, LoadWorkload, Objective, Overload, Via } from './load.ts';
import type { BlockNoise, Cell, MachineNoise, Options, Results, Version, Warning } from './results.ts';

/** Location of a workload's module: a built-in one by name and place in `bench/`, or your own file by path. */
export type WorkloadPlace =
  | { readonly kind: 'shipped'; readonly name: string; readonly module: string }
  /** `version`: label of the version, in reports. */
  | { readonly kind: 'file'; readonly path: string; readonly version?: string };

/** A module that was found, with its declarations. */
export interface FoundWorkload {
  readonly ref: WorkloadRef;
  /** `shipped`, or the file name without its folder: reports must not reveal where users keep their files. */
  readonly source: string;
  readonly fallbackName: string;
  readonly claims: WorkloadClaims;
  /** Kind of work as far as it could be measured, where the module does not declare it; absent: not tried. */
  readonly measuredBound?: MeasuredBound;
  /** About how long a task takes alone, ms, measured with the kind. */
  readonly measuredTaskMs?: number;
  /** Tasks of a batch before calibration, as planned by the run that is resumed. */
  readonly plannedTasks?: number;
}

/** `unknown`: a task failed or took too long, or other programs kept it from the CPU. */
export type MeasuredBound = Bound | 'unknown';

/** A custom strategy: a module that was found, with its declarations. */
export interface OwnStrategy {
  /** The path as given. */
  readonly path: string;
  readonly ref: ModuleRef;
  readonly name: string;
  readonly description?: string;
  readonly laneKind: LaneId['kind'];
  /** False: it starts a worker for every task. */
  readonly keepsLanes: boolean;
}

/** A workload to measure: the declarations of its module, completed by the planner. */
export interface Workload {
  readonly name: string;
  readonly bound: Bound;
  readonly boundIs: NonNullable<Results['workloads'][number]['boundIs']>;
  readonly source: string;
  readonly ref: WorkloadRef;
  /** Names of the params, with defaults. */
  readonly params: Params;
  readonly tasks: number;
  /** The number of tasks was given: no batch is made longer. */
  readonly tasksAreFixed: boolean;
  /** The module makes or transfers the inputs, so that a host loads it too. */
  readonly hostLoadsIt: boolean;
  readonly services: readonly string[];
  /** Declarations of its module. */
  readonly claims: WorkloadClaims;
  /** Given inputs, one per task, repeated if there are more tasks; absent if the workload makes its own. */
  readonly inputs?: readonly unknown[];
  /** About how long a task takes alone, ms, if that was measured. */
  readonly taskMs?: number;
}

/** A binary of Node, Bun or Deno and its flags, for hosts. */
export interface Runtime {
  /** Label in its cells: `node24`, `bun1.4`. Undefined if all cells run on the same. */
  readonly label?: string;
  readonly execPath: string;
  /** As given. */
  readonly flags: readonly string[];
  readonly name: RuntimeName;
  /** `24.1.0`. */
  readonly version: string;
  /** Undefined for Bun, which has another engine. */
  readonly v8?: string;
}

/** A planned cell, which one host will run; fields as in results. */
export type PlannedCell = Readonly<
  Pick<
    Cell,
    | 'id'
    | 'strategy'
    | 'poolSize'
    | 'concurrency'
    | 'uvThreads'
    | 'machines'
    | 'laneKind'
    | 'keepsLanes'
    | 'runtime'
    | 'twin'
    | 'version'
  >
>;

/** A module of a group’s workload; `version` distinguishes two. */
export interface GroupVersion {
  readonly version?: Version;
  readonly ref: WorkloadRef;
  readonly source: string;
}

/** Cells of one workload with one set of params: measured in the same blocks and compared with each other. */
export interface Group {
  readonly workload: Workload;
  /** The workload with its non-default params. */
  readonly title: string;
  readonly params: Params;
  /** Modules that its cells run: one, or an older and a newer version of it. */
  readonly versions: readonly GroupVersion[];
  /** The question: which configuration is best, how each one changed in the newer version, or how often twins differ. */
  readonly compares: 'with-baseline' | 'with-older-self' | 'with-twin';
  readonly cells: readonly PlannedCell[];
  /** Id of the cell shown as 1.00×. */
  readonly baseline: string;
  /** The most blocks; with declared looks, all may be decided earlier. */
  readonly blocks: readonly Block[];
  /** Cells far behind are dropped after the first blocks, of one round each; undefined: every cell is in every block. */
  readonly isRace?: boolean;
  /** The rules of a race that only selects candidates, and concludes nothing from its blocks; undefined: it concludes. */
  readonly selectBy?: readonly DropRule[];
  /** Tasks arrive by a schedule, in windows; undefined: batches. */
  readonly load?: LoadPlan | RatedLoad;
  /** Numbers of independent processes that show the upper bound; empty: not requested. */
  readonly upperBoundLanes: readonly number[];
  /** The upper bound is measured in this many blocks, the first ones; undefined: in all. */
  readonly upperBoundBlocks?: number;
  /** And in this many rounds of each, the first ones; undefined: in all. */
  readonly upperBoundRounds?: number;
  /** Known from batches of the same size; undefined: the group is calibrated before it is measured. */
  readonly calibrated?: CalibratedBatches;
}

/** A cell's turn in a round: a batch or a window. */
export interface Turn extends PlannedCell {
  /** Place of a window’s rate in those of the group; undefined: searched for. */
  readonly rateIndex?: number;
}

/** By the id of a cell, known from batches that were run before: for estimates of what is left. */
export type CalibratedBatches = Readonly<
  Record<string, { readonly batchMs: number; /** Time to open and warm up. */ readonly preparingMs: number }>
>;

/** One start of every host of a group: for each round, the order of the turns. */
export type Block = readonly (readonly Turn[])[];

/** How tasks arrive in the windows of a group. */
export interface LoadPlan {
  readonly arrivals: Arrivals;
  /** Arrivals of a window, at least. */
  readonly requests: number;
  /** A window lasts at least so long, ms, with more arrivals at high rates; undefined: as long as they take. */
  readonly leastWindowMs?: number;
  /** First arrivals of a window, which do not count. */
  readonly settling: number;
  /** Undefined: a multiple of the latency of a task that meets no other. */
  readonly objective?: Objective;
  /** Arrivals per second; undefined: each configuration’s is searched for. */
  readonly rates?: readonly number[];
  /** The most tasks that may wait in a queue; `auto`: the square of the pool size; undefined: no limit. */
  readonly maxQueue?: number | 'auto';
  /** How long somebody waits for a task; undefined: as long as it takes. */
  readonly giveUpMs?: number;
  /** Longest p99 of pings with which a configuration is recommended; undefined: the latency of the objective. */
  readonly pingObjectiveMs?: number;
  /** A pulse after the windows of the first blocks; undefined: none. */
  readonly overload?: Overload;
  /** False: Piscina may put a task that finds no free thread behind others. */
  readonly stricterFifo: boolean;
  /** Keep the times of every task. */
  readonly keepsRequests: boolean;
  readonly via: Via;
  /** Over http only. */
  readonly connections?: Connections;
  /** Requests to `/ping` a second, over http; absent: none. */
  readonly probePerSecond?: number;
}

/** Pace of a configuration, as measured before the first block. */
export interface Rating {
  /** Median latency of a task that meets no other, ms. */
  readonly aloneMs: number;
  /** Tasks per second when all are there at once. */
  readonly capacity: number;
}

/** The same, with what was measured before the first block. */
export interface RatedLoad extends Omit<LoadPlan, 'objective' | 'rates'>, Pick<LoadWorkload, 'aloneMs' | 'capacity'> {
  readonly objective: Objective;
  /** Arrivals per second; empty while they are searched for. */
  readonly rates: readonly number[];
  /** Those of all configurations, which are compared there; undefined: all are. */
  readonly commonRates?: readonly number[];
  /** Time of the pulses of all configurations in a block; undefined: there are none. */
  readonly pulsesMs?: number;
  /** The rate that the search found, by cell id; undefined: not searched for. */
  readonly searched?: Readonly<Record<string, number>>;
  /** Noise of the blocks of that search; undefined: not searched for, or by an earlier version. */
  readonly searchNoise?: readonly BlockNoise[];
  /** By cell id. */
  readonly ratings: Readonly<Record<string, Rating>>;
}

/** The server of a queue, as it was asked for. */
export interface AskedQueue {
  /** Address, with its password: never in results or a journal. Undefined: each host starts its own. */
  readonly url?: string;
  /** Kind of its own. */
  readonly kind?: 'redis' | 'valkey' | 'postgres';
  /** Files for each PostgreSQL of its own. */
  readonly template?: PostgresFiles;
  /** Other machines, once they have joined. */
  readonly joined?: JoinedMachines;
}

/** An empty PostgreSQL that is not started itself: servers start from copies of it. */
export interface PostgresFiles {
  /** Folder of its programs. */
  readonly bin: string;
  /** Folder of its databases. */
  readonly data: string;
  readonly version: string;
  /** Never to be printed or kept. */
  readonly password: string;
}

/** A machine that has joined the run. */
export interface JoinedMachine {
  /** A letter from b, since a is this machine. */
  readonly name: string;
  /** Version of Node, as `v24.1.0`. */
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpus: number;
  /** It is this machine, with the same CPUs: what its workers use is used here. */
  readonly sharesCpus?: true;
}

/** All that have joined. */
export interface JoinedMachines {
  /** The secret that they share with this run: never in results or a journal. */
  readonly token: string;
  readonly machines: readonly JoinedMachine[];
  /** The module of a workload, as they know it. */
  readonly moduleOf: (ref: WorkloadRef) => SentModule;
  readonly readNoise: ReadNoise;
}

/**
 * Noise since it was last asked for, without machines that do not answer or have the CPUs of the run.
 *
 * @param machines how many of those that joined
 */
type ReadNoise = (machines: number) => Promise<readonly MachineNoise[]>;

/** A module that each machine has a copy of. */
export interface SentModule {
  /** Part of Lanewise, or a file below the folder that a machine shares. */
  readonly place: 'shipped' | 'shared';
  /** From there, with slashes. */
  readonly path: string;
  readonly exportName?: string | undefined;
  /** The file's, without its imports. */
  readonly sha256: string;
}

/** The whole run, decided before the first host starts. */
export interface Plan {
  readonly seed: number;
  readonly options: Options;
  readonly groups: readonly Group[];
  /** Requested binaries and flags; empty: every host runs on this process’s own Node, without flags. */
  readonly runtimes: readonly Runtime[];
  /** Custom strategies among the requested ones. */
  readonly ownStrategies: readonly OwnStrategy[];
  /** The server of configurations that need one; absent if none does. */
  readonly queue?: AskedQueue;
  readonly warnings: readonly Warning[];
}
