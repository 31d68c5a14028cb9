/**
 * What a workload is, and what passes between the host and a lane that runs one.
 * Code in a lane imports this file and its neighbours in `workers/`, never anything of `src/`.
 */
import type { MessagePort } from 'node:worker_threads';

/** What most of a task is: computing, waiting for something outside, or both. Decides what is tried, and what is warned of. */
export type Bound = 'cpu' | 'io' | 'mixed';

/** The values that a workload is measured with, by name: plain data, the same in every lane. */
export type Params = Readonly<Record<string, unknown>>;

/** Where a service that was started for the run can be reached, by the service's name. */
export type Services = Readonly<Record<string, { readonly url: string }>>;

/** A lane: the main loop, one thread or one child process, numbered from 0 within its strategy. */
export interface LaneId {
  readonly kind: 'main' | 'thread' | 'process';
  readonly index: number;
}

/** What `input` of a workload is given, once for each task. */
export interface InputContext {
  /** 0-based position of the task in its batch. */
  readonly index: number;
  readonly params: Params;
  /** Uniform in [0, 1); seeded, so that every cell gets the same inputs in the same order. */
  readonly random: () => number;
}

/** What `setup` of a workload is given, once in each lane. */
export interface SetupContext {
  readonly params: Params;
  readonly services: Services;
  readonly lane: LaneId;
  /** The id of the cell that is being measured, for example `primes/worker-threads@2`. */
  readonly cell: string;
}

/** What a task is given beside its input. */
export interface TaskContext extends SetupContext {
  /** What `setup` returned in this lane. */
  readonly state: unknown;
  /** Aborted when the lane closes. */
  readonly signal: AbortSignal;
  /** Gives the event loop one turn, so that other tasks of this lane can run in between. */
  readonly yieldToLoop: () => Promise<void>;
}

/**
 * The work itself: what it returns, or what a promise that it returns resolves to, is its result. The `task` of a definition is given the
 * context; a function that is exported by itself is called with its input alone, as a pool calls it.
 */
type TaskFunction = (input: never, context: TaskContext) => unknown;

/**
 * A workload module's default export, or a promise of it: everything but `task` is optional. Its functions are called as its methods: an
 * instance of a class does as well.
 */
export interface WorkloadDefinition {
  readonly name?: string;
  readonly bound?: Bound;
  readonly description?: string;
  /** The params and their default values; `--param name=value` overrides one, a list scans it. */
  readonly params?: Params;
  /** How many tasks make a batch. */
  readonly tasks?: number;
  /** Services of Lanewise that must be running, for example `http-server`. */
  readonly services?: readonly string[];
  /** Makes the input of one task. Runs in the host, before anything is measured. */
  readonly input?: (context: InputContext) => unknown;
  /** Runs once per lane, never timed; what it returns is `context.state`. */
  readonly setup?: (context: SetupContext) => unknown;
  readonly task: TaskFunction;
  /** The part of an output that must be equal everywhere; the whole output if absent. */
  readonly digest?: (output: never) => unknown;
  /** Objects inside the input that worker threads move instead of copying. */
  readonly transfer?: (input: never) => readonly Transferable[];
  readonly teardown?: (state: never) => unknown;
}

/** Every field that a workload can have. */
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

/** What a worker thread can be given without copying it. */
export type Transferable = ArrayBuffer | MessagePort;

/** The identity, for its types: a plain object with the same fields does as well. */
export function defineWorkload<const Definition extends WorkloadDefinition>(definition: Definition): Definition {
  return definition;
}

/** A module on disk by its file URL; what it exports is only looked at in a host or a lane. */
export interface ModuleRef {
  readonly url: string;
  /** What must be imported and registered first to be able to load it, as file URLs: tsx, for TypeScript. */
  readonly loaders?: readonly string[];
}

/** In the steps from a module to what it exports: no name of a property, but a promise that is awaited. */
export const AWAIT = 'await';

/** The module of a workload. */
export interface WorkloadRef extends ModuleRef {
  /** Which of its exports; undefined: the default one. */
  readonly exportName?: string;
  /** What it finds as `workerData` of `node:worker_threads`. */
  readonly workerData?: unknown;
}

