import { expect, it } from 'vitest';
import { compareStarts } from '../../../dist/scripts/prices/starts.js';

it('a host, a child and a thread start in turns with an empty module, and are compared with it', async () => {
  const groups = await compareStarts(2);
  expect(groups.map((rows) => rows.map(({ name }) => name))).toEqual([
    ['fork of an empty module', 'host.cjs', 'child.cjs', 'pool-child.cjs'],
    ['new Worker of an empty module', 'thread.js'],
  ]);
  for (const [bare, ...others] of groups) {
    expect(bare).not.toHaveProperty('timesBare');
    for (const { milliseconds, timesBare } of others) {
      expect(milliseconds).toBeGreaterThan(0);
      expect(timesBare?.estimate).toBeGreaterThan(0);
      // Two rounds decide nothing at this level.
      expect(timesBare?.interval).toBeUndefined();
    }
  }
});
