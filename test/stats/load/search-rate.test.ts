import { describe, expect, it } from 'vitest';
import { queueLatenciesMs } from '../../../scripts/evidence/load/fcfs.ts';
import { dueMs, scheduleOf, windowNumber } from '../../../dist/src/model/arrivals.js';
import { plainQueue, type PlainQueue } from '../../../dist/src/stats/load/plain-queue.js';
import { searchPointOf } from '../../../dist/src/stats/load/search-point.js';
import { searchRate, type SearchPoint } from '../../../dist/src/stats/load/search-rate.js';
import { quantile, sorted } from '../../../dist/src/stats/quantile.js';

const CAPACITY = 100;
const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;

/** Windows without noise, which show the one rate that is held; a queue would show another part of the distance. */
function curve(held: number, part = 1): (rate: number) => SearchPoint {
  return (rate) => ({ rate, byQueue: part * Math.log(rate / held), bySpeed: Math.log(rate / held) });
}

function searched(measure: (rate: number, window: number) => SearchPoint, windows = 6, capacity = CAPACITY): number {
  const points: SearchPoint[] = [];
  while (points.length < windows) points.push(measure(searchRate(capacity, points).next, points.length));
  return searchRate(capacity, points).estimate;
}

describe('the search for the rate that holds an objective', () => {
  it('begins in the middle of the shares of the capacity, on a logarithmic scale', () => {
    expect(searchRate(CAPACITY, []).next).toBeCloseTo(100 * Math.sqrt(0.15 * 1.6), 0);
  });

  it.each([20, 35, 60, 85, 100, 120, 150])('finds a rate of %i in six windows without noise', (held) => {
    expect(Math.abs(Math.log(searched(curve(held)) / held))).toBeLessThan(0.05);
  });

  it.each([0.5, 2])('finds a rate if the latency grows otherwise than that of a queue: %f of the distance', (part) => {
    expect(Math.abs(Math.log(searched(curve(60, part)) / 60))).toBeLessThan(0.05);
  });

  it('ends at the highest rate if that is held, and at the lowest if that is not', () => {
    expect(searched(curve(400))).toBeGreaterThan(145);
    expect(searched(curve(2))).toBeLessThan(17);
    expect(searched((rate) => ({ rate, byQueue: Infinity, bySpeed: Infinity }))).toBeLessThan(17);
  });

  it('is not misled for good by one window that was disturbed', () => {
    const quiet = curve(60);
    const found = searched((rate, window) => (window === 1 ? { rate, byQueue: 4, bySpeed: 4 } : quiet(rate)), 8);
    expect(Math.abs(Math.log(found / 60))).toBeLessThan(0.1);
  });

  it.each([
    // Wrongly rated it is unlike its plain queue, and still within the rates of the blocks: up to 1.6 of what was found.
    ['rightly', 1, 1.05],
    ['a third too slow', 2 / 3, 1.4],
  ])(
    'finds the rate of a simulated queue of two servers, rated %s, in at least 19 of 20 searches',
    (_how, rated, off) => {
      const shape = { arrivals: { kind: 'poisson' }, probability: 0.99 } as const;
      const queueOf = (speed: number, requests: number, settling: number, seed: number): PlainQueue =>
        plainQueue({ capacity: 200 * speed, aloneMs: 10 / speed }, { ...shape, requests, settling }, seed);
      const held = queueOf(1, 400, 100, 0).rateAt(Math.log(OBJECTIVE.ms));
      const later = queueOf(rated, 400, 100, 0);
      const found = Array.from({ length: 20 }, (_, search) => {
        const own = queueOf(rated, 150, 37, search * 10_000);
        return searched(
          (rate, round) => {
            const place = { phase: 'search', block: 0, round } as const;
            const schedule = scheduleOf({ kind: 'poisson' }, 150, 1, search * 10_000 + windowNumber(place));
            const arrivals = dueMs(schedule, rate).map((arrivedMs, index) => ({
              arrivedMs,
              serviceMs: index % 2 === 0 ? 9 : 11,
            }));
            const judgedMs = quantile(sorted(queueLatenciesMs(arrivals, 2).slice(37)), 0.99);
            const point = searchPointOf({ ...place, rate, state: 'ok', judgedMs }, OBJECTIVE, own, later);
            if (point === undefined) throw new Error('the window was refused');
            return point;
          },
          6,
          200 * rated,
        );
      });
      const close = found.filter((rate) => Math.abs(Math.log(rate / held)) < Math.log(off));
      expect(close.length).toBeGreaterThanOrEqual(19);
    },
  );
});
