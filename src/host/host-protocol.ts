/** What the orchestrator asks of a host, which answers every request with one reply; tasks that are announced come before it. */
import type { OwnLanesRef } from '../lanes/own-strategy.ts';
import type { StrategySettings } from '../lanes/strategy.ts';
import type { StrategyName } from '../model/results.ts';
import type { LaneAssignment, Services, WorkloadRef } from '../../workers/contract.ts';
import type { VerifyMode } from './verification.ts';

/** One cell, and how its host is to run it. */
export interface HostAssignment extends Pick<StrategySettings, 'poolSize' | 'atomics'> {
  readonly lane: LaneAssignment;
  readonly strategy: StrategyName;
  /** Where the code of a strategy of the user's is, and what it says of its lanes. */
  readonly ownStrategy?: OwnLanesRef;
  readonly tasks: number;
  /** Those of a workload that makes none. */
  readonly inputs?: readonly unknown[];
  readonly seed: number;
  /** Whether the host must load the workload itself: for the inputs that it makes, or for what of them is moved. */
  readonly loadsWorkload: boolean;
  readonly verify: VerifyMode;
  /** How many measured batches will be asked for. */
  readonly rounds: number;
}

export type HostRequest =
  | { readonly kind: 'open'; readonly assignment: HostAssignment }
  /**
   * A batch that warms up and is not measured; of one task only, where every task starts a lane of its own. Announced: each
   * task is told when it begins and when it ends, so that one which takes the host down or blocks it for good is known.
   */
  | { readonly kind: 'warm'; readonly announced: boolean }
  /** The cell's turn: one measured batch. Looks, where nothing is compared yet, at what its lanes do when it is done. */
  | { readonly kind: 'measure'; readonly looks: boolean }
  /** A batch for the timeline, recorded in detail while memory is watched, and never measured. */
  | { readonly kind: 'trace' }
  /** Which tasks are under way, asked of a host that is late. Answered out of turn; not at all if its main loop is blocked. */
  | { readonly kind: 'inquire' }
  /** Instead of a cell: one lesson, one way. */
  | { readonly kind: 'perform'; readonly assignment: LessonAssignment }
  | { readonly kind: 'close' };

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
