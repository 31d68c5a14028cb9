import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { startServer } from './start-server.js';

/** A wait that ends earlier would wake up in the batch of another configuration. */
const IDLE_S = 300;
/** No task is taken for lost. */
const LOCK_MS = 600_000;

/** Opens a queue whose worker runs each task in a sandbox of BullMQ, on a Redis of its own. */
export async function openSandboxes({ poolSize, concurrency }, useWorkerThreads) {
  if (concurrency > 1) throw new Error('a sandbox of BullMQ runs one task at a time: leave out --concurrency');
  const server = await startServer({
    program: 'redis-server',
    install: 'apt-get install redis-server, or brew install redis',
    args: (folder) => ['--port', '0', '--unixsocket', `${folder}/redis`, '--save', '', '--dir', folder],
    ready: /ready to accept connections/i,
  });
  const connection = { path: `${server.folder}/redis`, maxRetriesPerRequest: null };
  const name = 'tasks';
  const queue = new Queue(name, { connection });
  const events = new QueueEvents(name, { connection, lastEventId: '0', blockingTimeout: IDLE_S * 1000 });
  const worker = new Worker(name, fileURLToPath(new URL('./bullmq-sandbox.js', import.meta.url)), {
    connection,
    concurrency: poolSize,
    useWorkerThreads,
    drainDelay: IDLE_S,
    lockDuration: LOCK_MS,
    maxStalledCount: 0,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  const waiting = new Map();
  const settle = ({ jobId, returnvalue, failedReason }) => {
    const { resolve, reject } = waiting.get(jobId);
    waiting.delete(jobId);
    if (failedReason === undefined) resolve(deserialize(Buffer.from(returnvalue, 'base64')));
    else reject(new Error(failedReason));
  };
  events.on('completed', settle);
  events.on('failed', settle);
  const opened = [queue, events, worker];
  for (const one of opened) one.on('error', () => undefined);
  await Promise.all(opened.map((one) => one.waitUntilReady()));
  return {
    call: (message) =>
      new Promise((resolve, reject) => {
        const jobId = randomUUID();
        waiting.set(jobId, { resolve, reject });
        // A queue carries JSON: this way a buffer stays one.
        queue.add('task', serialize(message).toString('base64'), { jobId }).catch(reject);
      }),
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await server.close();
    },
  };
}
