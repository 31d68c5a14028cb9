import { expect, it } from 'vitest';
import { recover } from '../../dist/scripts/evidence/model.js';

it('the scaling model finds the known contention in measured pools', () => {
  // In 4 lanes a task waits 38 ms instead of 15: much more than timers are late. Only the order of magnitude is tested.
  const found = recover(0.5, 15, '1,2,4', [
    '--preset',
    'quick',
    '--rounds',
    '1',
    '--blocks',
    '8',
    '-n',
    '4',
    '--seed',
    '1',
  ]);
  expect(found.map(({ pool }) => pool)).toEqual(['worker-threads', 'child-processes']);
  for (const { found: contention } of found) {
    expect(contention.estimate).toBeGreaterThan(0.1);
    expect(contention.lo).toBeLessThanOrEqual(contention.estimate);
    expect(contention.hi).toBeGreaterThanOrEqual(contention.estimate);
  }
});
