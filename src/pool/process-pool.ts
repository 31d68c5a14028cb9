import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../../workers/deferred.ts';
import { AbortListeners } from './abort-listeners.ts';
import { LongTasks } from './long-tasks.ts';
import { startPoolChild, type Job, type PoolChild } from './pool-child.ts';
import { AbortError, endText, PoolError, startError } from './pool-errors.ts';
import { checkOptions, whyWrong, type PoolSettings, type ProcessPoolOptions } from './pool-options.ts';

/** Options of one task. */
export interface TaskOptions {
  /**
   * Aborted: a queued task leaves the queue; the process of a running task is killed and replaced. A task with a signal
   * never shares its process, whatever the concurrency, so that no other task is lost with it.
   */
  readonly signal?: AbortSignal | undefined;
  /** Name of another export of the worker file, `default` for its default export. Default: the pool’s. */
  readonly name?: string | undefined;
}

/** Failed starts in a row after which the pool gives up; in a larger pool, as many as it has processes. */
const MOST_FAILED_STARTS = 3;
/** Pause before the next attempt in the same place, doubled after each failure there. */
const FIRST_PAUSE_MS = 100;
/** Tasks that wait are not kept waiting for longer. */
const LONGEST_PAUSE_MS = 2000;
/** A process that has been ready for so long without a task had no failed start. */
const LONG_LIFE_MS = 10_000;
/** The longest that a timer can be set for. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * A pool of child processes that run the tasks of one worker file: the strategy `child-processes`, for use in a
 * program. It starts its processes at once, keeps them, and replaces those that end. While no task is queued or
 * running, it does not keep the program alive.
 *
 * @typeParam Input what the task function takes
 * @typeParam Output what it returns or its promise resolves to
 */
export class ProcessPool<Input = unknown, Output = unknown> {
  /**
   * Resolves when every process has loaded the worker file. Rejects if that fails for good, or if the pool is destroyed
   * first. Waiting for it is optional, since tasks reject too.
   */
  readonly ready: Promise<void>;
  readonly #settings: PoolSettings;
  readonly #aborts = new AbortListeners();
  readonly #opening = deferred<void>();
  /** Tasks in order of arrival. */
  readonly #queue = new Set<Job>();
  readonly #children = new Set<PoolChild>();
  readonly #longTasks = new LongTasks(this.#children);
  /** Processes that are alive, being started, or to be started again. */
  #places = 0;
  /** Number of queued and running tasks. */
  #unsettled = 0;
  #isOpening = true;
  #failedStarts = 0;
  #lastId = 0;
  /** Why no more tasks are run. */
  #over: PoolError | undefined;
  #ending: Promise<void> | undefined;
  /** Called when the last task is done. */
  readonly #onRest: (() => void)[] = [];
  readonly #keepsAlive = setInterval(() => undefined, FOR_EVER_MS).unref();

  /**
   * Starts the processes.
   *
   * @throws TypeError or RangeError for an invalid option
   */
  constructor(options: ProcessPoolOptions) {
    this.#settings = checkOptions(options);
    this.ready = this.#opening.promise;
    // Unhandled here on purpose: each task rejects too.
    this.ready.catch(() => undefined);
    this.#keepsAlive.ref();
    this.#fill();
  }

