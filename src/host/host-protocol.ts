/** Requests of the orchestrator. A host answers each with one reply, after messages about announced tasks. */
import type { OwnLanesRef } from '../lanes/own-strategy.ts';
import type { OpeningSettings } from '../lanes/strategy.ts';
import type { StrategyName } from '../model/results.ts';
import type { LaneAssignment, Services, WorkloadRef } from '../../workers/contract.ts';
import type { WindowPlan } from '../stats/load/window.ts';
import type { VerifyMode } from './verification.ts';

/** A cell, and how its host runs it. */
export interface HostAssignment extends Pick<
  OpeningSettings,
  'poolSize' | 'atomics' | 'maxQueue' | 'goesOn' | 'stricterFifo' | 'queue'
> {
  readonly lane: LaneAssignment;
  readonly strategy: StrategyName;
  /** The module of a custom strategy, and the facts that it declares of its lanes. */
  readonly ownStrategy?: OwnLanesRef;
  readonly tasks: number;
  /** Inputs for a workload that makes none. */
  readonly inputs?: readonly unknown[];
  readonly seed: number;
  /** Whether the host must load the workload itself, because it makes inputs or moves parts of them. */
  readonly loadsWorkload: boolean;
  readonly verify: VerifyMode;
  /** Number of measured batches that will be requested. */
  readonly rounds: number;
}

export type HostRequest =
  | { readonly kind: 'open'; readonly assignment: HostAssignment }
  /**
   * An unmeasured batch to warm up, or half of one; of one task only if every task starts a lane. Announced: messages report the start
   * and end of each task, so that a task which ends or blocks the host is known.
   */
  | { readonly kind: 'warm'; readonly announced: boolean; readonly half?: Half }
  /**
   * The cell's turn: one measured batch. `looks`: how often at most to look at what its lanes do afterwards, each after a
   * batch; only while calibrating.
   */
  | { readonly kind: 'measure'; readonly looks: number }
  /** A window: tasks that arrive by a schedule, whether or not earlier ones are done. */
  | { readonly kind: 'window'; readonly window: WindowAssignment }
  /** Opens a server, whose requests come from another process. `path`: the beginning of every path that it serves. */
  | { readonly kind: 'listen'; readonly path: string }
  /** Begins a window of the server. `inputs`: the 0-based input of each arrival. */
  | { readonly kind: 'accept'; readonly inputs: readonly number[] }
  /** Ends it. */
  | { readonly kind: 'finish' }
  /** An unmeasured batch for the timeline, recorded in detail. Watching memory meanwhile can slow it down. */
  | { readonly kind: 'trace'; readonly watchesMemory: boolean }
  /** Unmeasured batches that show where the time of each worker goes. */
  | { readonly kind: 'profile' }
  /** Asks a late host for its running tasks. Answered out of turn, or not at all if its event loop is blocked. */
  | { readonly kind: 'inquire' }
  /** Instead of a cell: one configuration of one lesson. */
  | { readonly kind: 'perform'; readonly assignment: LessonAssignment }
  | { readonly kind: 'close' };

export interface WindowAssignment extends WindowPlan {
  /** The 0-based input of each arrival. */
  readonly inputs: readonly number[];
  /** With this many unfinished tasks the window is overloaded, and ends. */
  readonly mostUnfinished: number;
  /** Reply with the times of every task. */
  readonly keepsRequests: boolean;
}

/** Every other task of a batch: those with an even index, or the others. */
export type Half = 0 | 1;

export interface LessonAssignment {
  readonly lesson: WorkloadRef;
  readonly configuration: LessonConfiguration;
  /** Duration of one second of the tutorial, in milliseconds. */
  readonly unitMs: number;
  readonly seed: number;
  readonly services: Services;
}

export interface LessonConfiguration {
  readonly strategy: 'event-loop' | 'worker-threads' | 'child-processes';
  readonly poolSize: number;
  /** Concurrency of each lane. */
  readonly concurrency: number;
}
