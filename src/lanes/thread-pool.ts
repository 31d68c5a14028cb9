import { setTimeout as sleep } from 'node:timers/promises';
import { BroadcastChannel, type Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { LaneAssignment, LaneError } from '../../workers/contract.ts';
import { describeError, errorFrom, dispatchError, uncloneable } from '../../workers/describe-error.ts';
import {
  BUSY_STRIDE,
  freePlaces,
  fromBrief,
  stampsLength,
  type BriefReply,
  type ThreadAssignment,
  type ThreadOpened,
} from '../../workers/thread-protocol.ts';
import { fromWire, type FinishedReply } from '../../workers/wire.ts';
import type { DispatchQueue } from './dispatch-queue.ts';
import { LaneEndedError, threadEnded, uncaught } from './lane-ended-error.ts';
import type { StrategySettings } from './strategy.ts';

const THREAD_FILE = fileURLToPath(new URL('../../workers/thread.js', import.meta.url));
/**
 * Piscina replaces a thread that it has ended with its task; each replacement is a lane of its own, with the next
 * number. Beyond this many, lanes are no longer identified.
 */
const REPLACEMENTS = 100;
/** A thread that takes longer to end is not counted. */
const END_TIMEOUT_MS = 2000;

export interface ThreadPool {
  readonly pool: Piscina<unknown, unknown>;
  readonly threads: ThreadWatch;
  /** The lanes with a running task. */
  readonly busyLanes: () => readonly number[];
  /** The lane in which an announced task started; undefined if it has not, or another one has started there since. */
  readonly laneOf: (task: number) => number | undefined;
  /** Prepares for a batch: the timestamps of the previous one are lost. */
  readonly begin: () => void;
  /** The reply for a task of the current batch, with its timestamps. */
  readonly whole: (reply: BriefReply) => FinishedReply;
}

interface PoolSettings extends Pick<StrategySettings, 'poolSize' | 'atomics' | 'stricterFifo'> {
  readonly queue: DispatchQueue;
}

/**
 * Opens a Piscina pool of constant size: by default it stops idle threads and starts up to 1.5 per CPU. Waits until
 * each thread has loaded the workload.
 */
export async function openThreadPool(
  assignment: LaneAssignment,
  { poolSize, atomics, queue, stricterFifo = true }: PoolSettings,
): Promise<ThreadPool> {
  const channel = `lanewise-${process.pid}`;
  const busy = sharedNumbers((poolSize + REPLACEMENTS) * BUSY_STRIDE);
  const stamps = new Float64Array(new SharedArrayBuffer(stampsLength(poolSize) * Float64Array.BYTES_PER_ELEMENT));
  const workerData: ThreadAssignment = { ...assignment, channel, nextIndex: sharedNumbers(1), busy, stamps };
  const opened = threadsOpened(channel, poolSize);
  const pool = new Piscina<unknown, unknown>({
    filename: THREAD_FILE,
    minThreads: poolSize,
    maxThreads: poolSize,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: assignment.concurrency,
    atomics,
    recordTiming: false,
    taskQueue: queue,
    // Otherwise a task that finds no free thread goes to the end of the queue.
    stricterFIFO: stricterFifo,
    workerData,
  });
  const threads = watchThreads(pool, opened.lanes);

  try {
    await Promise.race([opened.all, threads.ended]);
  } catch (thrown) {
    await pool.destroy();
    throw thrown;
  } finally {
    opened.stop();
  }
  const lanes = Array.from({ length: poolSize + REPLACEMENTS }, (_, index) => index);
  return {
    pool,
    threads,
    busyLanes: () => lanes.filter((index) => (busy[index * BUSY_STRIDE] ?? 0) > 0),
    laneOf: (task) => lanes.find((index) => busy[index * BUSY_STRIDE + 1] === task + 1),
    begin: () => freePlaces(workerData),
    whole: (reply) => fromWire(fromBrief(workerData, reply)),
  };
}

function sharedNumbers(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

interface ThreadWatch {
  /** Rejects when the first thread ends without being cancelled. */
  readonly ended: Promise<never>;
  /** The first thread that has ended without being cancelled. */
  readonly failure: () => LaneEndedError | undefined;
  /** @throws if there is such a thread */
  readonly check: () => void;
  /** The reason why Piscina has rejected a task. */
  readonly reasonFor: (thrown: unknown) => unknown;
  /** Expects the end of one thread, which Piscina ends with its cancelled task. */
  readonly cancelOne: () => void;
  /** Number of threads that ended so, once they have, which takes a moment. */
  readonly cancelled: () => Promise<number>;
}

/** Watches for threads that end before the pool is closed, which only cancelled ones may. */
function watchThreads(pool: Piscina<unknown, unknown>, lanes: ReadonlyMap<number, number>): ThreadWatch {
  let failure: LaneEndedError | undefined;
  const cancelled = { given: 0, ended: 0 };
  const watched = new WeakSet<Worker>();
  const ended = new Promise<never>((_, reject) => {
    const fail = (thread: Worker, id: number, how: (lane: number) => LaneError): void => {
      const lane = lanes.get(id) ?? pool.threads.indexOf(thread);
      failure ??= new LaneEndedError(lane, how(lane));
      reject(failure);
    };
    // Without a listener, an error outside all tasks would crash the host; each thread reports its own.
    pool.on('error', () => undefined);
    const watch = (): void => {
      for (const thread of pool.threads.filter((other) => !watched.has(other))) {
        watched.add(thread);
        // Read now: a thread that has ended has no id.
        const id = thread.threadId;
        thread.once('error', (error: unknown) => fail(thread, id, () => endOf(error)));
        thread.once('exit', (code) => {
          if (cancelled.ended < cancelled.given) cancelled.ended += 1;
          else fail(thread, id, (lane) => threadEnded(lane, code));
        });
      }
    };
    watch();
    pool.on('workerCreate', watch);
  });
  ended.catch(() => undefined);
  return {
    ended,
    failure: () => failure,
    check: () => {
      if (failure !== undefined) throw failure;
    },
    reasonFor: (thrown) => failure ?? dispatchError(thrown),
    cancelOne: () => {
      cancelled.given += 1;
    },
    cancelled: async () => {
      const until = performance.now() + END_TIMEOUT_MS;
      while (cancelled.ended < cancelled.given && performance.now() < until) await sleep(1);
      return cancelled.ended;
    },
  };
}

/** The error of an output that cannot be sent back arrives as an empty object. */
function endOf(error: unknown): LaneError {
  if (error instanceof Error) return uncaught(describeError(error), 'thread');
  return uncloneable('output', new Error('it holds something that cannot be copied'));
}

interface ThreadsOpened {
  /** Settles when every thread is ready, or the first one reports a failure. */
  readonly all: Promise<void>;
  /** Indices of the ready lanes, by thread id. */
  readonly lanes: ReadonlyMap<number, number>;
  readonly stop: () => void;
}

function threadsOpened(channelName: string, poolSize: number): ThreadsOpened {
  const channel = new BroadcastChannel(channelName);
  const lanes = new Map<number, number>();
  const all = new Promise<void>((resolve, reject) => {
    channel.addEventListener('message', (event) => {
      if (!('data' in event)) return;
      const { index, threadId, error } = event.data as ThreadOpened;
      lanes.set(threadId, index);
      if (error !== undefined) return reject(errorFrom(error));
      if (lanes.size === poolSize) resolve();
    });
  });
  return { all, lanes, stop: () => channel.close() };
}
