import { expect, it } from 'vitest';
import { medianPrice } from '../../../../dist/scripts/evidence/queue/measure-queue.js';
import { priceQueues, type PricedConfiguration } from '../../../../dist/scripts/evidence/queue/prices.js';
import { tabulate } from '../../../../dist/scripts/evidence/queue/tabulate-prices.js';

const priceOf = (wallUs: number) => ({ wallUs, producerCpuUs: 1, workerCpuUs: wallUs / 2, serverCpuUs: 10 });

it('the price of a job is the median of each of its parts', () => {
  expect(medianPrice([priceOf(100), priceOf(400), priceOf(200)])).toEqual(priceOf(200));
  const { serverCpuUs: _serverCpuUs, ...unknown } = priceOf(8);
  expect(medianPrice([unknown])).toEqual(unknown);
});

it('the table has a row for each server, job and place, and CPU time at the lowest concurrency', () => {
  const priced = (concurrency: number, wallsUs: readonly number[], server = 'redis' as const): PricedConfiguration => ({
    server,
    version: '7.0.15',
    work: 'noop',
    mode: 'in process',
    concurrency,
    prices: wallsUs.map(priceOf),
  });
  const table = tabulate([priced(4, [30, 10, 20.4]), priced(1, [100, 300, 200])]);
  expect(table.split('\n').slice(2)).toEqual([
    '| server       | job  | runs in    | concurrency 1 | concurrency 4 | CPU: producer | worker | server |',
    '| ------------ | ---- | ---------- | ------------- | ------------- | ------------- | ------ | ------ |',
    '| Redis 7.0.15 | noop | in process | 200 (100–300) | 20 (10–30)    | 1             | 100    | 10     |',
  ]);
});

it('every configuration is measured in every repetition', async ({ skip }) => {
  const notes: string[] = [];
  const size = { works: ['noop'], concurrency: [2], repetitions: 2, batches: 1, jobs: 20, seed: 1 } as const;
  const priced = await priceQueues({ ...size, servers: ['redis'] }, (text) => notes.push(text)).catch(
    (thrown: unknown) => {
      if (!String(thrown).includes('A queue needs a server')) throw thrown;
      return skip((thrown as Error).message);
    },
  );
  expect(priced.map(({ mode }) => mode).toSorted()).toEqual(['in process', 'sandboxed process', 'sandboxed thread']);
  expect(notes).toHaveLength(6);
  for (const { prices, server, concurrency } of priced) {
    expect([server, concurrency, prices.length]).toEqual(['redis', 2, 2]);
    for (const { wallUs, workerCpuUs } of prices) expect(Math.min(wallUs, workerCpuUs)).toBeGreaterThan(0);
  }
});