/** Everything a lane needs to know before its first task. */
export interface LaneAssignment {
  readonly workload: WorkloadRef;
  readonly params: Params;
  readonly services: Services;
  readonly cell: string;
  /** How many tasks the lane may be given before it has answered. */
  readonly concurrency: number;
}

/** One task of a batch, on its way to a lane. */
export interface Task {
  /** 0-based position in the batch. */
  readonly index: number;
  readonly input: unknown;
  /** Record when the task ran and when it waited. Slows the task down: never in measured batches. */
  readonly traced: boolean;
  /** Take the digest of its output, which is compared with those of all other cells. Lanewise's own work: in measured batches only of some. */
  readonly verified: boolean;
}

/** Nanoseconds of `process.hrtime`: one clock for all threads and processes of a machine. */
export type Nanoseconds = number;

/** What was thrown in a lane, as it can cross any boundary. */
export interface LaneError extends ErrorSummary {
  readonly stack?: string;
  /** Its `cause`, the cause of that, and so on: the first of them. */
  readonly causes?: ErrorSummary[];
  /** The first of the `errors` of the first AggregateError among it and its causes. */
  readonly errors?: ErrorSummary[];
}

export interface ErrorSummary {
  readonly name: string;
  readonly message: string;
}

/**
 * What a lane answers for one task. Flat and small: it crosses a boundary for every task, and a microsecond more on
 * either side can be the moment in which the other side falls asleep.
 */
export type TaskReply =
  | {
      readonly status: 'ok';
      /** 0-based index of the lane. */
      readonly lane: number;
      readonly startedNs: Nanoseconds;
      readonly finishedNs: Nanoseconds;
      /** When the digest was ready, if one was taken. Digesting is Lanewise's own work and belongs to no task. */
      readonly digestedNs: Nanoseconds;
      /** Null where the output was not to be verified. */
      readonly digest: string | null;
      /** Carried back as in any real program, and let go as soon as it is there: then it is whether there was one. */
      output: unknown;
      /** Only of a traced task: when it ran, as [from, to] pairs in time order. */
      readonly runs?: readonly (readonly [Nanoseconds, Nanoseconds])[];
    }
  | {
      readonly status: 'failed';
      readonly lane: number;
      readonly error: LaneError;
      /** Only of a traced task. */
      readonly ran?: Ran;
    }
  /** The task could not be handed over, or its lane ended before it could answer; then `lane` says which one. */
  | { readonly status: 'lost'; readonly lane?: number; readonly error: LaneError };

/** When a task started, when it ended, and when it ran in between, as [from, to] pairs in time order. */
export interface Ran {
  readonly startedNs: Nanoseconds;
  readonly finishedNs: Nanoseconds;
  readonly runs: readonly (readonly [Nanoseconds, Nanoseconds])[];
}

/** A task that has begun and not ended, and the lane that runs it where that is known. */
export interface UnderWay {
  readonly task: number;
  readonly lane?: LaneId;
}

/** What became of one task. */
export interface TaskRecord {
  /** That of the task. */
  readonly index: number;
  /** When the task was handed to a lane that had room for it. */
  readonly submittedNs: Nanoseconds;
  /** When its reply was there. */
  readonly receivedNs: Nanoseconds;
  readonly reply: TaskReply;
}

/** CPU time and context switches since some fixed moment; switches are absent where the system does not count them. */
export interface Usage {
  /** Of all threads of the process and of the programs that its tasks start, in user and kernel mode. */
  readonly cpuMs: number;
  /** Of `cpuMs`: what the kernel did for the process. */
  readonly systemMs: number;
  /** Not those of programs that tasks start. */
  readonly contextSwitches?: { readonly voluntary: number; readonly involuntary: number };
  /** Of `cpuMs`: what programs have used that tasks started, to 10 ms; absent where the system does not count them. */
  readonly commandsMs?: number;
}

/** What a lane has done and still has to do, as its runtime counts it. */
export interface LaneActivity {
  /** For how long its event loop has been busy since it began, ms; null where that cannot be told. */
  readonly activeMs: number | null;
  /** Requests and timers that have not ended. */
  readonly pending: number;
}
