import { nowNs } from '../../workers/clock.ts';
import { hasContent } from '../../workers/value-kinds.ts';
import type { LaneActivity, LaneError, LaneId, Task, TaskRecord, Transferable } from '../../workers/contract.ts';
import type { ActivityAsked } from '../../workers/lane-activity.ts';
import { deferred } from '../../workers/deferred.ts';
import { isBrief, type RecordingAsked, type RecordingReply, type ThreadReply } from '../../workers/thread-protocol.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { fromWire, type LaneReply } from '../../workers/wire.ts';
import { cancelledIn, endOf, type CalledTask, type CallEnd } from './call.ts';
import { allOrBroken } from './feed.ts';
import { DispatchQueue } from './dispatch-queue.ts';
import { lostReply } from './lane-ended-error.ts';
import type { OpenStrategy, ServedRecord, TaskWatch } from './strategy.ts';
import { openThreadPool } from './thread-pool.ts';

interface PiscinaOptions {
  readonly name?: string;
  readonly transferList?: Transferable[];
}

/** A Piscina pool to which every batch is submitted whole, since how it queues is part of what its users get. */
export const openWorkerThreads: OpenStrategy = async (assignment, settings) => {
  const { poolSize, atomics, transferOf, maxQueue = Number.POSITIVE_INFINITY, goesOn = false } = settings;
  const queue = new DispatchQueue();
  const { pool, threads, busyLanes, laneOf, begin, whole } = await openThreadPool(assignment, {
    poolSize,
    atomics,
    queue,
    stricterFifo: settings.stricterFifo,
  });

  // Options cost some microseconds per task, so ordinary tasks have none.
  const optionsFor = ({ input, traced, verified }: Task): PiscinaOptions | undefined =>
    traced || verified || transferOf !== undefined
      ? {
          ...(traced ? { name: 'trace' } : verified && { name: 'verify' }),
          ...(transferOf !== undefined && { transferList: [...transferOf(input)] }),
        }
      : undefined;

  /** The current batch. */
  let batch = createBatch([], undefined, goesOn);

  /** Submits a task without an async function around it, whose promise would be part of every measured task. */
  function submit(task: Task, ended: Batch['ended'], watch: TaskWatch | undefined): void {
    const { index, input, traced, verified } = task;
    try {
      // Piscina replaces a thread that has ended, which would add a cold lane.
      threads.check();
      queue.submit(index);
      watch?.began(index);
      pool.run(traced ? { input, verified } : input, optionsFor(task)).then(
        (reply) => ended(index, reply as ThreadReply),
        (thrown: unknown) => ended(index, lostReply(threads.reasonFor(thrown))),
      );
    } catch (thrown) {
      ended(index, lostReply(threads.reasonFor(thrown)));
    }
  }

  /** Number of tasks that arrived by themselves and have no reply yet. */
  let serving = 0;

  /** With the limit of Piscina’s maxQueue, which is not set there: batches are submitted whole. */
  async function serve(task: Task): Promise<ServedRecord> {
    if (queue.size >= maxQueue) {
      const receivedNs = nowNs();
      return { index: task.index, submittedNs: receivedNs, receivedNs, reply: { status: 'rejected' } };
    }
    if (serving === 0) {
      queue.begin(0);
      begin();
    }
    serving += 1;
    return new Promise((resolve) => {
      const ended: Batch['ended'] = (index, given) => {
        const receivedNs = nowNs();
        serving -= 1;
        const reply = isBrief(given) ? whole(given) : fromWire(given);
        if (reply.status === 'ok') reply.output = hasContent(reply.output);
        resolve({ index, submittedNs: queue.submittedNs(index) || receivedNs, receivedNs, reply });
      };
      submit(task, ended, undefined);
    });
  }

  async function call({ index, input }: CalledTask, signal?: AbortSignal): Promise<CallEnd> {
    queue.submit(index);
    try {
      // Piscina runs a task with a signal alone in its thread, and ends the thread with the task.
      const options = { name: 'announce', ...(signal !== undefined && { signal }) };
      return endOf(fromWire((await pool.run({ index, input }, options)) as LaneReply));
    } catch (thrown) {
      if (signal?.aborted !== true) return endOf(lostReply(threads.reasonFor(thrown)));
      const dispatchedNs = queue.submittedNs(index);
      if (!Number.isNaN(dispatchedNs)) threads.cancelOne();
      return cancelledIn(laneOf(index), thrown, dispatchedNs);
    }
  }

  /** Calls an export of the worker file in every thread: an idle pool gives each of them one, the least busy. */
  function askAll<Reply>(name: string, argument?: unknown): Promise<Reply[]> {
    return Promise.all(Array.from({ length: poolSize }, () => pool.run(argument, { name }) as Promise<Reply>));
  }

  async function catchUp(): Promise<void> {
    await askAll('catchUp').catch((thrown: unknown) => {
      throw threads.reasonFor(thrown);
    });
    threads.check();
  }

  return {
    laneKind: 'thread',
    keepsLanes: true,
    run: async (tasks, watch, whenDone) => {
      queue.begin(tasks.length);
      begin();
      const { ended, over, receivedNs, replies } = (batch = createBatch(tasks, watch, goesOn));
      for (const task of tasks) submit(task, ended, watch);
      await over;
      whenDone?.();
      return tasks.flatMap(({ index }): readonly TaskRecord[] => {
        const reply = replies[index];
        const received = receivedNs[index] ?? Number.NaN;
        if (reply === undefined) return [];
        // A task that was lost while queued has no other timestamp.
        const submittedNs = queue.submittedNs(index) || received;
        return [{ index, submittedNs, receivedNs: received, reply: isBrief(reply) ? whole(reply) : fromWire(reply) }];
      });
    },
    serve,
    call,
    underWay: () => {
      const begun = batch.unfinished().filter((index) => !Number.isNaN(queue.submittedNs(index)));
      const lanes = busyLanes().map((index): LaneId => ({ kind: 'thread', index }));
      // Piscina does not reveal which thread has which task, except with one of each.
      const [lane] = begun.length === 1 && lanes.length === 1 ? lanes : [];
      return begun.map((task) => ({ task, ...(lane !== undefined && { lane }) }));
    },
    usage: async () => NO_USAGE,
    activity: (notesResults) =>
      askAll<LaneActivity>('activity', { isParked: atomics === 'sync', notesResults } satisfies ActivityAsked),
    // An idle thread of Piscina waits without turning its event loop.
    ...(atomics === 'sync' && { catchUp }),
    recorder: {
      start: async (kind) =>
        void (await askAll('startRecording', { kind, isParked: atomics === 'sync' } satisfies RecordingAsked)),
      end: async () => {
        const ended = await askAll<RecordingReply>('endRecording');
        return ended.toSorted((one, other) => one.index - other.index).map(({ reading }) => reading);
      },
    },
    processIds: () => [],
    lanesLost: threads.cancelled,
    close: async () => {
      try {
        // Before the teardown: what that leaves behind is nothing of the tasks.
        if (threads.failure() === undefined) await catchUp();
        const closing = askAll<LaneError | undefined>('close');
        const errors = await Promise.race([closing, threads.ended]).catch((): (LaneError | undefined)[] => []);
        return errors.filter((error) => error !== undefined);
      } finally {
        await pool.destroy();
      }
    },
  };
};

