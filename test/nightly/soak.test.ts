/** Soaks of runs, also with a queue; without a Redis on this machine that one is skipped. */
import { createRequire } from 'node:module';
import type { Redis as RedisClient } from 'ioredis';
import { expect, it } from 'vitest';
import { soak } from '../../dist/scripts/reliability/soak.js';
import { openSoakQueue } from '../../dist/scripts/reliability/soak-queue.js';
import { tabulateSoak } from '../../dist/scripts/reliability/tabulate-soak.js';

const { Redis } = createRequire(import.meta.url)('ioredis') as { readonly Redis: typeof RedisClient };

const hasRedis = await openSoakQueue().then(
  (queue) => queue.close().then(() => true),
  () => false,
);

it('a soak runs, interrupts and resumes, and counts what was lost or left behind', async () => {
  const counts = await soak({ minutes: 0.15, seed: 5 });
  expect(counts.surprises).toEqual([]);
  expect(counts).toMatchObject({ samplesLost: 0, processesLeft: 0, foldersLeft: 0 });
  expect(counts.runs).toBeGreaterThan(0);
  expect(counts.samples).toBeGreaterThan(0);
  const table = tabulateSoak(counts, { minutes: 0.15, seed: 5 });
  expect(table).toContain('`npm run soak -- --minutes 0.15 --seed 5`');
  expect(table).toMatch(new RegExp(`\\| complete runs\\s+\\|\\s+${counts.runs} \\|`));
});

it.skipIf(!hasRedis)(
  'a soak with a queue counts what is left on the server, too',
  async () => {
    const counts = await soak({ minutes: 0.15, seed: 5, hasQueue: true });
    expect(counts.surprises).toEqual([]);
    expect(counts).toMatchObject({
      samplesLost: 0,
      processesLeft: 0,
      foldersLeft: 0,
      onServer: { keys: 0, connections: 0 },
    });
    const table = tabulateSoak(counts, { minutes: 0.15, seed: 5, hasQueue: true });
    expect(table).toContain('`npm run soak -- --queue --minutes 0.15 --seed 5`');
    expect(table).toMatch(/\| keys left on the server of a user\s+\|\s+0 \|/);
    // A run that was picked is ended, on a busy machine in minutes.
  },
  900_000,
);

it.skipIf(!hasRedis)('keys and connections of others on the server of a soak are seen', async () => {
  const queue = await openSoakQueue();
  const other = new Redis(queue.url);
  try {
    expect(await queue.left()).toEqual({ keys: 0, connections: 1 });
    await other.set('key', 'value');
    expect(await queue.left()).toEqual({ keys: 1, connections: 1 });
  } finally {
    other.disconnect();
    await queue.close();
  }
});
