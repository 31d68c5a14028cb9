/** The consequences of faults of the server of a queue, on real servers. */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis as RedisClient } from 'ioredis';
import type { Client as PgClient } from 'pg';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openBullmq } from '../../dist/src/lanes/bullmq.js';
import type { BatchStrategy } from '../../dist/src/lanes/strategy.js';
import { openTemplate } from '../../dist/src/queue/postgres-files.js';
import { startQueueServer, useQueueServer, type QueueServer } from '../../dist/src/queue/queue-server.js';
import { useTempFolder } from '../support/temp-folder.js';

const requireHere = createRequire(import.meta.url);
const { Redis } = requireHere('ioredis') as { readonly Redis: typeof RedisClient };
const { Client } = requireHere('pg') as { readonly Client: typeof PgClient };

const folder = useTempFolder();
const template = await openTemplate();
const hasRedis = await startQueueServer('redis').then(
  (server) => server.close().then(() => true),
  () => false,
);
const KINDS = [...(hasRedis ? (['redis'] as const) : []), ...(template === undefined ? [] : (['postgres'] as const))];

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});
afterAll(() => template?.close());

async function serverOf(kind: 'redis' | 'postgres'): Promise<QueueServer> {
  const server = await startQueueServer(kind, template);
  opened.push(server.close);
  return server;
}

/** A strategy on the user's server, whose tasks wait for as many milliseconds as their input. */
async function strategyOn({ url }: QueueServer, name = 'faults'): Promise<BatchStrategy> {
  const strategy = await openBullmq(
    {
      workload: {
        url: await folder.module('export default ([ms]) => new Promise((resolve) => setTimeout(resolve, ms, ms))'),
      },
      params: {},
      services: {},
      cell: 'work/cell',
      concurrency: 1,
    },
    {
      poolSize: 2,
      atomics: 'sync',
      transferOf: undefined,
      queue: { url, name, lockMs: 60_000, mostTasks: 100 },
    },
  );
  opened.push(strategy.close);
  return strategy;
}

const tasksOf = (inputs: readonly unknown[]) =>
  inputs.map((input, index) => ({ index, input, traced: false, verified: true }));
/** Longer than it takes until the fault. */
const LONG_BATCH = tasksOf(Array.from({ length: 60 }, () => [100]));

/** Distinct outcomes of a batch in whose middle something happens. */
async function outcomesOf(
  strategy: BatchStrategy,
  happens: () => unknown,
  tasks = LONG_BATCH,
): Promise<readonly string[]> {
  const running = strategy.run(tasks);
  await sleep(400);
  await happens();
  const replies = (await running).map(({ reply }) => reply);
  return [...new Set(replies.map((reply) => ('error' in reply ? reply.error.message : reply.status)))];
}

const LOST = /^the connection to the server of the queue was lost: /;

describe.each(KINDS)('a queue on %s', (kind) => {
  it('loses the tasks of a batch, and of later ones, if its server is killed', async () => {
    const server = await serverOf(kind);
    const strategy = await strategyOn(server);
    const outcomes = await outcomesOf(strategy, () => process.kill(server.pid ?? 0, 'SIGKILL'));
    expect(outcomes.filter((outcome) => outcome !== 'ok')).toEqual([expect.stringMatching(LOST)]);
    const [next] = await strategy.run(tasksOf([[1]]));
    expect(next?.reply).toMatchObject({ status: 'lost', error: { message: expect.stringMatching(LOST) } });
  });

  it('loses tasks that its server no longer has, as one that has started empty', async () => {
    const server = await serverOf(kind);
    const strategy = await strategyOn(server);
    const outcomes = await outcomesOf(strategy, () => emptied(server));
    expect(outcomes.filter((outcome) => outcome !== 'ok')).toEqual([
      expect.stringMatching(/^the queue has lost the task$|^the connection to the server of the queue was lost: /),
    ]);
  });

  it('loses its tasks if its connections are cut, which the client of PostgreSQL may open again', async () => {
    const server = await serverOf(kind);
    const strategy = await strategyOn(server);
    const outcomes = await outcomesOf(strategy, () => cut(server));
    expect(outcomes.filter((outcome) => outcome !== 'ok' && !LOST.test(outcome))).toEqual([]);
    expect(outcomes.length > 1 || kind === 'postgres').toBe(true);
  });

  it('closes although its server is stopped', async () => {
    const server = await serverOf(kind);
    const strategy = await strategyOn(server);
    process.kill(server.pid ?? 0, 'SIGSTOP');
    try {
      await expect(strategy.close()).resolves.toBeDefined();
    } finally {
      process.kill(server.pid ?? 0, 'SIGCONT');
    }
  });

  it('is apart from another run on the same server', async () => {
    const server = await serverOf(kind);
    const [one, other] = await Promise.all([strategyOn(server, 'one_run'), strategyOn(server, 'other_run')]);
    const batches = [1, 2].map((ms) => tasksOf(Array.from({ length: 10 }, () => [ms])));
    const [ones, others] = await Promise.all([one.run(batches[0] ?? []), other.run(batches[1] ?? [])]);
    const digests = [ones, others].map((records) => records.map(({ reply }) => 'digest' in reply && reply.digest));
    expect(digests).toEqual([Array.from({ length: 10 }, () => '1'), Array.from({ length: 10 }, () => '2')]);
    await one.close();
    expect((await other.run(tasksOf([[3]])))[0]?.reply).toMatchObject({ status: 'ok', digest: '3' });
  });

  it('is refused before it is opened if the password is wrong or its server does not speak TLS', async () => {
    const { url } = await serverOf(kind);
    const { password } = new URL(url);
    await expect(useQueueServer(url.replace(password, 'hunter2'))).rejects.toThrow(
      'its server does not know this user name and password',
    );
    // A Redis waits for the end of what it takes for a command.
    await expect(
      useQueueServer(kind === 'redis' ? url.replace('redis:', 'rediss:') : `${url}?sslmode=verify-full`),
    ).rejects.toThrow(kind === 'redis' ? '(rediss:// is TLS)' : 'its server does not speak TLS there');
  });
});

describe.skipIf(!hasRedis)('a queue on a server without memory', () => {
  it('loses a batch that does not fit, with the words of the server', async () => {
    const server = await serverOf('redis');
    const strategy = await strategyOn(server);
    await redis(server, (client) => client.config('SET', 'maxmemory', '2mb'));
    const large = tasksOf(Array.from({ length: 60 }, () => [1, 'x'.repeat(200_000)]));
    expect(await outcomesOf(strategy, () => undefined, large)).toEqual([
      expect.stringMatching(/^the server of the queue has refused the tasks: OOM command not allowed/),
    ]);
  });
});

async function redis<Value>({ url }: QueueServer, ask: (client: RedisClient) => Promise<Value>): Promise<Value> {
  const client = new Redis(url);
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

async function postgres({ url }: QueueServer, query: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(query);
  } finally {
    await client.end();
  }
}

async function emptied(server: QueueServer): Promise<void> {
  if (server.kind === 'postgres') return postgres(server, 'DROP SCHEMA faults CASCADE');
  await redis(server, (client) => client.flushall());
}

async function cut(server: QueueServer): Promise<void> {
  if (server.kind !== 'postgres')
    return void (await redis(server, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal')));
  const others = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity';
  await postgres(server, `${others} WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`);
}
