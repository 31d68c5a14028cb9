import { expect, it } from 'vitest';
import { recover } from '../../dist/scripts/evidence/model.js';

it('finds the known contention in pools that are measured', () => {
  // In 4 lanes a task waits for 38 ms and not 15: much beside what a timer is late, but only the order of it is looked at.
  const found = recover(0.5, 15, '1,2,4', ['--preset', 'quick', '--blocks', '8', '-n', '4', '--seed', '1']);
  expect(found.map(({ pool }) => pool)).toEqual(['worker-threads', 'child-processes']);
  for (const { found: contention } of found) {
    expect(contention.estimate).toBeGreaterThan(0.1);
    expect(contention.lo).toBeLessThanOrEqual(contention.estimate);
    expect(contention.hi).toBeGreaterThanOrEqual(contention.estimate);
  }
});