/** The records of a running batch, in arrays instead of an object for each task. */
interface Batch {
  readonly receivedNs: Float64Array;
  /** By index. An output is kept only as whether there was one, to free its memory. */
  readonly replies: readonly (ThreadReply | undefined)[];
  readonly ended: (index: number, reply: ThreadReply) => void;
  /** Settles with the whole batch, or shortly after its first failure. */
  readonly over: Promise<void>;
  /** Indices of the tasks without a reply. */
  readonly unfinished: () => readonly number[];
}

function createBatch(tasks: readonly Task[], watch: TaskWatch | undefined, goesOn: boolean): Batch {
  const receivedNs = new Float64Array(tasks.length);
  const replies: (ThreadReply | undefined)[] = Array.from({ length: tasks.length });
  const all = deferred<void>();
  const broken = deferred<void>();
  let remaining = tasks.length;
  if (remaining === 0) all.resolve();
  return {
    receivedNs,
    replies,
    over: allOrBroken(all.promise, broken.promise),
    unfinished: () => tasks.flatMap(({ index }) => (replies[index] === undefined ? [index] : [])),
    ended: (index, reply) => {
      receivedNs[index] = nowNs();
      watch?.ended(index);
      if (typeof reply === 'number') replies[index] = reply;
      else {
        const kept = isBrief(reply) ? reply : fromWire(reply);
        if (Array.isArray(kept)) kept[1] = hasContent(kept[1]);
        else if (kept.status === 'ok') kept.output = hasContent(kept.output);
        else if (!goesOn || kept.status === 'lost') broken.resolve();
        replies[index] = kept;
      }
      remaining -= 1;
      if (remaining === 0) all.resolve();
    },
  };
}
