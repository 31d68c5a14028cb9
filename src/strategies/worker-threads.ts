import { BroadcastChannel } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { nowNs } from '../../workers/clock.ts';
import type { LaneError, Task, TaskRecord, TaskReply, Transferable } from '../../workers/contract.ts';
import { describeError } from '../../workers/describe-error.ts';
import type { ThreadAssignment, ThreadOpened } from '../../workers/thread.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { fromWire, type LaneReply } from '../../workers/wire.ts';
import { HandOverQueue } from './hand-over-queue.ts';
import { LaneOpenError } from './lane-open-error.ts';
import type { OpenStrategy } from './strategy.ts';

const THREAD_FILE = fileURLToPath(new URL('../../workers/thread.js', import.meta.url));

/** A Piscina pool that never grows or shrinks: its defaults stop idle threads and start up to 1.5 a core. */
export const openWorkerThreads: OpenStrategy = async (assignment, settings) => {
  const { poolSize, atomics, transferOf } = settings;
  const { inFlight } = assignment;
  const channel = `lanewise-${process.pid}`;
  const workerData: ThreadAssignment = {
    ...assignment,
    channel,
    nextIndex: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
  const queue = new HandOverQueue();
  const opened = threadsOpened(channel, poolSize);
  const pool = new Piscina<unknown, unknown>({
    filename: THREAD_FILE,
    minThreads: poolSize,
    maxThreads: poolSize,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: inFlight,
    atomics,
    recordTiming: false,
    taskQueue: queue,
    // Otherwise a task that finds no thread free goes to the end of the queue.
    stricterFIFO: true,
    workerData,
  });
  const threads = watchThreads(pool);

  try {
    await Promise.race([opened.all, threads.ended]);
  } catch (thrown) {
    await pool.destroy();
    throw thrown;
  } finally {
    opened.stop();
  }

  // Options cost a task some microseconds, so an ordinary one has none.
  const optionsFor = ({ input, traced }: Task): { name?: string; transferList?: Transferable[] } | undefined =>
    traced || transferOf !== undefined
      ? { ...(traced && { name: 'trace' }), ...(transferOf !== undefined && { transferList: [...transferOf(input)] }) }
      : undefined;

  async function runRecorded(task: Task): Promise<TaskRecord> {
    const { index } = task;
    let reply: TaskReply;
    try {
      // Piscina starts another thread for one that ended; that would be a cold lane nobody asked for.
      threads.check();
      queue.submit(index);
      reply = fromWire((await pool.run(task.input, optionsFor(task))) as LaneReply);
    } catch (thrown) {
      reply = { status: 'lost', error: describeError(thrown) };
    }
    const receivedNs = nowNs();
    if (reply.status === 'ok') reply.output = undefined;
    return { index, submittedNs: queue.submittedNs[index] ?? receivedNs, receivedNs, reply };
  }

  return {
    laneKind: 'thread',
    keepsLanes: true,
    run: async (tasks) => {
      queue.begin();
      return Promise.all(tasks.map((task) => runRecorded(task)));
    },
    usage: async () => NO_USAGE,
    processIds: () => [],
    close: async () => {
      // An idle pool gives one request to each thread, since it picks the least busy one.
      const closing = Promise.all(Array.from({ length: poolSize }, () => pool.run(undefined, { name: 'close' })));
      const errors = await Promise.race([closing, threads.ended]).catch(() => []);
      await pool.destroy();
      return (errors as (LaneError | undefined)[]).filter((error) => error !== undefined);
    },
  };
};

interface ThreadWatch {
  /** Rejects when the first thread ends. */
  readonly ended: Promise<never>;
  /** @throws if a thread has ended */
  readonly check: () => void;
}

/** A pool that was opened has the threads that it needs: none may end before it is closed. */
function watchThreads(pool: Piscina<unknown, unknown>): ThreadWatch {
  let failure: Error | undefined;
  const ended = new Promise<never>((_, reject) => {
    const fail = (error: Error): void => {
      failure ??= error;
      reject(failure);
    };
    // Without a listener an error outside of all tasks would take the host down.
    pool.on('error', fail);
    for (const thread of pool.threads) {
      thread.once('exit', (code) => fail(new Error(`a worker thread ended with exit code ${code}`)));
    }
  });
  ended.catch(() => undefined);
  return {
    ended,
    check: () => {
      if (failure !== undefined) throw failure;
    },
  };
}

/** Settles when every thread has said that it is ready, or the first one that it is not. */
function threadsOpened(channelName: string, poolSize: number): { all: Promise<void>; stop: () => void } {
  const channel = new BroadcastChannel(channelName);
  const all = new Promise<void>((resolve, reject) => {
    let ready = 0;
    channel.addEventListener('message', (event) => {
      if (!('data' in event)) return;
      const { error } = event.data as ThreadOpened;
      if (error !== undefined) return reject(new LaneOpenError(error));
      ready += 1;
      if (ready === poolSize) resolve();
    });
  });
  return { all, stop: () => channel.close() };
}
