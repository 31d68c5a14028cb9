import type { MeasuringEvent, Telling } from '../measure/events.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment } from '../model/results.ts';
import type { Beginning } from '../system/surroundings.ts';

/**
 * Who asks for something to be measured, follows it and takes what was found: a terminal, or a program that calls the library. A flow goes
 * from one to the next of these, and nothing below it knows any of them.
 */
export interface Session<Asked, Found, Told> {
  /** Aborted when what is being measured shall end: the batch in hand is finished first. */
  readonly signal: AbortSignal;
  /** What is asked for, on this machine. @throws LanewiseError for what cannot be */
  readonly ask: (environment: Environment) => Asked | Promise<Asked>;
  /** Takes the lock of this machine, once, and keeps it until the session ends. @throws LanewiseError if another process has it */
  readonly lock: () => Promise<{ readonly isShared: boolean }>;
  /** Consumes what measuring tells. @returns what came of it */
  readonly follow: <Result>(stage: Stage, measuring: Telling<MeasuringEvent, Result>) => Promise<Result>;
  readonly report: (found: Found) => Told | Promise<Told>;
}

/** What of it the measuring needs. */
export type Follower = Pick<Session<never, never, unknown>, 'signal' | 'lock' | 'follow'>;

/** What is about to be measured. */
export interface Stage {
  readonly plan: Plan;
  readonly began: Beginning;
  /** What it has taken to come to it: a time limit is for all of it. */
  readonly spentMs?: number;
  /** Of a tuning: many settings with little evidence, or a few with much. */
  readonly phase?: 'screening' | 'confirming';
}
