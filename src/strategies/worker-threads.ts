import { BroadcastChannel, type Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { nowNs } from '../../workers/clock.ts';
import type { LaneError, LaneId, Task, TaskRecord, TaskReply, Transferable } from '../../workers/contract.ts';
import { deferred, type Deferred } from '../../workers/deferred.ts';
import { describeError, uncloneable } from '../../workers/describe-error.ts';
import { BUSY_STRIDE } from '../../workers/busy.ts';
import type { ThreadAssignment, ThreadOpened } from '../../workers/thread.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { fromWire, type LaneReply } from '../../workers/wire.ts';
import { allOrBroken } from './feed.ts';
import { HandOverQueue } from './hand-over-queue.ts';
import { InputError, isCloneError, LaneEndedError, lostReply, threadEnded, uncaught } from './lane-ended-error.ts';
import { LaneOpenError } from './lane-open-error.ts';
import type { OpenStrategy, TaskWatch } from './strategy.ts';

const THREAD_FILE = fileURLToPath(new URL('../../workers/thread.js', import.meta.url));

/** A Piscina pool that never grows or shrinks: its defaults stop idle threads and start up to 1.5 a core. */
export const openWorkerThreads: OpenStrategy = async (assignment, settings) => {
  const { poolSize, atomics, transferOf } = settings;
  const { inFlight } = assignment;
  const channel = `lanewise-${process.pid}`;
  const busy = sharedNumbers(poolSize * BUSY_STRIDE);
  const workerData: ThreadAssignment = { ...assignment, channel, nextIndex: sharedNumbers(1), busy };
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
  const threads = watchThreads(pool, opened.lanes);

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

  /** What became of the batch in hand so far. */
  let records: TaskRecord[] = [];

  async function runRecorded(task: Task, watch: TaskWatch | undefined, broken: Deferred<void>): Promise<void> {
    const { index } = task;
    const recordsOfBatch = records;
    let reply: TaskReply;
    try {
      // Piscina starts another thread for one that ended; that would be a cold lane nobody asked for.
      threads.check();
      queue.submit(index);
      watch?.began(index);
      reply = fromWire((await pool.run(task.input, optionsFor(task))) as LaneReply);
    } catch (thrown) {
      reply = lostReply(threads.reasonFor(thrown));
    }
    const receivedNs = nowNs();
    watch?.ended(index);
    if (reply.status === 'ok') reply.output = undefined;
    else broken.resolve();
    // One that was lost before a thread had room for it has no other moment.
    recordsOfBatch.push({ index, submittedNs: queue.submittedNs[index] || receivedNs, receivedNs, reply });
  }

  return {
    laneKind: 'thread',
    keepsLanes: true,
    run: async (tasks, watch) => {
      queue.begin();
      records = [];
      const found = records;
      const broken = deferred<void>();
      await allOrBroken(Promise.all(tasks.map((task) => runRecorded(task, watch, broken))), broken.promise);
      return found.toSorted((a, b) => a.index - b.index);
    },
    underWay: () => {
      const done = new Set(records.map(({ index }) => index));
      const begun = [...queue.submittedNs.entries()].flatMap(([index, submittedNs]) =>
        Number.isNaN(submittedNs) || done.has(index) ? [] : [index],
      );
      const indices = Array.from({ length: poolSize }, (_, index) => index);
      const lanes = indices
        .filter((index) => (busy[index * BUSY_STRIDE] ?? 0) > 0)
        .map((index): LaneId => ({ kind: 'thread', index }));
      // Which thread has which task is Piscina's secret, but where there is one of each.
      const [lane] = begun.length === 1 && lanes.length === 1 ? lanes : [];
      return begun.map((task) => ({ task, ...(lane !== undefined && { lane }) }));
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

function sharedNumbers(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

interface ThreadWatch {
  /** Rejects when the first thread ends. */
  readonly ended: Promise<never>;
  /** @throws if a thread has ended */
  readonly check: () => void;
  /** Why Piscina has rejected a task. */
  readonly reasonFor: (thrown: unknown) => unknown;
}

/** A pool that was opened has the threads that it needs: none may end before it is closed. */
function watchThreads(pool: Piscina<unknown, unknown>, lanes: ReadonlyMap<number, number>): ThreadWatch {
  let failure: LaneEndedError | undefined;
  const ended = new Promise<never>((_, reject) => {
    const fail = (thread: Worker, id: number, how: (lane: number) => LaneError): void => {
      const lane = lanes.get(id) ?? pool.threads.indexOf(thread);
      failure ??= new LaneEndedError(lane, how(lane));
      reject(failure);
    };
    // Without a listener an error outside of all tasks would take the host down; each thread tells its own.
    pool.on('error', () => undefined);
    for (const thread of pool.threads) {
      // It has none any more when it has ended.
      const id = thread.threadId;
      thread.once('error', (error: unknown) => fail(thread, id, () => endOf(error)));
      thread.once('exit', (code) => fail(thread, id, (lane) => threadEnded(lane, code)));
    }
  });
  ended.catch(() => undefined);
  return {
    ended,
    check: () => {
      if (failure !== undefined) throw failure;
    },
    reasonFor: (thrown) => failure ?? (isCloneError(thrown) ? new InputError(thrown) : thrown),
  };
}

/** What a thread throws because it cannot send an output back arrives as an object with nothing in it. */
function endOf(error: unknown): LaneError {
  if (error instanceof Error) return uncaught(describeError(error), 'thread');
  return uncloneable('output', new Error('it holds something that cannot be copied'));
}

interface ThreadsOpened {
  /** Settles when every thread has said that it is ready, or the first one that it is not. */
  readonly all: Promise<void>;
  /** The index of each lane that has said so, by the id of its thread. */
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
      if (error !== undefined) return reject(new LaneOpenError(error));
      if (lanes.size === poolSize) resolve();
    });
  });
  return { all, lanes, stop: () => channel.close() };
}
