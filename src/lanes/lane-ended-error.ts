import type { LaneError, TaskReply } from '../../workers/contract.ts';
import { describeError, dressed } from '../../workers/describe-error.ts';
import { laneName } from '../../workers/lane-name.ts';
import { ProtocolError } from '../system/forked-child.ts';

/** How a lane ended that should not have: what it said last, if it did, or its exit code or signal. */
export class LaneEndedError extends Error {
  /** 0-based, within the strategy. */
  readonly lane: number;

  constructor(lane: number, { message, ...told }: LaneError) {
    super(message);
    this.lane = lane;
    dressed(this, told);
  }
}

/** An error that nobody caught, and what it ended. */
export function uncaught(error: LaneError, what: 'process' | 'thread'): LaneError {
  return { ...error, message: `${error.message} (nobody caught it: it ended the ${what})` };
}

/** Node's own, for a main module that waits for something when nothing is left that could bring it. */
const NEVER_SETTLED = 13;

export function threadEnded(lane: number, exitCode: number): LaneError {
  const why = exitCode === NEVER_SETTLED ? ': its task waits for something that nothing will bring' : '';
  return {
    name: 'ThreadEnded',
    message: `${laneName({ kind: 'thread', index: lane })} ended with exit code ${exitCode}${why}`,
  };
}

export function processEnded(lane: number, code: number | null, signal: string | null): LaneError {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return { name: 'ProcessEnded', message: `${laneName({ kind: 'process', index: lane })} ended with ${how}` };
}

/** Why a process could not be started, or was ended because of what it sent. */
export function processFailed(lane: number, error: Error): LaneError {
  const what = error instanceof ProtocolError ? error.what : `could not be started: ${error.message}`;
  return { name: error.name, message: `${laneName({ kind: 'process', index: lane })} ${what}` };
}

/** What is answered for a task that its lane did not answer for. */
export function lostReply(thrown: unknown): Extract<TaskReply, { status: 'lost' }> {
  const error = describeError(thrown);
  return { status: 'lost', error, ...(thrown instanceof LaneEndedError && { lane: thrown.lane }) };
}
