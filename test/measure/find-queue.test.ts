import { existsSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { findQueue } from '../../dist/src/measure/find-queue.js';
import { usablePrograms } from '../../dist/src/queue/postgres-files.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';

afterEach(() => vi.unstubAllEnvs());

const own = await startQueueServer('redis').catch(() => undefined);
await own?.close();

it.skipIf(own === undefined)(
  'the server of a queue is known before anything is measured, and is not left running',
  async () => {
    const { asked, options } = await findQueue({});
    expect(asked).toEqual({});
    expect(options.queue).toEqual({
      bullmq: expect.stringMatching(/^6\./),
      server: expect.stringMatching(/^(?:redis|valkey)$/),
      version: expect.stringMatching(/^\d+\./),
      isOwn: true,
    });
  },
);

it.skipIf(usablePrograms() === undefined)(
  'the files of a PostgreSQL are made once, and are there until the run is over',
  async () => {
    const { asked, options, close } = await findQueue({ kind: 'postgres' });
    try {
      expect(options).toMatchObject({ queueServer: 'postgres', queue: { server: 'postgres', isOwn: true } });
      // Hosts get it as a message, which carries no function.
      expect(structuredClone(asked)).toEqual(asked);
      expect(existsSync(asked.template?.data ?? '')).toBe(true);
      const server = await startQueueServer(asked.kind, asked.template);
      await server.close();
    } finally {
      close();
    }
    expect(existsSync(asked.template?.data ?? '')).toBe(false);
  },
);

it('a queue without a server is refused with the command that installs one', async () => {
  vi.stubEnv('PATH', '');
  await expect(findQueue({ kind: 'redis' })).rejects.toThrow(/install one with .*redis.*--queue-url/);
});

it('an address is refused without being repeated', async () => {
  const found = findQueue({ url: 'http://user:swordfish@localhost' });
  await expect(found).rejects.toThrow('--queue-url');
  await expect(found).rejects.not.toThrow('swordfish');
});
