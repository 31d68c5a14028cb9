/** What came of the tutorial’s lessons. */
import type { Environment, InFlight, StrategyName, Slice } from './results.ts';

/** The languages that lessons are told in. */
export const LANGUAGES = ['en', 'pt'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What `lanewise lessons` found, in the language that was asked for. */
export interface LessonsReport {
  readonly lang: Language;
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
  readonly slices: Slice[];
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

/** What was seen of an experiment. Times are milliseconds since it began. */
export interface Evidence<Result> {
  readonly result: Result;
  readonly totalMs: number;
  /** The parts that the experiment has timed, in order. */
  readonly phases: readonly Phase[];
  /** In the order in which they were started. */
  readonly tasks: readonly TaskStory[];
  readonly slices: Slice[];
  /** How many lanes ended with a task that was cancelled. */
  readonly lanesLost: number;
  /** The most that a timer of the main thread was late. */
  readonly loopDelayMs: number;
}

export interface Phase {
  readonly name: string;
  readonly totalMs: number;
  readonly loopDelayMs: number;
}

/** What became of one task. */
export interface TaskStory {
  /** Of its input, if it holds them: how long the task was to wait. */
  readonly seconds?: number;
  /** Undefined: it never reached one. */
  readonly lane?: number;
  readonly startedMs?: number;
  /** When whoever waited for it was told. */
  readonly endedMs: number;
  readonly outcome: 'done' | 'failed' | 'cancelled';
}
