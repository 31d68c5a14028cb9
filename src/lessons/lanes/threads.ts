import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../../workers/clock.ts';
import { HandOverQueue } from '../../strategies/hand-over-queue.ts';
import { lostReply } from '../../strategies/lane-ended-error.ts';
import { openThreadPool } from '../../strategies/thread-pool.ts';
import { fromWire, type LaneReply } from '../../../workers/wire.ts';
import { cancelledIn, endedOf, type OpenLanes } from './lanes.ts';

/** A thread that does not end within this time is not counted. */
const END_TIMEOUT_MS = 2000;

/** Piscina's threads. A task that runs can only be cancelled with its thread: Piscina ends it and starts another. */
export const openThreads: OpenLanes = async (assignment, poolSize) => {
  const queue = new HandOverQueue();
  const { pool, threads, laneOf } = await openThreadPool(assignment, { poolSize, atomics: 'sync', queue });
  /** Lanes that were given up, and those that have ended: a thread takes a moment for it. */
  const lost = { given: 0, ended: 0 };
  for (const thread of pool.threads) thread.once('exit', () => (lost.ended += 1));
  return {
    run: async ({ index, input }, signal) => {
      queue.submit(index);
      try {
        // Piscina gives a thread no other task beside one that has a signal.
        const options = { name: 'announce', ...(signal !== undefined && { signal }) };
        return endedOf(fromWire((await pool.run({ index, input }, options)) as LaneReply));
      } catch (thrown) {
        if (signal?.aborted === true) {
          const lane = laneOf(index);
          if (lane !== undefined) lost.given += 1;
          return cancelledIn(lane, thrown, queue.submittedNs[index] ?? 0, nowNs());
        }
        return endedOf(lostReply(threads.reasonFor(thrown)));
      }
    },
    lanesLost: async () => {
      const until = performance.now() + END_TIMEOUT_MS;
      while (lost.ended < lost.given && performance.now() < until) await sleep(1);
      return lost.ended;
    },
    close: () => pool.destroy(),
  };
};
