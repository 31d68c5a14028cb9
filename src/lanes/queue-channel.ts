import { loadBullmq, reaching } from '../../workers/bullmq-package.ts';
import { pause } from '../../workers/clock.ts';
import type { QueueAccess } from '../../workers/queue-access.ts';
import { carried } from '../../workers/queue-values.ts';
import type { QueuedReply, QueuedTask } from '../../workers/queue-worker.ts';
import type { LaneReply } from '../../workers/wire.ts';

/** The host's end of a BullMQ queue: tasks go in, replies come back as events. */
export interface QueueChannel {
  /** Hands tasks over, all at once. @returns the ids of their jobs */
  readonly add: (tasks: readonly QueuedTask[]) => Promise<readonly string[]>;
  /** The tasks that a worker has taken and not finished, with the worker's name. */
  readonly running: () => Promise<readonly { readonly number: number; readonly worker: string | undefined }[]>;
  /** Whether no task waits or runs. */
  readonly isDone: () => Promise<boolean>;
  /** The reply that a finished job keeps. */
  readonly replyOf: (jobId: string) => Promise<NumberedReply | undefined>;
  /** Makes room between batches. @param isBusy whether events are awaited from now on */
  readonly trim: () => Promise<void>;
  /** Called before and after a batch. */
  readonly listen: (isBusy: boolean) => void;
  /** CPU time of the server since its start, as it reports it; undefined: it does not. */
  readonly serverCpu: () => Promise<{ readonly userMs: number; readonly systemMs: number } | undefined>;
  /** Removes the queue from the server. */
  readonly close: () => Promise<void>;
}

export interface NumberedReply {
  /** The task's number in the queue. */
  readonly number: number;
  readonly reply: LaneReply;
}

export interface ChannelEvents {
  readonly onReply: (reply: NumberedReply) => void;
  /** A job that BullMQ itself has failed. */
  readonly onFailed: (jobId: string, reason: string) => void;
  /** The connection is gone; called at most once. */
  readonly onLost: (error: Error) => void;
}

/** BullMQ writes four events for a task; with room for twice as many, none is lost before it is read. */
const EVENTS_PER_TASK = 8;
/** A wait that ends earlier wakes up the host in the turn of another configuration. */
const IDLE_MS = 300_000;
/**
 * On PostgreSQL, BullMQ 6.7.0 reads events before it listens for more, and misses those in between until its wait ends.
 */
const WAIT_ON_POSTGRES_MS = 20;
const KEPT_BATCHES = 2;
/** A server that is stopped never answers; what is left on it is removed at the end of the run. */
const CLOSE_LIMIT_MS = 2000;
const MS_PER_S = 1000;

/** @param mostTasks tasks of the largest batch */
export async function openChannel(
  access: QueueAccess,
  mostTasks: number,
  { onReply, onFailed, onLost }: ChannelEvents,
): Promise<QueueChannel> {
  const bullmq = loadBullmq();
  const { options, backend } = reaching(bullmq, access, true);
  const isPostgres = access.kind === 'postgres';
  const queue = new bullmq.Queue(
    access.name,
    { ...options, streams: { events: { maxLen: EVENTS_PER_TASK * mostTasks } } },
    backend,
  );
  let isClosing = false;
  let lastError: Error | undefined;
  const watch = (one: { on(event: 'error' | 'ioredis:close', listener: (error?: Error) => void): unknown }): void => {
    one.on('error', (error) => {
      lastError = error;
    });
    one.on('ioredis:close', () => {
      if (isClosing) return;
      isClosing = true;
      onLost(lastError ?? new Error('the connection was closed'));
    });
  };
  watch(queue);
  await queue.waitUntilReady();
  // The database is prepared by now. A fresh queue is read from its beginning, so no event is missed.
  const events = new bullmq.QueueEvents(
    access.name,
    { ...reaching(bullmq, access).options, lastEventId: '0', blockingTimeout: IDLE_MS },
    backend,
  );
  watch(events);
  events.on('completed', ({ returnvalue }: { readonly returnvalue: unknown }) => onReply(numbered(returnvalue)));
  events.on('failed', ({ jobId, failedReason }) => onFailed(jobId, failedReason));
  await events.waitUntilReady();

  return {
    add: async (tasks) => {
      // More finished jobs are kept than a batch or a window has, so that a reply whose event was lost can be fetched.
      const kept = { count: KEPT_BATCHES * Math.max(mostTasks, tasks.length) };
      const opts = { attempts: 1, removeOnComplete: kept, removeOnFail: kept };
      const jobs = await queue.addBulk(tasks.map((data) => ({ name: 'task', data, opts })));
      return jobs.map(({ id = '' }) => id);
    },
    running: async () => {
      const jobs = await queue.getActive();
      return jobs.map(({ data, processedBy }) => ({ number: (data as QueuedTask)[0], worker: processedBy }));
    },
    isDone: async () => {
      const counts = await queue.getJobCounts('waiting', 'active');
      return Object.values(counts).every((count) => count === 0);
    },
    replyOf: async (jobId) => {
      const job = await queue.getJob(jobId);
      const kept: unknown = job?.returnvalue;
      return kept === undefined || kept === null ? undefined : numbered(kept);
    },
    trim: async () => {
      // BullMQ does not trim those of PostgreSQL.
      if (!isPostgres) await queue.trimEvents(0);
    },
    listen: (isBusy) => {
      // Read before each wait.
      if (isPostgres) Object.assign(events.opts, { blockingTimeout: isBusy ? WAIT_ON_POSTGRES_MS : IDLE_MS });
    },
    serverCpu: async () => {
      const redis = queue.getBackend();
      if (!(redis instanceof bullmq.RedisQueueBackend)) return undefined;
      return cpuIn(await (await redis.client).info());
    },
    close: async () => {
      const isLost = isClosing;
      isClosing = true;
      const closing = async (): Promise<void> => {
        if (!isLost) await queue.obliterate({ force: true }).catch(() => undefined);
        await Promise.allSettled([events.close(), queue.close()]);
      };
      await Promise.race([closing(), pause(CLOSE_LIMIT_MS)]);
    },
  };
}

function numbered(returned: unknown): NumberedReply {
  const [number, reply] = returned as QueuedReply;
  return { number, reply: carried(reply) as LaneReply };
}

/** Reads the answer to `INFO` of Redis. */
function cpuIn(info: string): { readonly userMs: number; readonly systemMs: number } | undefined {
  const secondsOf = (field: string): number => Number(new RegExp(`^${field}:([\\d.]+)`, 'm').exec(info)?.[1]);
  const [userMs, systemMs] = [secondsOf('used_cpu_user') * MS_PER_S, secondsOf('used_cpu_sys') * MS_PER_S];
  return Number.isNaN(userMs + systemMs) ? undefined : { userMs, systemMs };
}
