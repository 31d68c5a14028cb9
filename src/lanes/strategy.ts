import type {
  LaneActivity,
  LaneAssignment,
  LaneError,
  LaneId,
  Task,
  TaskRecord,
  Transferable,
  UnderWay,
  Usage,
} from '../../workers/contract.ts';
import type { CalledTask, CallEnd } from './call.ts';

/** A way to run tasks. Opening it makes its lanes and waits until each has loaded the workload. */
export type OpenStrategy<Opened = Strategy> = (
  assignment: LaneAssignment,
  settings: StrategySettings,
) => Promise<Opened>;

/** What a strategy is opened with. */
export interface StrategySettings {
  /** How many lanes; how many may be alive at once where every task has a lane of its own. */
  readonly poolSize: number;
  /** How an idle Piscina worker waits. */
  readonly atomics: 'sync' | 'async' | 'disabled';
  /** What of an input a thread is given instead of a copy; undefined: nothing. */
  readonly transferOf: ((input: unknown) => readonly Transferable[]) | undefined;
}

/** Is told when tasks begin and end. Never given in measured batches: what it costs would be measured. */
export interface TaskWatch {
  readonly began: (task: number) => void;
  readonly ended: (task: number) => void;
}

/** What is measured of a strategy: how it runs a batch. */
export interface BatchStrategy {
  readonly laneKind: LaneId['kind'];
  /** Whether lanes outlive a batch, so that one which is not measured can warm them up. */
  readonly keepsLanes: boolean;
  /** Runs a batch: one record per task, in the order of the tasks. Never rejects for what a task did. */
  readonly run: (tasks: readonly Task[], watch?: TaskWatch) => Promise<readonly TaskRecord[]>;
  /** The tasks of the batch in hand that have begun and not ended. */
  readonly underWay: () => readonly UnderWay[];
  /** What lanes outside this process have used since they were opened, those that ended included. */
  readonly usage: () => Promise<Usage>;
  /** What each of its lanes has done and still has to do; undefined where lanes cannot be asked. Between batches only. */
  readonly activity?: () => Promise<readonly LaneActivity[]>;
  /** The lanes that are processes of their own and alive now. */
  readonly processIds: () => readonly number[];
  /** Leaves no thread, process or handle behind. Answers what the workload's teardowns threw. */
  readonly close: () => Promise<readonly LaneError[]>;
}

/** A way to run tasks, in batches or one by one. */
export interface Strategy extends BatchStrategy {
  /**
   * Runs a task by itself, as soon as a lane has room for it, and records when it ran. On the main thread it is given the signal; elsewhere
   * one that is aborted ends with its lane, or leaves the queue. Never rejects. Not while a batch runs.
   */
  readonly call: (task: CalledTask, signal?: AbortSignal) => Promise<CallEnd>;
  /** How many lanes have ended with a task that was cancelled, once they have. */
  readonly lanesLost: () => Promise<number>;
}
