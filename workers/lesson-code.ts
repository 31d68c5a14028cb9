/** The types of a lesson's code. Only types, since people read and copy that code. */
import type { Services, TaskContext } from './contract.ts';

/** A task, which runs in any lane, and an experiment on the main thread, which starts tasks and waits for them. */
export interface LessonCode<Input, Output> {
  readonly task: (input: Input, context: LessonContext) => Output | Promise<Output>;
  /** Its result is what the claims check; it must be cloneable. */
  readonly experiment: (stage: Stage<Input, Output>) => Promise<unknown>;
}

/** The result of a module's experiment. */
export type ResultOf<Code extends { readonly experiment: (stage: never) => Promise<unknown> }> = Awaited<
  ReturnType<Code['experiment']>
>;

/**
 * The context of a lesson's task. On the event loop, `signal` is the one that the task was started with.
 * @public
 */
export interface LessonContext extends TaskContext {
  /** `unit` is the duration of one second of the tutorial, in milliseconds. */
  readonly params: { readonly unit: number };
}

/**
 * The argument of an experiment.
 * @public
 */
export interface Stage<Input, Output> {
  /** Starts a task: at once on the event loop, in a pool as soon as a worker has room. */
  readonly start: (input: Input, options?: { readonly signal?: AbortSignal }) => Promise<Output>;
  /** Duration of one second of the tutorial, in milliseconds. */
  readonly unit: number;
  /** Returns a random whole number of seconds from 1 to 5, as in the tutorial; seeded. */
  readonly randomSeconds: () => number;
  /** Whether tasks run in the threads or processes of a pool, not on this event loop. */
  readonly isPool: boolean;
  readonly services: Services;
  /** Times a part of the experiment, and measures how late the timers of this event loop are during it. */
  readonly phase: <Value>(name: string, body: () => Promise<Value>) => Promise<Value>;
}
