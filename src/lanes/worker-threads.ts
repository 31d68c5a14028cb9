import { nowNs } from '../../workers/clock.ts';
import type {
  LaneActivity,
  LaneError,
  LaneId,
  Task,
  TaskRecord,
  TaskReply,
  Transferable,
} from '../../workers/contract.ts';
import { deferred, type Deferred } from '../../workers/deferred.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { fromWire, type LaneReply } from '../../workers/wire.ts';
import { cancelledIn, endOf, type CalledTask, type CallEnd } from './call.ts';
import { allOrBroken } from './feed.ts';
import { DispatchQueue } from './dispatch-queue.ts';
import { lostReply } from './lane-ended-error.ts';
import type { OpenStrategy, TaskWatch } from './strategy.ts';
import { openThreadPool } from './thread-pool.ts';

interface PiscinaOptions {
  readonly name?: string;
  readonly transferList?: Transferable[];
}

/** A Piscina pool to which every batch is submitted whole, since its own queue is part of what its users get. */
export const openWorkerThreads: OpenStrategy = async (assignment, settings) => {
  const { poolSize, atomics, transferOf } = settings;
  const queue = new DispatchQueue();
  const { pool, threads, busyLanes, laneOf } = await openThreadPool(assignment, { poolSize, atomics, queue });

  // Options cost some microseconds per task, so ordinary tasks have none.
  const optionsFor = ({ input, traced, verified }: Task): PiscinaOptions | undefined =>
    traced || verified || transferOf !== undefined
      ? {
          ...(traced ? { name: 'trace' } : verified && { name: 'verify' }),
          ...(transferOf !== undefined && { transferList: [...transferOf(input)] }),
        }
      : undefined;

  /** Records of the current batch so far. */
  let records: TaskRecord[] = [];

  async function runRecorded(task: Task, watch: TaskWatch | undefined, broken: Deferred<void>): Promise<void> {
    const { index } = task;
    const recordsOfBatch = records;
    let reply: TaskReply;
    try {
      // Piscina replaces a thread that has ended, which would add a cold lane.
      threads.check();
      queue.submit(index);
      watch?.began(index);
      const { input, traced, verified } = task;
      reply = fromWire((await pool.run(traced ? { input, verified } : input, optionsFor(task))) as LaneReply);
    } catch (thrown) {
      reply = lostReply(threads.reasonFor(thrown));
    }
    const receivedNs = nowNs();
    watch?.ended(index);
    if (reply.status === 'ok') reply.output = reply.output !== undefined;
    else broken.resolve();
    // A task that was lost while queued has no other timestamp.
    recordsOfBatch.push({ index, submittedNs: queue.submittedNs[index] || receivedNs, receivedNs, reply });
  }

  async function call({ index, input }: CalledTask, signal?: AbortSignal): Promise<CallEnd> {
    queue.submit(index);
    try {
      // Piscina runs a task with a signal alone in its thread, and ends the thread with the task.
      const options = { name: 'announce', ...(signal !== undefined && { signal }) };
      return endOf(fromWire((await pool.run({ index, input }, options)) as LaneReply));
    } catch (thrown) {
      if (signal?.aborted !== true) return endOf(lostReply(threads.reasonFor(thrown)));
      const dispatchedNs = queue.submittedNs[index] ?? Number.NaN;
      if (!Number.isNaN(dispatchedNs)) threads.cancelOne();
      return cancelledIn(laneOf(index), thrown, dispatchedNs);
    }
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
    call,
    underWay: () => {
      const done = new Set(records.map(({ index }) => index));
      const begun = [...queue.submittedNs.entries()].flatMap(([index, submittedNs]) =>
        Number.isNaN(submittedNs) || done.has(index) ? [] : [index],
      );
      const lanes = busyLanes().map((index): LaneId => ({ kind: 'thread', index }));
      // Piscina does not reveal which thread has which task, except with one of each.
      const [lane] = begun.length === 1 && lanes.length === 1 ? lanes : [];
      return begun.map((task) => ({ task, ...(lane !== undefined && { lane }) }));
    },
    usage: async () => NO_USAGE,
    // An idle pool gives one request to each thread, since it picks the least busy one.
    activity: () =>
      Promise.all(
        Array.from(
          { length: poolSize },
          () => pool.run(atomics === 'sync', { name: 'activity' }) as Promise<LaneActivity>,
        ),
      ),
    processIds: () => [],
    lanesLost: threads.cancelled,
    close: async () => {
      const closing = Promise.all(Array.from({ length: poolSize }, () => pool.run(undefined, { name: 'close' })));
      const errors = await Promise.race([closing, threads.ended]).catch(() => []);
      await pool.destroy();
      return (errors as (LaneError | undefined)[]).filter((error) => error !== undefined);
    },
  };
};
