import { describe, expect, it } from 'vitest';
import { dueMs, scheduleOf } from '../../../../dist/src/model/arrivals.js';
import { seededRandom } from '../../../../dist/src/stats/quantile.js';
import { isExpected, lossIn, occupiedMs, offBy } from '../../../../dist/scripts/evidence/load/limits.js';
import { lossShare } from '../../../../scripts/evidence/load/queue-theory.ts';
import { windowOf } from '../../../support/windows.js';

/** Share that a queue rejects of simulated Poisson arrivals with tasks of exponential length. */
function simulatedLoss(rate: number, servers: number, waiting: number): number {
  const random = seededRandom(1);
  const ends: number[] = [];
  let rejected = 0;
  const arrivals = dueMs(scheduleOf({ kind: 'poisson' }, 200_000, 1, 1), rate);
  for (const arrivedMs of arrivals) {
    while ((ends[0] ?? Infinity) <= arrivedMs) ends.shift();
    if (ends.length === servers + waiting) {
      rejected += 1;
      continue;
    }
    // It starts when only `servers - 1` of those before it are left.
    const startMs = Math.max(arrivedMs, ends[ends.length - servers] ?? 0);
    ends.push(startMs - 10 * Math.log((random(2 ** 30) + 0.5) / 2 ** 30));
    ends.sort((a, b) => a - b);
  }
  return rejected / arrivals.length;
}

describe('the loss of a queue', () => {
  it('is Erlang’s if none may wait: a third with one server at half the load, a fifth with two', () => {
    expect(lossShare({ rate: 50, serviceMs: 10, servers: 1, waiting: 0 })).toBeCloseTo(1 / 3, 12);
    // (1/2) / (1 + 1 + 1/2) = 1/5 for one Erlang at two servers.
    expect(lossShare({ rate: 100, serviceMs: 10, servers: 2, waiting: 0 })).toBeCloseTo(1 / 5, 12);
  });

  it('is as likely in every state at full load: one of so many as there are', () => {
    expect(lossShare({ rate: 100, serviceMs: 10, servers: 1, waiting: 4 })).toBeCloseTo(1 / 6, 12);
  });

  it.each([
    [80, 1, 4],
    [240, 2, 1],
  ])('is found alike by simulation: %i a second, %i servers, %i waiting', (rate, servers, waiting) => {
    const expected = lossShare({ rate, serviceMs: 10, servers, waiting });
    expect(Math.abs(simulatedLoss(rate, servers, waiting) / expected - 1)).toBeLessThan(0.03);
  });
});

describe('the evidence of limits', () => {
  const request = { dueMs: 0, acceptedMs: 0, startedMs: 0, finishedMs: 10, receivedMs: 10 };

  it('has the share of rejected tasks over the blocks, beside that of the queue with the measured lengths', () => {
    const windows = [0.1, 0.15, 0.2].map((share, block) =>
      windowOf(block, 0, 40, { rate: 100, offered: 100, rejected: share * 100, requests: [request] }),
    );
    const found = lossIn(windows, { workers: 1, waiting: 4, share: 1 });
    expect(found).toMatchObject({
      tasks: 300,
      rejected: expect.closeTo(0.15, 12),
      expected: expect.closeTo(1 / 6, 12),
    });
    expect(found.hi - found.rejected).toBeCloseTo((4.303 * 0.05) / Math.sqrt(3), 3);
    expect(isExpected(found)).toBe(true);
    expect(isExpected({ ...found, expected: 0.4 })).toBe(false);
  });

  it('takes the time that a task occupies a worker, with the time of its messages', () => {
    const at = (acceptedMs: number, startedMs: number | null, receivedMs: number) => ({
      acceptedMs,
      startedMs,
      receivedMs,
    });
    // The second waits for the first, the third for nobody, the last one was rejected.
    const requests = [at(0, 1, 12), at(5, 13, 20), at(40, 41, 47), at(41, null, 41)];
    expect(occupiedMs(requests, 1)).toEqual([12, 8, 7]);
    expect(occupiedMs(requests, 2)).toEqual([12, 15, 7]);
  });

  it('compares a measured number with its forecast, where both are known', () => {
    expect(offBy({ measured: 110, forecast: 100 })).toBeCloseTo(0.1, 12);
    expect(offBy({ measured: null, forecast: 100 })).toBeNull();
  });
});
