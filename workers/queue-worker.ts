/** Runs the tasks of a BullMQ queue in a lane. */
import { loadBullmq, reaching } from './bullmq-package.ts';
import { pause } from './clock.ts';
import { noteResult } from './lane-activity.ts';
import type { QueueAccess } from './queue-access.ts';
import { carried, carry, type Carried } from './queue-values.ts';
import { runTask, type Lane } from './task.ts';
import { notSent, type LaneReply } from './wire.ts';

/** The data of a job: a task, by its number in the queue. */
export type QueuedTask = readonly [number: number, verified: boolean, traced: boolean, input: Carried];
/** The return value of a job. */
export type QueuedReply = readonly [number: number, reply: Carried];

/** A worker that waits for less wakes up in the turn of another configuration. */
const IDLE_S = 300;
/** On PostgreSQL, BullMQ 6.7.0 misses a task that is added between its look for one and its wait: it looks again. */
const IDLE_ON_POSTGRES_S = 5;
/** A worker that has lost its connection may never close. */
const CLOSE_LIMIT_MS = 1000;

/** The worker’s name in the queue, by which the host knows whose a running task is. */
export function workerName(lane: number): string {
  return `lane-${lane}`;
}

/**
 * Consumes the queue until it is closed.
 *
 * @param onLost called when the connection is lost
 */
export async function consume(
  lane: Lane,
  access: QueueAccess,
  concurrency: number,
  onLost: (error: Error) => void,
): Promise<{ readonly close: () => Promise<void> }> {
  const bullmq = loadBullmq();
  const { options, backend } = reaching(bullmq, access);
  const isText = access.kind === 'postgres';
  const worker = new bullmq.Worker(
    access.name,
    async ({ data }): Promise<QueuedReply> => {
      const [number, verified, traced, input] = data as QueuedTask;
      const reply = await runTask(lane, { index: number, verified, traced, input: carried(input) });
      const sent = carriedReply(lane, reply, isText);
      noteResult();
      return [number, sent];
    },
    {
      ...options,
      name: workerName(lane.index),
      concurrency,
      drainDelay: isText ? IDLE_ON_POSTGRES_S : IDLE_S,
      // No task is run again, and no check for that wakes up an idle worker.
      maxStalledCount: 0,
      lockDuration: access.lockMs,
      stalledInterval: access.lockMs,
    },
    backend,
  );
  let isClosing = false;
  let lastError: Error | undefined;
  worker.on('error', (error) => {
    lastError = error;
  });
  worker.on('ioredis:close', () => {
    if (!isClosing) onLost(lastError ?? new Error('the connection to the server of the queue was closed'));
  });
  await worker.waitUntilReady();
  return {
    close: async () => {
      isClosing = true;
      await Promise.race([worker.close(), pause(CLOSE_LIMIT_MS)]);
    },
  };
}

/** An output that cannot be cloned fails only its task. */
function carriedReply(lane: Lane, reply: LaneReply, isText: boolean): Carried {
  try {
    // Without an output that is undefined, most replies are plain JSON.
    return carry('status' in reply || reply[5] !== undefined ? reply : reply.slice(0, -1), isText);
  } catch (thrown) {
    return carry(notSent(lane.index, thrown), isText);
  }
}
