import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../../workers/deferred.ts';
import { AbortListeners } from './abort-listeners.ts';
import { LongTasks } from './long-tasks.ts';
import { startPoolChild, type Job, type PoolChild } from './pool-child.ts';
import { AbortError, endText, PoolError } from './pool-errors.ts';
import { checkOptions, type PoolSettings, type ProcessPoolOptions } from './pool-options.ts';

/** How one task is run. */
export interface RunOptions {
  /**
   * Aborted: a task that waits is taken out of the queue, and the process of one that runs is killed and replaced. Such a task has its
   * process for itself, whatever the concurrency, so that no other one is lost with it.
   */
  readonly signal?: AbortSignal;
  /** Another export of the worker file than the pool’s. */
  readonly name?: string;
}

/** After so many starts in a row that failed, nothing more is started. With more processes than that, so many. */
const MOST_FAILED_STARTS = 3;
/** Before the next attempt; twice as long after each that failed. */
const FIRST_PAUSE_MS = 100;
/** The longest that a timer can be set for. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * A pool of child processes that run the tasks of one worker file: what the strategy `child-processes` measures, for use in a program.
 * It starts its processes at once, keeps them, and replaces one that ends. While no task waits or runs, it does not keep the program alive.
 *
 * @typeParam Input what the task function takes
 * @typeParam Output what it returns, or the promise that it returns resolves to
 */
export class ProcessPool<Input = unknown, Output = unknown> {
  /**
   * Resolves when every process has loaded the worker file. Rejects if that fails for good, or the pool is destroyed before; nobody has
   * to wait for it, since each task is told.
   */
  readonly ready: Promise<void>;
  readonly #settings: PoolSettings;
  readonly #aborts = new AbortListeners();
  readonly #opening = deferred<void>();
  /** In the order in which they came. */
  readonly #queue = new Set<Job>();
  readonly #children = new Set<PoolChild>();
  readonly #longTasks = new LongTasks(this.#children);
  /** Processes that are alive, being started, or to be started again. */
  #places = 0;
  /** Tasks that wait or run. */
  #unsettled = 0;
  #isOpening = true;
  #failedStarts = 0;
  #lastId = 0;
  /** Why nothing is run any more. */
  #over: PoolError | undefined;
  #ending: Promise<void> | undefined;
  /** Told when the last task is done. */
  readonly #onRest: (() => void)[] = [];
  readonly #keepsAlive = setInterval(() => undefined, FOR_EVER_MS).unref();

  /**
   * Starts the processes.
   *
   * @throws TypeError or RangeError for an option that cannot be used
   */
  constructor(options: ProcessPoolOptions) {
    this.#settings = checkOptions(options);
    this.ready = this.#opening.promise;
    // Whoever does not wait for it is told by each task.
    this.ready.catch(() => undefined);
    this.#keepsAlive.ref();
    this.#fill();
  }

