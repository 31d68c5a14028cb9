import type {
  LaneActivity,
  LaneAssignment,
  LaneError,
  LaneId,
  LaneReading,
  ReadingKind,
  Task,
  TaskRecord,
  TaskReply,
  Transferable,
  UnderWay,
  Usage,
} from '../../workers/contract.ts';
import type { JoinedMachine, PostgresFiles, SentModule } from '../model/plan.ts';
import type { QueueServer } from '../queue/queue-server.ts';
import type { CalledTask, CallEnd } from './call.ts';
import type { Deliveries } from './queue-desk.ts';

/** Opens a strategy: starts its lanes and waits until each has loaded the workload. */
export type OpenStrategy<Opened = Strategy> = (
  assignment: LaneAssignment,
  settings: OpeningSettings,
) => Promise<Opened>;

/** Settings for opening a built-in strategy. */
export interface OpeningSettings extends StrategySettings {
  /** For a strategy that needs a server. */
  readonly queue?: QueueSettings | undefined;
}

/** The queue of a configuration. */
export interface QueueSettings {
  /** Address of a server, with its password; undefined: the configuration starts its own. */
  readonly url?: string | undefined;
  /** Kind of its own server; undefined: the first that is installed. */
  readonly kind?: QueueServer['kind'] | undefined;
  /** The files from which its own PostgreSQL starts; undefined: they are made. */
  readonly template?: PostgresFiles | undefined;
  /** Name of the queue, and what sets it apart on the server. */
  readonly name: string;
  /** How long a worker may keep a task without a sign of life. */
  readonly lockMs: number;
  /** Tasks of the largest batch. */
  readonly mostTasks: number;
  /** Other machines that share the workers equally with this one; undefined: none. */
  readonly machines?: MachineSettings | undefined;
}

/** Machines that have joined the run. */
export interface MachineSettings {
  /** The secret that they share with this run. */
  readonly token: string;
  readonly others: readonly Pick<JoinedMachine, 'name' | 'sharesCpus'>[];
  /** The workload, as they know it. */
  readonly module: SentModule;
}

/** Settings for opening a strategy. */
export interface StrategySettings {
  /** Number of lanes; if every task starts a lane, how many live at once. */
  readonly poolSize: number;
  /** How an idle Piscina worker waits. */
  readonly atomics: 'sync' | 'async' | 'disabled';
  /**
   * The most tasks that may wait for a lane when tasks arrive one by one: another one is rejected. Undefined: no limit.
   */
  readonly maxQueue?: number | undefined;
  /** A task that throws does not end its batch: where tasks arrive one by one, it is a miss. Default: it does. */
  readonly goesOn?: boolean | undefined;
  /** False: Piscina may put a task that finds no free thread behind others, its default. Undefined: it may not. */
  readonly stricterFifo?: boolean | undefined;
  /** The parts of an input that move to a thread instead of being copied; undefined: none. */
  readonly transferOf: ((input: unknown) => readonly Transferable[]) | undefined;
}

/** Callbacks for the start and end of tasks. Absent in measured batches, where their cost would be measured. */
export interface TaskWatch {
  readonly began: (task: number) => void;
  readonly ended: (task: number) => void;
}

/** The record of a task that arrived by itself. */
export interface ServedRecord extends Omit<TaskRecord, 'reply'> {
  /** `rejected`: it was not taken, since as many tasks waited as may. */
  readonly reply: TaskReply | { readonly status: 'rejected' };
}

/** The measured part of a strategy: running batches. */
export interface BatchStrategy {
  readonly laneKind: LaneId['kind'];
  /** Whether lanes outlive a batch, so that an unmeasured batch can warm them up. */
  readonly keepsLanes: boolean;
  /**
   * Runs a batch: one record per task, in the order of the tasks. Never rejects because of a task. `whenDone` is called at
   * the last result, if at all: what the strategy does afterwards, such as making the records, is not timed.
   */
  readonly run: (tasks: readonly Task[], watch?: TaskWatch, whenDone?: () => void) => Promise<readonly TaskRecord[]>;
  /**
   * Runs a task that arrives by itself as soon as a lane has room, in the order of arrival, without a batch; recorded
   * like one of a batch, or rejected by a full queue. Its promise never rejects. Absent in strategies that only run batches.
   */
  readonly serve?: (task: Task) => Promise<ServedRecord>;
  /** Opens a server in the lanes themselves; absent: the host has the server, and `serve` runs its tasks. */
  readonly listen?: (path: string) => Promise<LaneServer>;
  /** The running tasks of the current batch. */
  readonly underWay: () => readonly UnderWay[];
  /** Asks another process for them, where only that one knows; absent: {@link underWay} knows. */
  readonly whoRuns?: () => Promise<readonly UnderWay[]>;
  /** Replies that a queue did not deliver once, since the last call; absent: there is no queue. */
  readonly deliveries?: () => Deliveries;
  /** Resources that lanes outside this process have used since opening, including those that ended. */
  readonly usage: () => Promise<Usage>;
  /** The server of a queue, whose usage is none of a lane; absent: there is no queue. */
  readonly server?: ServerGauge;
  /**
   * Past and pending activity of each lane; undefined if lanes cannot be asked. Between batches only.
   *
   * @param notesResults whether lanes that may answer late note their time at each result, until they are asked again
   */
  readonly activity?: (notesResults: boolean) => Promise<readonly LaneActivity[]>;
  /**
   * Lets each lane finish what an idle one puts off: errors that nobody handled, and timers that are due. Absent: none is
   * put off. Between batches only.
   *
   * @throws LaneEndedError if that ended a lane
   */
  readonly catchUp?: () => Promise<void>;
  /** Records what lanes outside the main thread do; absent: they cannot be asked. Called between batches only. */
  readonly recorder?: LanesRecorder;
  /** Pids of the live lanes that are processes; 0 for one of another machine. */
  readonly processIds: () => readonly number[];
  /** Ends every thread, process and handle. Returns the errors of the workload's teardowns. */
  readonly close: () => Promise<readonly LaneError[]>;
}

/** Records what each lane does. */
interface LanesRecorder {
  /** @throws where there is no profiler */
  readonly start: (kind: ReadingKind) => Promise<void>;
  /** @returns a reading of each lane, by its index */
  readonly end: () => Promise<readonly LaneReading[]>;
}

/** Readings of the server that a queue needs. */
export interface ServerGauge {
  /** How long it took to start; undefined: it is the user's. */
  readonly startMs?: number;
  /** Its processes; empty: it is the user's, who may have put it on another machine. */
  readonly processIds: () => readonly number[];
  /** Since its start; undefined: neither the system nor the server counts it. */
  readonly usage: () => Promise<Usage | undefined>;
}

/** A strategy that runs tasks in batches or one by one. */
export interface Strategy extends BatchStrategy {
  /**
   * Runs a task outside a batch as soon as a lane has room, and records when it ran. On the main thread it gets the
   * signal; elsewhere an aborted task ends with its lane, or leaves the queue. Never rejects. Not during a batch.
   */
  readonly call: (task: CalledTask, signal?: AbortSignal) => Promise<CallEnd>;
  /** Number of lanes that ended with a cancelled task, once they have. */
  readonly lanesLost: () => Promise<number>;
}

/** A server of tasks that are requested one by one. */
export interface LaneServer {
  readonly port: number;
  /** Takes the tasks of a window, each of which is requested once, by its index. */
  readonly hold: (tasks: readonly Task[]) => Promise<void>;
  /** Called after a window. @returns delays of the event loops that accept requests; undefined: that of the host does */
  readonly release: () => Promise<readonly number[] | undefined>;
}
