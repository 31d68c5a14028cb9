/** What came of the tutorial’s lessons. */
import type { Environment, InFlight, StrategyName, Timeline } from './results.ts';

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
  readonly slices: Timeline['slices'];
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