  /** The ids of the child processes that are alive. */
  get processIds(): readonly number[] {
    return [...this.#children].flatMap(({ pid }) => (pid > 0 ? [pid] : []));
  }

  /** How many tasks wait for a process. */
  get queueSize(): number {
    return this.#queue.size;
  }

  /**
   * Runs the task function with this input in one of the processes.
   *
   * @param input anything that structured clone carries
   * @returns what the task returns
   * @throws what the task throws, with its name, message, stack, `code` and `cause`; an `AbortError`; or a `PoolError`
   */
  run(input: Input, options: RunOptions = {}): Promise<Output> {
    const { signal, name } = options;
    if (this.#over !== undefined) return Promise.reject(this.#over);
    if (signal?.aborted === true) return Promise.reject(new AbortError(signal.reason));
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (how: () => void): void => {
        // One that was aborted is still among those of its process until that has ended.
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
        name: name === 'default' ? undefined : name,
        isAlone: signal !== undefined,
        // What the worker file returns is what whoever names its type says.
        resolve: (output) => settle(() => resolve(output as Output)),
        reject: (reason) => settle(() => reject(reason)),
      };
      const abort = (): void => {
        const isQueued = this.#queue.delete(job);
        job.reject(new AbortError(signal?.reason));
        if (!isQueued) [...this.#children].find((child) => child.oldestJob() === job)?.kill();
        this.#handOver();
      };
      if (signal !== undefined) this.#aborts.add(signal, abort);
      this.#unsettled++;
      this.#queue.add(job);
      this.#keepsAlive.ref();
      this.#handOver();
    });
  }

  /**
   * Ends the pool at once: kills its processes and what their tasks have started, and rejects every task that waits or runs with a
   * `PoolError`. Resolves when no process is left.
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

  /** Takes no more tasks, waits for those that it has, and ends its processes. */
  async close(): Promise<void> {
    const over = new PoolError('ERR_POOL_CLOSED', 'the pool was closed');
    this.#over ??= over;
    if (this.#unsettled > 0) await new Promise<void>((resolve) => this.#onRest.push(resolve));
    await this.#end(over, async () => {
      await Promise.all([...this.#children].map((child) => child.end()));
    });
  }

  /** As `close`: `await using pool = new ProcessPool(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Gives tasks to processes that have room for them, the one that came first before any other. */
  #handOver(): void {
    for (const job of this.#queue) {
      const [first, ...others] = [...this.#children].filter((child) => child.hasRoomFor(job));
      if (first === undefined) return;
      this.#queue.delete(job);
      others.reduce((best, child) => (child.load() < best.load() ? child : best), first).run(job);
    }
  }

  /** A process for every place that has none. */
  #fill(): void {
    while (this.#places < this.#settings.processes) {
      this.#places++;
      void this.#occupy();
    }
  }

  /** Keeps a process in one place, starting another one when it ends, until the pool ends or too many starts have failed. */
  async #occupy(): Promise<void> {
    let failure: unknown;
    while (this.#ending === undefined && !this.#hasGivenUp()) {
      const end = await this.#keepOne();
      if (this.#ending !== undefined) return;
      if (end === undefined) continue;
      failure = end.cause;
      const pauseMs = FIRST_PAUSE_MS * 2 ** this.#failedStarts;
      this.#failedStarts++;
      if (!this.#hasGivenUp()) await sleep(pauseMs, undefined, { ref: false });
    }
    this.#places--;
    if (this.#ending === undefined) this.#giveUp(failure);
  }

  #hasGivenUp(): boolean {
    return this.#failedStarts >= Math.max(MOST_FAILED_STARTS, this.#settings.processes);
  }

  /** Starts a process and waits for its end. @returns what went wrong if it was no use, undefined if another one is worth starting */
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
    if (end.isKilled || !end.isIdle) return undefined;
    return { cause: end.cause ?? new PoolError('ERR_POOL_CHILD_ENDED', `it ended with ${endText(end)}`, end) };
  }

  #takeReady(): void {
    if (this.#isOpening && [...this.#children].filter((child) => child.isReady()).length === this.#settings.processes) {
      this.#isOpening = false;
      this.#opening.resolve();
      if (this.#unsettled === 0) this.#rest();
    }
    this.#handOver();
  }

  #takeSettled(): void {
    if (this.#failedStarts > 0) {
      this.#failedStarts = 0;
      this.#fill();
    }
    this.#handOver();
  }

  /** In one place; the pool goes on with the others, as long as there are any. */
  #giveUp(cause: unknown): void {
    const because = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const error = new PoolError(
      'ERR_POOL_START',
      `no child process could be started: ${this.#failedStarts} in a row failed, the last one with ${because}`,
      { cause },
    );
    this.#isOpening = false;
    this.#opening.reject(error);
    if (this.#places > 0) {
      const left = `lanewise/pool: ${this.#places} of ${this.#settings.processes} child processes are left: ${error.message}`;
      // While none is ready, it is for the last one to say.
      if ([...this.#children].some((child) => child.isReady())) process.emitWarning(left, { code: error.code });
      return;
    }
    this.#over ??= error;
    this.#rejectQueued(this.#over);
    if (this.#unsettled === 0) this.#rest();
  }

  #rejectQueued(reason: PoolError): void {
    const waiting = [...this.#queue];
    this.#queue.clear();
    for (const job of waiting) job.reject(reason);
  }

  /** Nothing waits or runs: the program may end. */
  #rest(): void {
    if (!this.#isOpening && this.#ending === undefined) this.#keepsAlive.unref();
    for (const tell of this.#onRest.splice(0)) tell();
  }

  #end(over: PoolError, endChildren: (over: PoolError) => Promise<void>): Promise<void> {
    return (this.#ending ??= this.#endOnce(over, endChildren));
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