  /** Pids of the live child processes. */
  get processIds(): readonly number[] {
    return [...this.#children].flatMap(({ pid }) => (pid > 0 ? [pid] : []));
  }

  /** Number of queued tasks. */
  get queueSize(): number {
    return this.#queue.size;
  }

  /**
   * Runs the task function with this input in one of the processes.
   *
   * @param input any value that structured clone supports
   * @returns what the task returns
   * @throws what the task throws, with its name, message, stack, `code` and `cause`; an `AbortError`; a `PoolError`; or a
   *   TypeError for an invalid option
   */
  run(input: Input, options: TaskOptions = {}): Promise<Output> {
    const wrong = whyWrong(options);
    if (wrong !== undefined) return Promise.reject(wrong);
    const { signal, name } = options;
    if (this.#over !== undefined) return Promise.reject(this.#over);
    if (signal?.aborted === true) return Promise.reject(new AbortError(signal.reason));
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (how: () => void): void => {
        // An aborted task stays with its process until that has ended.
        if (isSettled) return;
        isSettled = true;
        if (signal !== undefined) this.#aborts.remove(signal, abort);
        how();
        this.#unsettled--;
        if (this.#unsettled === 0) this.#rest();
      };
      const job: Job = {
        id: ++this.#lastId,
        input,
        name: name === (this.#settings.ref.exportName ?? 'default') ? undefined : name,
        isAlone: signal !== undefined,
        // Unchecked: the caller declares the type that the worker file returns.
        resolve: (output) => settle(() => resolve(output as Output)),
        reject: (reason) => settle(() => reject(reason)),
      };
      const abort = (): void => {
        const isQueued = this.#queue.delete(job);
        job.reject(new AbortError(signal?.reason));
        if (!isQueued) [...this.#children].find((child) => child.oldestJob() === job)?.kill();
        this.#dispatch();
      };
      if (signal !== undefined) this.#aborts.add(signal, abort);
      this.#unsettled++;
      this.#queue.add(job);
      this.#keepsAlive.ref();
      this.#dispatch();
    });
  }

  /**
   * Ends the pool at once: kills its processes and what their tasks have started, and rejects all queued and running
   * tasks with a `PoolError`. Resolves when no process is left.
   */
  destroy(): Promise<void> {
    return this.#end(new PoolError('ERR_POOL_CLOSED', 'the pool was destroyed'), async (over) => {
      for (const child of this.#children) {
        for (const job of child.jobs()) job.reject(over);
        child.kill();
      }
      await Promise.all([...this.#children].map(({ ended }) => ended));
    });
  }

  /** Accepts no more tasks, waits for its tasks, and ends its processes. */
  async close(): Promise<void> {
    const over = new PoolError('ERR_POOL_CLOSED', 'the pool was closed');
    this.#over ??= over;
    if (this.#unsettled > 0) await new Promise<void>((resolve) => this.#onRest.push(resolve));
    await this.#end(over, async () => {
      await Promise.all([...this.#children].map((child) => child.end()));
    });
  }

  /** Same as `close`: `await using pool = new ProcessPool(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Dispatches tasks in order of arrival to the least loaded processes with room. */
  #dispatch(): void {
    for (const job of this.#queue) {
      const [first, ...others] = [...this.#children].filter((child) => child.hasRoomFor(job));
      if (first === undefined) return;
      this.#queue.delete(job);
      others.reduce((best, child) => (child.load() < best.load() ? child : best), first).run(job);
    }
  }

  /** Starts a process in every empty place. */
  #fill(): void {
    while (this.#places < this.#settings.processes) {
      this.#places++;
      void this.#occupy();
    }
  }

  /** Keeps a process running in one place until the pool ends or too many starts have failed. */
  async #occupy(): Promise<void> {
    let failure: unknown;
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#ending === undefined && !this.#hasGivenUp()) {
      const end = await this.#keepOne();
      if (this.#ending !== undefined) return;
      if (end === undefined) {
        pauseMs = FIRST_PAUSE_MS;
        continue;
      }
      failure = end.cause;
      this.#failedStarts++;
      if (!this.#hasGivenUp()) await sleep(pauseMs, undefined, { ref: false });
      pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    }
    this.#places--;
    if (this.#ending === undefined) this.#giveUp(failure);
  }

  #hasGivenUp(): boolean {
    return this.#failedStarts >= Math.max(MOST_FAILED_STARTS, this.#settings.processes);
  }

  /**
   * Starts a process and waits for its end.
   * @returns the failure if it was useless, undefined if another start is worthwhile
   */
  async #keepOne(): Promise<{ readonly cause: unknown } | undefined> {
    let child: PoolChild;
    try {
      child = startPoolChild(this.#settings, {
        onReady: () => this.#takeReady(),
        onSettled: () => this.#takeSettled(),
      });
    } catch (cause) {
      return { cause };
    }
    this.#children.add(child);
    const end = await child.ended;
    this.#children.delete(child);
    this.#longTasks.forget(child);
    if (end.isKilled || !end.isIdle || end.readyForMs > LONG_LIFE_MS) return undefined;
    return { cause: end.cause ?? new PoolError('ERR_POOL_CHILD_ENDED', `it ended with ${endText(end)}`, end) };
  }

  #takeReady(): void {
    if (this.#isOpening && [...this.#children].filter((child) => child.isReady()).length === this.#settings.processes) {
      this.#isOpening = false;
      this.#opening.resolve();
      if (this.#unsettled === 0) this.#rest();
    }
    this.#dispatch();
  }

  #takeSettled(): void {
    if (this.#failedStarts > 0) {
      this.#failedStarts = 0;
      this.#fill();
    }
    this.#dispatch();
  }

  /** Gives up one place; the pool keeps running as long as it has others. */
  #giveUp(cause: unknown): void {
    const error = startError(this.#failedStarts, cause);
    this.#isOpening = false;
    this.#opening.reject(error);
    if (this.#places > 0) {
      const warning = `lanewise/pool: only ${this.#places} of ${this.#settings.processes} child processes remain: ${error.message}`;
      // While none is ready, only the last one reports the error.
      if ([...this.#children].some((child) => child.isReady())) process.emitWarning(warning, { code: error.code });
      return;
    }
    this.#over ??= error;
    // Also while it is being closed: that is why they are not run.
    this.#rejectQueued(error);
    if (this.#unsettled === 0) this.#rest();
  }

  #rejectQueued(reason: PoolError): void {
    const waiting = [...this.#queue];
    this.#queue.clear();
    for (const job of waiting) job.reject(reason);
  }

  /** Lets the program exit, since no task is queued or running. */
  #rest(): void {
    if (!this.#isOpening && this.#ending === undefined) this.#keepsAlive.unref();
    for (const atRest of this.#onRest.splice(0)) atRest();
  }

  #end(over: PoolError, endChildren: (over: PoolError) => Promise<void>): Promise<void> {
    if (this.#ending === undefined) {
      const { promise, resolve, reject } = deferred<void>();
      // Set before anything is ended: what its tasks do then must not let the program exit.
      this.#ending = promise;
      this.#endOnce(over, endChildren).then(resolve, reject);
    }
    return this.#ending;
  }

  async #endOnce(over: PoolError, endChildren: (over: PoolError) => Promise<void>): Promise<void> {
    this.#over = over;
    this.#keepsAlive.ref();
    this.#opening.reject(over);
    this.#rejectQueued(over);
    try {
      await endChildren(over);
    } finally {
      this.#longTasks.stop();
      clearInterval(this.#keepsAlive);
    }
  }
}
