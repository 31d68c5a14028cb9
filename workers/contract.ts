/**
 * The types of workloads, and of the messages between the host and a lane that runs one. Code in a lane imports only
 * this file and others in `workers/`, never from `src/`.
 */
import type { MessagePort } from 'node:worker_threads';

/** Whether tasks mostly compute (`cpu`), mostly wait (`io`), or both. Decides which configurations run, and warnings. */
export type Bound = 'cpu' | 'io' | 'mixed';

/** Parameter values of a workload, by name: plain data, the same in every lane. */
export type Params = Readonly<Record<string, unknown>>;

/** Addresses of the services that were started for the run, by the name of the service. */
export type Services = Readonly<Record<string, { readonly url: string }>>;

/** A lane: the main thread, one worker thread or one child process, numbered from 0 within its strategy. */
export interface LaneId {
  readonly kind: 'main' | 'thread' | 'process';
  readonly index: number;
}

const LANE_KINDS = { main: 'main thread', thread: 'worker thread', process: 'child process' } as const;

/** Name of a lane for people, counted from 1: `main thread`, `worker thread 1`, `child process 2`. */
export function laneName({ kind, index }: LaneId): string {
  return kind === 'main' ? LANE_KINDS.main : `${LANE_KINDS[kind]} ${index + 1}`;
}

/** The kind of lane without its number: `worker thread`. */
export function laneKindName(kind: LaneId['kind']): string {
  return LANE_KINDS[kind];
}

/** Context of a workload's `input`, which is called once for each task. */
export interface InputContext<Given extends Params = Params> {
  /** 0-based position of the task in its batch. */
  readonly index: number;
  readonly params: Given;
  /** Uniform in [0, 1); seeded, so that every cell gets the same inputs in the same order. */
  readonly random: () => number;
}

/** Context of a workload's `setup`, which is called once in each lane. */
export interface SetupContext<Given extends Params = Params> {
  readonly params: Given;
  readonly services: Services;
  readonly lane: LaneId;
  /** The id of the measured cell, for example `primes/worker-threads@2`. */
  readonly cell: string;
}

/** Context of a task, its second argument. */
export interface TaskContext<Given extends Params = Params, State = unknown> extends SetupContext<Given> {
  /** The value that `setup` returned in this lane. */
  readonly state: State;
  /** Aborted when the lane closes. */
  readonly signal: AbortSignal;
  /** Yields to the event loop for one turn, so that other tasks of this lane can run. */
  readonly yieldToLoop: () => Promise<void>;
}

/**
 * The measured work. Its output is the returned value, or the value that the returned promise resolves to. The `task`
 * of a definition is called with the context; an exported function is called with the input alone, as pools do.
 */
type TaskFunction = (input: never, context: TaskContext) => unknown;

/**
 * The default export of a workload module, or a promise of it. Everything but `task` is optional. Its functions are
 * called as methods, so it can be an instance of a class.
 */
export interface WorkloadDefinition {
  readonly name?: string;
  readonly bound?: Bound;
  readonly description?: string;
  /** Parameters and their default values; `--param name=value` overrides one, a list of values scans it. */
  readonly params?: Params;
  /** Number of tasks in a batch. */
  readonly tasks?: number;
  /** Built-in services that must run, for example `http-server`. */
  readonly services?: readonly string[];
  /** Makes the input of one task. Called in the host, before anything is measured. */
  readonly input?: (context: InputContext) => unknown;
  /** Called once per lane, never timed; its result is `context.state`. */
  readonly setup?: (context: SetupContext) => unknown;
  readonly task: TaskFunction;
  /** Selects the part of an output that must be equal in every configuration. Default: the whole output. */
  readonly digest?: (output: never) => unknown;
  /** Lists objects in the input that are moved to worker threads instead of copied. */
  readonly transfer?: (input: never) => readonly Transferable[];
  readonly teardown?: (state: never) => unknown;
}

/** All fields that a workload can have. */
export const WORKLOAD_FIELDS = Object.keys({
  name: 0,
  bound: 0,
  description: 0,
  params: 0,
  tasks: 0,
  services: 0,
  input: 0,
  setup: 0,
  task: 0,
  digest: 0,
  transfer: 0,
  teardown: 0,
} satisfies Record<keyof WorkloadDefinition, 0>);

/** Objects that can be moved to a worker thread instead of copied. */
export type Transferable = ArrayBuffer | MessagePort;

/** A module on disk by its file URL, imported only in hosts and lanes. */
export interface ModuleRef {
  readonly url: string;
  /**
   * Loaders to import and register before it where the runtime does not run TypeScript by itself, as file URLs: tsx;
   * absent: it is not installed, or no TypeScript.
   */
  readonly loaders?: readonly string[];
  /** Register them on every Node: leaving out the types may not be enough. */
  readonly needsLoaders?: true;
}

/** A step from a module to its export that awaits a promise; all other steps are property names. */
export const AWAIT = 'await';

/** The module of a workload. */
export interface WorkloadRef extends ModuleRef {
  /** Name of the export. Default: the default export. */
  readonly exportName?: string;
  /** Its `workerData` of `node:worker_threads`. */
  readonly workerData?: unknown;
}

/** Everything that a lane needs before its first task. */
export interface LaneAssignment {
  readonly workload: WorkloadRef;
  readonly params: Params;
  readonly services: Services;
  readonly cell: string;
  /** Number of tasks that the lane may run at once. */
  readonly concurrency: number;
}

