/** What passes between the orchestrator and a host. A host answers every request with one reply; tasks that are announced come before it. */
import type { Digests, Doubt, Reading } from '../model/measured.ts';
import type { OwnLanesRef } from '../lanes/own-strategy.ts';
import type { StrategyName, Timeline } from '../model/results.ts';
import type { LaneAssignment, LaneError, LaneId, UnderWay } from '../../workers/contract.ts';
import type { Composition } from './copy-input.ts';
import type { VerifyMode } from './verification.ts';
import type { Evidence, LessonAssignment } from './lesson-protocol.ts';

/** One cell, and how its host is to run it. */
export interface HostAssignment {
  readonly lane: LaneAssignment;
  readonly strategy: StrategyName;
  /** Where the code of a strategy of the user's is, and what it says of its lanes. */
  readonly ownStrategy?: OwnLanesRef;
  readonly poolSize: number;
  readonly atomics: 'sync' | 'async' | 'disabled';
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

export type HostReply =
  | { readonly kind: 'booted' }
  | {
      readonly kind: 'opened';
      readonly startupMs: number;
      readonly inputs: Composition;
      /** What the host took for a copy of the module and the inputs that a pool in a program would not need; undefined: not measured. */
      readonly hostCopyBytes?: number;
    }
  | {
      readonly kind: 'warmed';
      readonly digests: Digests;
      readonly lanesWarmed: number;
      readonly doubts?: readonly Doubt[];
    }
  /** The digests of a batch are only sent when they are others than those of the batch before. */
  | {
      readonly kind: 'measured';
      readonly digests?: Digests;
      readonly reading: Reading;
      readonly doubts?: readonly Doubt[];
    }
  | (Omit<Timeline, 'cell'> & { readonly kind: 'traced'; readonly digests: Digests; readonly memoryBytes?: number })
  | { readonly kind: 'performed'; readonly evidence: Evidence<unknown> }
  | { readonly kind: 'closed'; readonly memoryBytes?: number; readonly teardownError?: LaneError }
  | { readonly kind: 'began'; readonly task: number }
  | { readonly kind: 'ended'; readonly task: number }
  | { readonly kind: 'underWay'; readonly tasks: readonly UnderWay[] }
  | { readonly kind: 'failed'; readonly failure: HostFailure };

export interface HostFailure {
  readonly error: LaneError;
  /** 0-based position of the task that failed, where one did. */
  readonly task?: number;
  readonly lane?: LaneId;
}
