/** What the host of a lesson is told, and what it answers. */
import type { Timeline } from '../model/results.ts';
import type { Services, WorkloadRef } from '../../workers/contract.ts';

export interface LessonAssignment {
  readonly lesson: WorkloadRef;
  readonly way: LessonWay;
  /** What a second of the tutorial takes, in milliseconds. */
  readonly unitMs: number;
  readonly seed: number;
  readonly services: Services;
}

export interface LessonWay {
  readonly strategy: 'event-loop' | 'worker-threads' | 'child-processes';
  readonly poolSize: number;
  /** Of one lane. */
  readonly inFlight: number;
}

/** What was seen of an experiment. Times are milliseconds since it began. */
export interface Evidence<Result> {
  readonly result: Result;
  readonly totalMs: number;
  /** The parts that the experiment has timed, in order. */
  readonly phases: readonly Phase[];
  /** In the order in which they were started. */
  readonly tasks: readonly TaskStory[];
  readonly slices: Timeline['slices'];
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