/** One task of a batch, on its way to a lane. */
export interface Task {
  /** 0-based position in the batch. */
  readonly index: number;
  readonly input: unknown;
  /** Whether to record when the task runs and when it waits. Slows the task down: never in measured batches. */
  readonly traced: boolean;
  /**
   * Whether to take the digest of its output, which is compared with the digests of all other cells. Digests cost time:
   * measured batches take few.
   */
  readonly verified: boolean;
}

/** Nanoseconds of `process.hrtime`, the same clock in all threads and processes of a machine. */
export type Nanoseconds = number;

/** A value that was thrown in a lane, as data that can be sent to any thread or process. */
export interface LaneError extends ErrorSummary {
  readonly stack?: string;
  /** Its `cause`, the cause of that, and so on; only the first few. */
  readonly causes?: ErrorSummary[];
  /** The first few `errors` of the first AggregateError among it and its causes. */
  readonly errors?: ErrorSummary[];
}

export interface ErrorSummary {
  readonly name: string;
  readonly message: string;
}

/**
 * The reply of a lane for one task. Flat and small: it is sent for every task, and one microsecond more on either side
 * can be enough for the other side to fall asleep.
 */
export type TaskReply =
  | {
      readonly status: 'ok';
      /** 0-based index of the lane. */
      readonly lane: number;
      readonly startedNs: Nanoseconds;
      readonly finishedNs: Nanoseconds;
      /** When the digest was ready, if one was taken. Its time is not part of the task. */
      readonly digestedNs: Nanoseconds;
      /** Null if the output is not verified. */
      readonly digest: string | null;
      /** Sent back as in a real program, then replaced by whether there was one, to free its memory. */
      output: unknown;
      /** Only for a traced task: when it ran, as [from, to] pairs in time order. */
      readonly runs?: readonly (readonly [Nanoseconds, Nanoseconds])[];
    }
  | {
      readonly status: 'failed';
      readonly lane: number;
      readonly error: LaneError;
      /** Only for a traced task. */
      readonly ran?: Ran;
    }
  /**
   * The task could not be dispatched, or its lane ended before it replied; `lane` is the lane that ended.
   * `isOfAnother`: a lane has ended, and it is not known with which task.
   */
  | { readonly status: 'lost'; readonly lane?: number; readonly isOfAnother?: true; readonly error: LaneError };

/** When a task started and finished, and when it ran in between, as [from, to] pairs in time order. */
export interface Ran {
  readonly startedNs: Nanoseconds;
  readonly finishedNs: Nanoseconds;
  readonly runs: readonly (readonly [Nanoseconds, Nanoseconds])[];
}

/** A running task, and its lane if known. */
export interface UnderWay {
  readonly task: number;
  readonly lane?: LaneId;
}

/** The record of one task of a batch. */
export interface TaskRecord {
  /** 0-based position of the task in the batch. */
  readonly index: number;
  /** When the task was dispatched to a lane that had room for it. */
  readonly submittedNs: Nanoseconds;
  /** When its reply arrived. */
  readonly receivedNs: Nanoseconds;
  readonly reply: TaskReply;
}

/** CPU time and context switches since a fixed moment; switches are absent where the system does not count them. */
export interface Usage {
  /** User and kernel CPU time of all threads of the process and of the programs that its tasks start. */
  readonly cpuMs: number;
  /** The part of `cpuMs` in kernel mode. */
  readonly systemMs: number;
  /** The part of `cpuMs` on other machines; absent: none. */
  readonly elsewhereMs?: number;
  /** Without those of programs that tasks start. */
  readonly contextSwitches?: { readonly voluntary: number; readonly involuntary: number };
  /** The part of `cpuMs` of programs that tasks start, exact to 10 ms; absent where the system does not count it. */
  readonly commandsMs?: number;
}

/** Kinds of recordings that a lane can make during an extra batch. */
export type ReadingKind = LaneReading['kind'];

/** A recording of a lane. */
export type LaneReading =
  | {
      readonly kind: 'counters';
      /** Busy time of its event loop, ms; null where it is unknown. */
      readonly loopActiveMs: number | null;
      /** When garbage collection stopped it, as [from, to] pairs. */
      readonly pauses: readonly (readonly [Nanoseconds, Nanoseconds])[];
    }
  | {
      readonly kind: 'profile';
      /** When the profile began, in the time of all lanes. */
      readonly startedNs: Nanoseconds;
      readonly profile: CpuProfile;
    };

/** The content of a `.cpuprofile` file. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[] | undefined;
  }[];
  /** Microseconds of V8's clock. */
  readonly startTime: number;
  readonly endTime: number;
  /** The node that ran at each sample. */
  readonly samples?: readonly number[] | undefined;
  /** Microseconds since the sample before, or the start. */
  readonly timeDeltas?: readonly number[] | undefined;
}

/** How long a lane has worked since its start. */
export interface LaneTime {
  /** Busy time of its event loop, ms; null where it is unknown. */
  readonly activeMs: number | null;
  /** CPU time of its process, ms; absent: it has none of its own. */
  readonly cpuMs?: number | undefined;
}

/** Past and pending activity of a lane, as its runtime counts it. */
export interface LaneActivity extends LaneTime {
  /** Number of unfinished requests and timers. */
  readonly pending: number;
  /** At its last result; absent: not noted, or there was none. A lane that works on after that answers late. */
  readonly atResult?: LaneTime | undefined;
}
