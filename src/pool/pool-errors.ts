/** Reasons why a task of a pool has no result, other than what it threw itself. */
export type PoolErrorCode =
  /**
   * Its child process ended before the task was done: it crashed, called `process.exit`, or was killed from outside.
   */
  | 'ERR_POOL_CHILD_ENDED'
  /** No child process can be started; `cause` is the error of the last one. */
  | 'ERR_POOL_START'
  /** The pool was destroyed or closed. */
  | 'ERR_POOL_CLOSED';

/** A task was lost, or could not be run. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
  /** The reason. */
  readonly code: PoolErrorCode;
  /** The exit code of its child process, null after a signal. */
  readonly exitCode?: number | null;
  /** The signal that ended it, otherwise null. */
  readonly signal?: string | null;

  constructor(code: PoolErrorCode, message: string, options: { readonly cause?: unknown } & Partial<ChildEnd> = {}) {
    const { exitCode, signal, ...rest } = options;
    super(message, rest);
    this.code = code;
    if (exitCode !== undefined) this.exitCode = exitCode;
    if (signal !== undefined) this.signal = signal;
  }
}

/** Why a pool gives up after so many starts in a row. @param cause the error of the last one */
export function startError(starts: number, cause: unknown): PoolError {
  const because = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const isStarted = cause instanceof PoolError && cause.code === 'ERR_POOL_CHILD_ENDED';
  const what = isStarted ? 'child processes end before their first task' : 'no child process could be started';
  const message = `${what}: ${starts} in a row${isStarted ? '' : ' failed'}, the last one with ${because}`;
  return new PoolError('ERR_POOL_START', message, { cause });
}

/** How a child process ended. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export function endText({ exitCode, signal }: ChildEnd): string {
  return signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
}

/**
 * The rejection of an aborted task, as in Piscina: `name` and `code` as of every aborted call in Node, `cause` the
 * signal's reason.
 */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';

  constructor(reason: unknown) {
    super('The task has been aborted', { cause: reason });
  }
}
