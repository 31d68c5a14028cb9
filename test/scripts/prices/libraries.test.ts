import { expect, it } from 'vitest';
import { tabulate } from '../../../dist/scripts/prices/libraries.js';
import type { Results } from '../../../dist/src/model/results.js';

it('the table of libraries has the time of a task and the speedup of every configuration, and failures', () => {
  const way = (strategy: string) => ({ strategy, laneKind: 'thread', poolSize: 2, concurrency: 1 });
  const cell = (workload: string, strategy: string, ms: number) => ({
    id: `${workload}/${strategy}@2`,
    workload,
    ...way(strategy),
    status: 'ok',
    summary: { wallMs: { median: ms } },
  });
  const results = {
    workloads: [
      { name: 'noop', tasks: 100 },
      { name: 'primes', tasks: 4 },
    ],
    cells: [
      cell('noop', 'worker-threads', 2),
      cell('primes', 'worker-threads', 20),
      cell('noop', 'mine', 4),
      { id: 'primes/mine@2', workload: 'primes', ...way('mine'), status: 'failed' },
      { ...cell('noop', 'far', 9), dropped: { speedup: { lo: 0.2, hi: 0.25 } } },
      cell('primes', 'far', 22),
    ],
    comparisons: [
      { contender: 'noop/mine@2', speedup: { estimate: 0.5, lo: 0.45, hi: 0.555 } },
      { contender: 'primes/far@2', speedup: { estimate: 0.91, lo: 0.9, hi: 0.92 } },
    ],
  } as unknown as Results;
  const rows = tabulate(results)
    .split('\n')
    .map((line) => line.replaceAll(/ {2,}/g, ' '));
  expect(rows).toEqual([
    '| | noop: a task | speedup | primes: a task | speedup |',
    expect.stringContaining('---'),
    '| worker-threads@2 | 20.0 µs | 1 | 5.00 ms | 1 |',
    '| mine@2 | 40.0 µs | 0.50× (0.45–0.56) | failed | |',
    // Not compared, and not as fast as the baseline.
    '| far@2 | 90.0 µs | 0.20–0.25×, dropped | 5.50 ms | 0.91× (0.90–0.92) |',
  ]);
});
