/** The tutorial’s lessons with their measurements. */
import type { Environment, Concurrency, StrategyName, Slice } from './results.ts';

/** The languages of the lessons. */
export type Language = 'en' | 'pt';

/** The outcome of `lanewise lessons`, in one language. */
export interface LessonsReport {
  readonly lang: Language;
  /** Duration of one tutorial second, in milliseconds. */
  readonly unitMs: number;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly environment: Environment;
  readonly lessons: readonly TaughtLesson[];
  /**
   * CPUs that other programs used just after a claim had failed, the most of these moments; absent: none failed, or the
   * system does not count.
   */
  readonly otherCpus?: number;
  /** False if it was interrupted. */
  readonly complete: boolean;
}

/** One lesson with its text and its measurements. */
export interface TaughtLesson {
  readonly id: string;
  /** Where in the tutorial it is. */
  readonly origin: string;
  readonly title: string;
  readonly idea: string;
  /** The tutorial's claim. */
  readonly tutorial: string;
  /** The difference in a pool, or in JavaScript; undefined: none. */
  readonly differs: string | undefined;
  /** The conclusion; undefined: the claims are enough. */
  readonly takeaway: string | undefined;
  /** File name of the modified copy that ran in place of the lesson’s own code; undefined: none. */
  readonly modifiedCopy: string | undefined;
  /** The code that ran. */
  readonly code: readonly { readonly file: string; readonly text: string }[];
  /** Its timelines have a row per worker; otherwise per task, since tasks only wait. */
  readonly byLane: boolean;
  /** Names of the rows of its timelines; undefined: they are workers. */
  readonly rows: readonly string[] | undefined;
  readonly configurations: readonly TaughtConfiguration[];
}

/** The outcome of a lesson in one configuration. */
export interface TaughtConfiguration {
  /** `worker-threads@2xall`. */
  readonly configuration: string;
  readonly strategy: StrategyName;
  readonly poolSize: number;
  readonly concurrency: Concurrency;
  /** Duration of all attempts. */
  readonly durationMs: number;
  readonly pass: boolean;
  /** Number of measurements: a failed claim is measured again, up to a limit. */
  readonly attempts: number;
  /** Claims of the last attempt. */
  readonly claims: readonly TaughtClaim[];
  /** Reasons why something cannot be measured here. */
  readonly notMeasured: readonly string[];
  readonly slices: Slice[];
  /** Why it could not be run; then there are no claims. */
  readonly error: string | undefined;
}

export interface TaughtClaim {
  readonly text: string;
  readonly expected: ClaimValue;
  readonly measured: ClaimValue;
  /** Unit of `expected` and `measured`, if they are times. */
  readonly unit?: 'ms';
  readonly pass: boolean;
}

/** A value; null: none. */
export type ClaimValue = number | string | boolean | null | readonly ClaimValue[];

/** Record of one experiment. Times are milliseconds since it began. */
export interface Evidence<Result> {
  readonly result: Result;
  readonly totalMs: number;
  /** Parts that the experiment timed, in order. */
  readonly phases: readonly Phase[];
  /** In the order in which they were started. */
  readonly tasks: readonly TaskStory[];
  readonly slices: Slice[];
  /** Workers that ended together with a cancelled task. */
  readonly lanesLost: number;
  /** Longest delay of a timer on the main thread. */
  readonly loopDelayMs: number;
}

export interface Phase {
  readonly name: string;
  readonly totalMs: number;
  readonly loopDelayMs: number;
}

/** The course of one task. */
export interface TaskStory {
  /** Seconds to wait, if its input has them. */
  readonly seconds?: number;
  /** Undefined: it never reached a worker. */
  readonly lane?: number;
  readonly startedMs?: number;
  /** When its promise settled. */
  readonly endedMs: number;
  readonly outcome: 'done' | 'failed' | 'cancelled';
}
