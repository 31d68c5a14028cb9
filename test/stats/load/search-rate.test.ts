import { describe, expect, it } from 'vitest';
import { dueMs, scheduleOf, windowNumber } from '../../../src/model/arrivals.ts';
import { queueLatenciesMs } from '../../../src/stats/load/fcfs.ts';
import { searchPointOf } from '../../../src/stats/load/next-rate.ts';
import { plainQueue } from '../../../src/stats/load/plain-queue.ts';
import { searchRate, type SearchPoint } from '../../../src/stats/load/search-rate.ts';
import { quantile, sorted } from '../../../src/stats/quantile.ts';

const CAPACITY = 100;
const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;

/** Windows without noise, which show the one rate that is held; a queue would show another part of the distance. */
function curve(held: number, part = 1): (rate: number) => SearchPoint {
  return (rate) => ({ rate, byQueue: part * Math.log(rate / held), bySquare: Math.log(rate / held) });
}

function searched(measure: (rate: number, window: number) => SearchPoint, windows = 6, capacity = CAPACITY): number {
  const points: SearchPoint[] = [];
  while (points.length < windows) points.push(measure(searchRate(capacity, points).next, points.length));
  return searchRate(capacity, points).estimate;
}

describe('the search for the rate that holds an objective', () => {
  it('begins in the middle of the shares of the capacity, on a logarithmic scale', () => {
    expect(searchRate(CAPACITY, []).next).toBeCloseTo(100 * Math.sqrt(0.15 * 1.05), 0);
  });

  it.each([20, 35, 60, 85, 100])('finds a rate of %i in six windows without noise', (held) => {
    expect(Math.abs(Math.log(searched(curve(held)) / held))).toBeLessThan(0.05);
  });

  it.each([0.5, 2])('finds a rate if the latency grows otherwise than that of a queue: %f of the distance', (part) => {
    expect(Math.abs(Math.log(searched(curve(60, part)) / 60))).toBeLessThan(0.05);
  });

  it('ends at the highest rate if that is held, and at the lowest if that is not', () => {
    expect(searched(curve(400))).toBeGreaterThan(95);
    expect(searched(curve(2))).toBeLessThan(17);
    expect(searched((rate) => ({ rate, byQueue: Infinity, bySquare: Infinity }))).toBeLessThan(17);
  });

  it('is not misled for good by one window that was disturbed', () => {
    const quiet = curve(60);
    const found = searched((rate, window) => (window === 1 ? { rate, byQueue: 4, bySquare: 4 } : quiet(rate)), 8);
    expect(Math.abs(Math.log(found / 60))).toBeLessThan(0.1);
  });

  it('finds the rate of a simulated queue of two servers within 5%, in at least 19 of 20 searches', () => {
    const rating = { capacity: 200, aloneMs: 10 };
    const shape = { arrivals: { kind: 'poisson' }, probability: 0.99 } as const;
    const later = plainQueue(rating, { ...shape, requests: 400, settling: 100 }, 0);
    const held = later.rateAt(Math.log(OBJECTIVE.ms));
    const found = Array.from({ length: 20 }, (_, search) => {
      const own = plainQueue(rating, { ...shape, requests: 150, settling: 37 }, search * 10_000);
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
        rating.capacity,
      );
    });
    expect(found.filter((rate) => Math.abs(Math.log(rate / held)) < Math.log(1.05)).length).toBeGreaterThanOrEqual(19);
  });
});
