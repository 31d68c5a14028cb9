import { reviveError, type CarriedError } from '../../workers/carry-error.ts';
import { dispatchError } from '../../workers/describe-error.ts';
import { afterReading, deferred } from '../../workers/deferred.ts';
import { isObject } from '../../workers/value-kinds.ts';
import type { PoolReply, PoolRequest } from '../../workers/pool-tasks.ts';
import { forkChild } from '../system/forked-child.ts';
import { endText, PoolError, type ChildEnd } from './pool-errors.ts';
import type { PoolSettings } from './pool-options.ts';

/** One call of `run`. */
export interface Job {
  readonly id: number;
  readonly input: unknown;
  /** Another export than the pool’s. */
  readonly name: string | undefined;
  /** It can be aborted, so no other task shares its process: killing that loses no other task. */
  readonly isAlone: boolean;
  readonly resolve: (output: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** How a child ended. */
interface PoolChildEnd extends ChildEnd {
  /** The uncaught error, or why it could not load the worker file. */
  readonly cause: unknown;
  /** It had finished no task and had none: starting another process is unlikely to help. */
  readonly isIdle: boolean;
  /** It was killed by this process. */
  readonly isKilled: boolean;
  /** How long it could have run tasks. */
  readonly readyForMs: number;
}

/** One child process of a pool, which may have several tasks at once. */
export interface PoolChild {
  readonly pid: number;
  /** It has loaded the worker file, and has not ended. */
  readonly isReady: () => boolean;
  readonly load: () => number;
  readonly hasRoomFor: (job: Job) => boolean;
  readonly run: (job: Job) => void;
  readonly jobs: () => readonly Job[];
  /** Its oldest unfinished task. */
  readonly oldestJob: () => Job | undefined;
  /** Resolves when it has ended; its unfinished tasks are rejected before. */
  readonly ended: Promise<PoolChildEnd>;
  /** Kills it at once, with everything that its tasks have started. */
  readonly kill: () => void;
  /** Ends it cleanly, so that its exit listeners run. */
  readonly end: () => Promise<void>;
}

/** Callbacks for the state of a child. */
export interface PoolChildWatch {
  readonly onReady: () => void;
  /** A job is settled, and there is room for another one. */
  readonly onSettled: () => void;
}

/** Starts a child that loads the worker file. */
export function startPoolChild(settings: PoolSettings, { onReady, onSettled }: PoolChildWatch): PoolChild {
  const { ref, concurrency, env, execArgv, startTimeoutMs } = settings;
  const jobs = new Map<number, Job>();
  const { promise: ended, resolve: resolveEnded } = deferred<PoolChildEnd>();
  let state: 'starting' | 'ready' | 'ended' = 'starting';
  let cause: unknown;
  let hasFinished = false;
  let readyMs = Infinity;
  let isKilled = false;

  const child = forkChild({
    file: 'pool-child.cjs',
    env,
    execArgv,
    leadsGroup: true,
    onMessage: (message) => {
      if (isPoolReply(message)) take(message);
    },
    onError: (error) => {
      cause ??= error;
      // A child that never started has no exit event either.
      if (child.pid === 0) ending({ exitCode: null, signal: null }, cause);
    },
    onExit: (exitCode, signal) => {
      starting.clear();
      ending({ exitCode, signal }, cause);
    },
  });
  child.unref();
  const starting = afterReading(startTimeoutMs, () => {
    cause = new PoolError('ERR_POOL_START', `the worker file was not loaded within ${startTimeoutMs} ms`);
    child.kill();
  });
  starting.unref();
  send({ kind: 'open', ref });

  function take(reply: PoolReply): void {
    if (!('kind' in reply)) {
      const [id, output] = reply;
      return settle(id, (job) => job.resolve(output));
    }
    switch (reply.kind) {
      case 'failed':
        return settle(reply.id, (job) => job.reject(reviveError(reply.error)));
      case 'uncaught':
        cause = reviveError(reply.error);
        return;
      case 'opened':
        return opened(reply.error);
      default:
        return reply satisfies never;
    }
  }

  function opened(error: CarriedError | undefined): void {
    starting.clear();
    if (error === undefined) {
      if (state === 'starting') state = 'ready';
      readyMs = performance.now();
      onReady();
    } else {
      cause = reviveError(error);
      child.kill();
    }
  }

  function settle(id: number, how: (job: Job) => void): void {
    const job = jobs.get(id);
    if (job === undefined) return;
    jobs.delete(id);
    hasFinished = true;
    how(job);
    onSettled();
  }

  function ending(how: ChildEnd, why: unknown): void {
    state = 'ended';
    const isIdle = !hasFinished && jobs.size === 0;
    const because = why instanceof Error ? `: ${why.name}: ${why.message}` : '';
    for (const job of jobs.values())
      job.reject(
        new PoolError(
          'ERR_POOL_CHILD_ENDED',
          `the child process ended with ${endText(how)} before the task was done${because}`,
          { ...how, ...(why !== undefined && { cause: why }) },
        ),
      );
    jobs.clear();
    resolveEnded({ ...how, cause: why, isIdle, isKilled, readyForMs: Math.max(0, performance.now() - readyMs) });
  }

  function send(request: PoolRequest): void {
    child.send(request);
  }

  return {
    pid: child.pid,
    isReady: () => state === 'ready',
    load: () => jobs.size,
    hasRoomFor: (job) => {
      if (state !== 'ready' || isKilled) return false;
      if (jobs.size === 0) return true;
      return !job.isAlone && jobs.size < concurrency && ![...jobs.values()].some(({ isAlone }) => isAlone);
    },
    run: (job) => {
      const { id, input, name } = job;
      jobs.set(id, job);
      try {
        send([id, name ?? null, input]);
      } catch (thrown) {
        // An input that cannot be cloned fails only its own task, which was never sent.
        jobs.delete(id);
        job.reject(dispatchError(thrown));
      }
    },
    jobs: () => [...jobs.values()],
    oldestJob: () => jobs.values().next().value,
    ended,
    kill: () => {
      isKilled = true;
      child.kill();
    },
    end: async () => {
      isKilled = true;
      await child.end();
      await ended;
    },
  };
}

/** Checks replies, since unknown code runs in the child. */
function isPoolReply(message: unknown): message is PoolReply {
  if (Array.isArray(message)) return typeof message[0] === 'number';
  if (!isObject(message)) return false;
  switch (message.kind) {
    case 'opened':
      return true;
    case 'uncaught':
      return 'error' in message;
    case 'failed':
      return typeof message.id === 'number' && 'error' in message;
    default:
      return false;
  }
}
