/** What the code of a lesson is, and what it is given. Types only: the code of a lesson is to be read, and to be copied. */
import type { Services, TaskContext } from './contract.ts';

/** A task, which runs in whichever lane, and an experiment, which starts such tasks and waits for them on the main thread. */
export interface LessonCode<Input, Output> {
  readonly task: (input: Input, context: LessonContext) => Output | Promise<Output>;
  /** What it returns is what the claims are about; it must be cloneable. */
  readonly experiment: (stage: Stage<Input, Output>) => Promise<unknown>;
}

/** What the experiment of a module returns. */
export type ResultOf<Code extends { readonly experiment: (stage: never) => Promise<unknown> }> = Awaited<
  ReturnType<Code['experiment']>
>;

/**
 * As that of any task. `signal`, on the event loop, is the one that the task was started with.
 * @public
 */
export interface LessonContext extends TaskContext {
  /** `unit` is what a second of the tutorial takes here, in milliseconds. */
  readonly params: { readonly unit: number };
}

/**
 * What an experiment is given.
 * @public
 */
export interface Stage<Input, Output> {
  /** Starts a task: at once on the event loop, in a pool as soon as a lane has room for it. */
  readonly start: (input: Input, options?: { readonly signal?: AbortSignal }) => Promise<Output>;
  /** What a second of the tutorial takes here, in milliseconds. */
  readonly unit: number;
  /** A whole number of seconds from 1 to 5, as the tutorial draws them; seeded. */
  readonly randomSeconds: () => number;
  /** Whether tasks run in threads or processes of a pool, and not on this event loop. */
  readonly isPool: boolean;
  readonly services: Services;
  /** Times a part of the experiment, and how late the timers of this event loop were meanwhile. */
  readonly phase: <Value>(name: string, body: () => Promise<Value>) => Promise<Value>;
}
