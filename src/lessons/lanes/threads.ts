import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { nowNs } from '../../../workers/clock.ts';
import { fromWire, type LaneReply } from '../../../workers/wire.ts';
import { HandOverQueue } from '../../lanes/hand-over-queue.ts';
import { InputError, isCloneError, lostReply } from '../../lanes/lane-ended-error.ts';
import { openThreadPool } from '../../lanes/thread-pool.ts';
import { cancelledIn, endedOf, type OpenLanes } from './lanes.ts';

/** A thread that does not end within this time is not counted. */
const END_TIMEOUT_MS = 2000;
/** More than any lesson cancels tasks. */
const REPLACEMENTS = 1000;

/** Piscina's threads. A task that runs is cancelled with its thread: Piscina ends it and starts another. */
export const openThreads: OpenLanes = async (assignment, poolSize) => {
  const queue = new HandOverQueue();
  const settings = { poolSize, atomics: 'sync', queue, replacements: REPLACEMENTS } as const;
  const { pool, threads, laneOf } = await openThreadPool(assignment, settings);
  /** Cancelled tasks that a thread had been given, and threads that have ended: that takes a moment. */
  const lost = { given: 0, ended: 0 };
  const watched = new WeakSet<Worker>();
  const watch = (): void => {
    for (const thread of pool.threads.filter((other) => !watched.has(other))) {
      watched.add(thread);
      thread.once('exit', () => (lost.ended += 1));
    }
  };
  watch();
  pool.on('workerCreate', watch);

  return {
    run: async ({ index, input }, signal) => {
      queue.submit(index);
      try {
        // Piscina gives a thread no other task beside one that has a signal.
        const options = { name: 'announce', ...(signal !== undefined && { signal }) };
        return endedOf(fromWire((await pool.run({ index, input }, options)) as LaneReply));
      } catch (thrown) {
        if (signal?.aborted === true) {
          const handedOverNs = queue.submittedNs[index] ?? Number.NaN;
          if (!Number.isNaN(handedOverNs)) lost.given += 1;
          return cancelledIn(laneOf(index), thrown, handedOverNs, nowNs());
        }
        if (isCloneError(thrown)) return endedOf(lostReply(new InputError(thrown)));
        // That threads end is nothing strange once a task was cancelled.
        return endedOf(lostReply(lost.given > 0 ? thrown : threads.reasonFor(thrown)));
      }
    },
    lanesLost: async () => {
      const until = performance.now() + END_TIMEOUT_MS;
      while (lost.ended < lost.given && performance.now() < until) await sleep(1);
      // One that ended for another reason was not lost to a cancelled task.
      return Math.min(lost.ended, lost.given);
    },
    close: () => pool.destroy(),
  };
};
