/** What passes between the orchestrator and a host. A host answers every request with one reply; tasks that are announced come before it. */
import type { OwnStrategy, Sample, StrategyName, Timeline } from '../src/model.ts';
import type { LaneAssignment, LaneError, LaneId, UnderWay } from './contract.ts';

/** One cell, and how its host is to run it. */
export interface HostAssignment {
  readonly lane: LaneAssignment;
  readonly strategy: StrategyName;
  /** Where the code of a strategy of the user's is, and what it says of its lanes. */
  readonly ownStrategy?: Pick<OwnStrategy, 'ref' | 'laneKind' | 'keepsLanes'>;
  readonly poolSize: number;
  readonly atomics: 'sync' | 'async' | 'disabled';
  readonly tasks: number;
  /** Those of a workload that makes none. */
  readonly inputs?: readonly unknown[];
  readonly seed: number;
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
  /** The cell's turn: one measured batch. */
  | { readonly kind: 'measure' }
  /** A batch for the timeline, recorded in detail while memory is watched, and never measured. */
  | { readonly kind: 'trace' }
  /** Which tasks are under way, asked of a host that is late. Answered out of turn; not at all if its main loop is blocked. */
  | { readonly kind: 'inquire' }
  | { readonly kind: 'close' };

export type HostReply =
  | { readonly kind: 'booted' }
  | { readonly kind: 'opened'; readonly startupMs: number }
  | { readonly kind: 'warmed'; readonly digests: readonly string[]; readonly lanesWarmed: number }
  /** The digests of a batch are only sent when they are others than those of the batch before. */
  | { readonly kind: 'measured'; readonly digests?: readonly string[]; readonly reading: Reading }
  | (Omit<Timeline, 'cell'> & { readonly kind: 'traced'; readonly memoryBytes?: number })
  | { readonly kind: 'closed'; readonly memoryBytes?: number; readonly teardownError?: LaneError }
  | { readonly kind: 'began'; readonly task: number }
  | { readonly kind: 'ended'; readonly task: number }
  | { readonly kind: 'underWay'; readonly tasks: readonly UnderWay[] }
  | { readonly kind: 'failed'; readonly failure: HostFailure };

/** What a host reads of one batch; the orchestrator knows which turn it was. */
export type Reading = Omit<Sample, 'block' | 'round' | 'position'>;

export interface HostFailure {
  readonly error: LaneError;
  /** 0-based position of the task that failed, where one did. */
  readonly task?: number;
  readonly lane?: LaneId;
}
