import type { MeasuringEvent, Telling } from '../measure/events.ts';
import type { SearchLog } from '../model/measured.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment } from '../model/results.ts';
import type { Beginning } from '../system/surroundings.ts';

/**
 * The caller of a flow: it asks, follows the measuring and takes the results. A terminal, or a program that uses the
 * library. Flows call these in order, and nothing below them knows of a session.
 */
export interface Session<Asked, Found, Output> {
  /** Aborted to stop measuring after the current batch. */
  readonly signal: AbortSignal;
  /** Returns the request for this machine. @throws LanewiseError if it cannot be met */
  readonly ask: (environment: Environment) => Asked | Promise<Asked>;
  /** Takes the lock of this machine, once, until the session ends. @throws LanewiseError if another process has it */
  readonly lock: () => Promise<{ readonly isShared: boolean }>;
  /** Consumes the events of measuring. @returns its outcome */
  readonly follow: <Result>(stage: Stage, measuring: Telling<MeasuringEvent, Result>) => Promise<Result>;
  /** Prints what somebody must act on; absent: nobody reads it. */
  readonly say?: (text: string) => void;
  readonly report: (found: Found) => Output | Promise<Output>;
}

/** The part of a session that measuring needs. */
export type Follower = Pick<Session<never, never, unknown>, 'signal' | 'lock' | 'follow' | 'say'>;

/** A plan about to be measured. */
export interface Stage {
  readonly plan: Plan;
  readonly began: Beginning;
  /** Time spent before it, since a time limit covers everything. */
  readonly spentMs?: number;
  /** The search that preceded it. */
  readonly search?: readonly SearchLog[];
  /**
   * Phase of a tuning: many candidates with little evidence, or a few with much. Or of a load measurement: the search for
   * the rates, or the measurement around them.
   */
  readonly phase?: 'screening' | 'confirming' | 'searching' | 'holding';
}
