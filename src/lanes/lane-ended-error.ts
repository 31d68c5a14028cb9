import { laneName, type LaneError, type TaskReply } from '../../workers/contract.ts';
import { describeError, describedAs } from '../../workers/describe-error.ts';
import { ProtocolError } from '../../workers/frames.ts';

/** A lane ended unexpectedly: with its last words, if any, or its exit code or signal. */
export class LaneEndedError extends Error {
  /** 0-based, within the strategy. */
  readonly lane: number;

  constructor(lane: number, { message, ...fields }: LaneError) {
    super(message);
    this.lane = lane;
    describedAs(this, fields);
  }
}

/** A machine that had joined does not answer any more. */
export class MachineLeftError extends Error {
  override readonly name = 'MachineLeftError';

  constructor(machine: string) {
    super(`machine ${machine} left`);
  }
}

/** Describes an uncaught error by what it ended. */
export function uncaught(error: LaneError, what: 'process' | 'thread'): LaneError {
  const why = /\bEADDRINUSE\b/.test(error.message) ? '; every worker loads the module, and opens what that opens' : '';
  return { ...error, message: `${error.message} (uncaught: it ended the ${what}${why})` };
}

/** Node's exit code for a top-level await that never settles. */
const NEVER_SETTLED = 13;

/** An error gives another code, and a worker waits for messages. */
export function howEnded(exitCode: number | null): string {
  return exitCode === 0 ? ', as process.exit() ends it' : '';
}

export function threadEnded(lane: number, exitCode: number): LaneError {
  const why = exitCode === NEVER_SETTLED ? ': its task awaits a promise that never settles' : howEnded(exitCode);
  return {
    name: 'ThreadEnded',
    message: `${laneName({ kind: 'thread', index: lane })} ended with exit code ${exitCode}${why}`,
  };
}

export function processEnded(lane: number, code: number | null, signal: string | null): LaneError {
  const how = signal === null ? `exit code ${code}${howEnded(code)}` : `signal ${signal}`;
  return { name: 'ProcessEnded', message: `${laneName({ kind: 'process', index: lane })} ended with ${how}` };
}

/** Describes why a process could not be started, or was ended because of what it sent. */
export function processFailed(lane: number, error: Error): LaneError {
  if (error instanceof MachineLeftError) return describeError(error);
  const what = error instanceof ProtocolError ? error.what : `could not be started: ${error.message}`;
  return { name: error.name, message: `${laneName({ kind: 'process', index: lane })} ${what}` };
}

/** The reply for a task that was lost with its lane. */
export function lostReply(thrown: unknown): Extract<TaskReply, { status: 'lost' }> {
  const error = describeError(thrown);
  return { status: 'lost', error, ...(thrown instanceof LaneEndedError && { lane: thrown.lane }) };
}
