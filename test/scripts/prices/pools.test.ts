import { expect, it } from 'vitest';
import { comparePools } from '../../../dist/scripts/prices/pools.js';

it('every pool runs in turns and is compared with Lanewise’s of its group', async () => {
  const groups = await comparePools({ blocks: 1, rounds: 2, tasks: 3 });
  expect(groups.map((rows) => rows.map(({ name }) => name))).toEqual([
    ['lanewise worker-threads@1', 'Piscina, for … await', 'Piscina, Promise.all'],
    [
      'lanewise child-processes@1',
      'tinypool child_process',
      'workerpool process',
      'jest-worker process',
      'poolifier cluster',
    ],
  ]);
  for (const [ours, ...others] of groups) {
    expect(ours).not.toHaveProperty('timesOurs');
    for (const { microsecondsPerTask, timesOurs } of others) {
      expect(microsecondsPerTask).toBeGreaterThan(0);
      expect(timesOurs?.estimate).toBeGreaterThan(0);
      // One block decides nothing at any level.
      expect(timesOurs?.interval).toBeUndefined();
    }
  }
});
