import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchLoopDelay } from '../../dist/src/host/loop-delay.js';
import { LOOP_TIMER_MS } from '../../dist/src/stats/sample.js';

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('counts what blocks the loop from the first moment to the last, although no timer could fire', () => {
  const { stop } = watchLoopDelay();
  block(30);
  const delays = stop();
  expect(delays).toHaveLength(1);
  expect(delays[0]).toBeGreaterThanOrEqual(30 - LOOP_TIMER_MS - 1);
});

it('counts nothing that happens after it was stopped', async () => {
  const { stop } = watchLoopDelay();
  await sleep(5 * LOOP_TIMER_MS);
  const delays = stop();
  const counted = [...delays];
  block(20);
  await sleep(5 * LOOP_TIMER_MS);
  expect(delays).toEqual(counted);
  expect(counted.length).toBeGreaterThan(1);
});

it('does not take a timer that is not due for a late one', () => {
  const begun = performance.now();
  const [delay = NaN] = watchLoopDelay().stop();
  expect(delay).toBeLessThanOrEqual(Math.max(0, performance.now() - begun - LOOP_TIMER_MS));
});
