/** What will be measured. */
import type { Bound, LaneId, ModuleRef, Params, WorkloadRef } from '../../workers/contract.ts';
import type { WorkloadClaims } from '../../workers/claims.ts';
import type { Cell, Options, Results, Version, Warning } from './results.ts';

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
  readonly claims: WorkloadClaims;
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

/** One cell as planned, what one host will run: each field is that of the results. */
export type PlannedCell = Readonly<
  Pick<
    Cell,
    | 'id'
    | 'strategy'
    | 'poolSize'
    | 'concurrency'
    | 'uvThreads'
    | 'laneKind'
    | 'keepsLanes'
    | 'runtime'
    | 'twin'
    | 'version'
  >
>;

/** A module of a group’s workload; `version` is what its cells name it by where there are two. */
export interface GroupVersion {
  readonly version?: Version;
  readonly ref: WorkloadRef;
  readonly source: string;
}

/** The cells of one workload with one set of params: measured in the same blocks and compared with each other. */
export interface Group {
  readonly workload: Workload;
  /** Of the group: the workload with those of its params that are not the default. */
  readonly title: string;
  readonly params: Params;
  /** The modules that its cells run: one, or an older and a newer version of it. */
  readonly versions: readonly GroupVersion[];
  /** Which cells are compared, and with that what is asked: which way is best, or what became of each way in the newer version. */
  readonly compares: 'with-baseline' | 'with-older-self';
  readonly cells: readonly PlannedCell[];
  /** The id of the cell that is 1.00x. */
  readonly baseline: string;
  /** As many as may be needed; with declared looks, all may be decided before the last. */
  readonly blocks: readonly Block[];
  /** A cell that is so many times as slow as the fastest is not measured after the first block; undefined: all are. */
  readonly dropBeyond?: number;
  /** How many plain processes at once show what the machine can give; none where it is not asked for. */
  readonly upperBoundLanes: readonly number[];
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
