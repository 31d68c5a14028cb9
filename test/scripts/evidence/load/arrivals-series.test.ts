import { expect, it } from 'vitest';
import { forecastErrorsMs, foundIn, partsIn, typicalOf } from '../../../../scripts/evidence/load/arrivals-series.ts';
import { windowOf } from '../../../support/windows.js';

/** One worker, tasks of 10 ms: the second waits for the first, and is received `lateMs` after its end. */
const requests = (lateMs: number) => [
  { dueMs: 0, acceptedMs: 0, startedMs: 0, finishedMs: 10, receivedMs: 10 },
  { dueMs: 4, acceptedMs: 4, startedMs: 10, finishedMs: 20, receivedMs: 20 + lateMs },
];

const AT_ONCE = { toFreeMs: 0, toNextMs: 0, returnMs: 0 };

it('a latency is off by what the queue does not explain', () => {
  expect(forecastErrorsMs({ requests: requests(0), offered: 2 }, 1, AT_ONCE)).toEqual([0, 0]);
  expect(forecastErrorsMs({ requests: requests(3), offered: 2 }, 1, AT_ONCE)).toEqual([0, 3]);
  // With two workers the second would not have waited.
  expect(forecastErrorsMs({ requests: requests(0), offered: 2 }, 2, AT_ONCE)).toEqual([0, 6]);
});

it('a task that threw is no part of the forecast', () => {
  const thrown = { dueMs: 5, acceptedMs: 5, startedMs: null, finishedMs: null, receivedMs: 6 };
  expect(forecastErrorsMs({ requests: [...requests(0), thrown], offered: 3 }, 1, AT_ONCE)).toEqual([0, 0]);
});

it('the forecast knows how long a free worker, the next task, and a result typically take', () => {
  // The first finds a free worker; the next ones wait, and the worker is occupied with them before they start.
  const served = [
    { dueMs: 0, acceptedMs: 0, startedMs: 1, finishedMs: 11, receivedMs: 12 },
    { dueMs: 4, acceptedMs: 4, startedMs: 13, finishedMs: 23, receivedMs: 24 },
    { dueMs: 6, acceptedMs: 6, startedMs: 27, finishedMs: 37, receivedMs: 38 },
  ];
  const window = { requests: served, offered: 3 };
  const typical = typicalOf(partsIn(window, 1));
  expect(typical).toEqual({ toFreeMs: 1, toNextMs: 3, returnMs: 1 });
  // The second was dispatched a millisecond sooner than the mean, and the third a millisecond later.
  expect(forecastErrorsMs(window, 1, typical)).toEqual([0, 1, 0]);
});

it('a task is late, then dispatched, and its result returns: what of these is long shows in its part', () => {
  const slow = [
    { dueMs: 0, acceptedMs: 2, startedMs: 3, finishedMs: 13, receivedMs: 14 },
    { dueMs: 4, acceptedMs: 4, startedMs: 18, finishedMs: 28, receivedMs: 28 },
  ];
  const window = { requests: slow, offered: 2 };
  expect(partsIn(window, 1)).toEqual([
    { lateMs: 2, dispatchMs: 3, returnMs: 1, isWaiting: false },
    { lateMs: 0, dispatchMs: 5, returnMs: 0, isWaiting: true },
  ]);
  const windows = [0, 1].map((block) => windowOf(block, 0, 40, window));
  expect(foundIn(windows, 1, 0.5)).toMatchObject({
    p99Parts: { lateMs: expect.closeTo(2, 9) as number, dispatchMs: expect.closeTo(5, 9) as number },
  });
});

it('the mean latency of a rate has an interval over its blocks, without the arrivals that do not count', () => {
  const windows = [0, 1, 2, 3].map((block) => windowOf(block, 0, 40, { requests: requests(block), offered: 1 }));
  const { tasks, meanMs, loMs, hiMs, driftMs } = foundIn(windows, 1, 0.5);
  expect(tasks).toBe(8);
  // Latencies of 16, 17, 18 and 19 ms.
  expect(meanMs).toBeCloseTo(17.5, 9);
  expect(hiMs - meanMs).toBeCloseTo(3.182 * (Math.sqrt(5 / 3) / 2), 2);
  expect(meanMs - loMs).toBeCloseTo(hiMs - meanMs, 9);
  expect(driftMs).toBeCloseTo(1.5, 9);
});
