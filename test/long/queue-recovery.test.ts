/** BullMQ as programs use it, with its own recovery: what docs/queue.md says of it, and what Lanewise turns off. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type * as Bullmq from 'bullmq';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { useTempFolder } from '../support/temp-folder.js';

const { resolve } = createRequire(import.meta.url);
const { Queue } = createRequire(import.meta.url)('bullmq') as typeof Bullmq;
const folder = useTempFolder();
const server = await startQueueServer('redis').catch(() => undefined);
afterAll(() => server?.close());

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a worker, which sends the number of each job that it starts. */
async function startWorker(
  name: string,
  processor: string,
): Promise<{ readonly child: ChildProcess; starts: number[] }> {
  const file = await folder.file(
    `worker-${name}-${children.length}.cjs`,
    `const { Worker } = require(${JSON.stringify(resolve('bullmq'))});
     const connection = { url: process.env.QUEUE_URL, maxRetriesPerRequest: null };
     const options = { connection, lockDuration: 500, stalledInterval: 500, maxStalledCount: 1 };
     const worker = new Worker(${JSON.stringify(name)}, async ({ data }) => {
       process.send(data);
       ${processor}
       return data;
     }, options);
     worker.on('error', () => undefined);
     worker.waitUntilReady().then(() => process.send(-1));`,
  );
  const child = fork(file, { env: { ...process.env, QUEUE_URL: server?.url } });
  children.push(child);
  await once(child, 'message');
  const starts: number[] = [];
  child.on('message', (number: number) => starts.push(number));
  return { child, starts };
}

describe.skipIf(server === undefined)('BullMQ with a lock of 0.5 s and one stall allowed', () => {
  it('gives 50 results of a batch of 50 although a worker is killed', async () => {
    const queue = new Queue('killed', { connection: { url: server?.url ?? '' } });
    try {
      const [killed] = await Promise.all(
        [1, 2].map(() => startWorker('killed', 'await new Promise((done) => setTimeout(done, 20));')),
      );
      await queue.addBulk(Array.from({ length: 50 }, (_, data) => ({ name: 'task', data })));
      await expect.poll(() => killed?.starts.length, { timeout: 20_000 }).toBeGreaterThan(3);
      killed?.child.kill('SIGKILL');
      await expect.poll(() => queue.getCompletedCount(), { timeout: 60_000 }).toBe(50);
      const results = (await queue.getCompleted()).map(
        ({ returnvalue }: { readonly returnvalue: number }) => returnvalue,
      );
      expect(results.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, data) => data));
      expect(await queue.getFailedCount()).toBe(0);
    } finally {
      await queue.close();
    }
  });

  it('runs a job twice that blocks its event loop for longer than the lock', async () => {
    const queue = new Queue('blocked', { connection: { url: server?.url ?? '' } });
    try {
      const workers = await Promise.all(
        [1, 2].map(() => startWorker('blocked', 'const end = Date.now() + 3000; while (Date.now() < end);')),
      );
      await queue.add('task', 7);
      const starts = (): number[] => workers.flatMap((worker) => worker.starts);
      await expect.poll(starts, { timeout: 20_000 }).toEqual([7, 7]);
      expect(workers.map((worker) => worker.starts)).toEqual([[7], [7]]);
    } finally {
      await queue.close();
    }
  });
});
