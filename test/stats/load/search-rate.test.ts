import { describe, expect, it } from 'vitest';
import { scheduleOf, dueMs } from '../../../src/model/arrivals.ts';
import { queueLatenciesMs } from '../../../src/stats/load/fcfs.ts';
import type { RatePoint } from '../../../src/stats/load/held-rate.ts';
import { searchRate } from '../../../src/stats/load/search-rate.ts';
import { quantile, sorted } from '../../../src/stats/quantile.ts';

const CAPACITY = 100;
const OBJECTIVE_MS = 50;

/** Latencies that grow with the square of the rate, without noise, and reach the objective at one rate. */
function curve(held: number): (rate: number) => RatePoint {
  return (rate) => ({ rate, logMs: Math.log(OBJECTIVE_MS) + 2 * Math.log(rate / held) });
}

function searched(measure: (rate: number, window: number) => RatePoint, windows = 6): number {
  const points: RatePoint[] = [];
  while (points.length < windows) points.push(measure(searchRate(CAPACITY, points, OBJECTIVE_MS).next, points.length));
  return searchRate(CAPACITY, points, OBJECTIVE_MS).estimate;
}

describe('the search for the rate that holds an objective', () => {
  it('begins in the middle of the shares of the capacity, on a logarithmic scale', () => {
    expect(searchRate(CAPACITY, [], OBJECTIVE_MS).next).toBeCloseTo(100 * Math.sqrt(0.15 * 1.05), 0);
  });

  it.each([20, 35, 60, 85, 100])('finds a rate of %i in six windows without noise', (held) => {
    expect(Math.abs(Math.log(searched(curve(held)) / held))).toBeLessThan(0.05);
  });

  it('ends at the highest rate if that is held, and at the lowest if that is not', () => {
    expect(searched(curve(400))).toBeGreaterThan(95);
    expect(searched(curve(2))).toBeLessThan(17);
  });

  it('is not misled for good by one window that was disturbed', () => {
    const quiet = curve(60);
    const found = searched((rate, window) => (window === 1 ? { rate, logMs: Math.log(5000) } : quiet(rate)), 8);
    expect(Math.abs(Math.log(found / 60))).toBeLessThan(0.1);
  });

  it('finds the rate of a simulated queue of two servers within a fifth, in at least 19 of 20 searches', () => {
    // The median of the p99 of windows of 400 arrivals reaches 50 ms at 167 a second (a simulation of 300 windows).
    const found = Array.from({ length: 20 }, (_, search) => {
      const points: RatePoint[] = [];
      const measure = (rate: number): RatePoint => {
        const seed = search * 100 + points.length;
        const arrivals = dueMs(scheduleOf({ kind: 'poisson' }, 150, 1, seed), rate);
        const latencies = queueLatenciesMs(
          arrivals.map((arrivedMs) => ({ arrivedMs, serviceMs: 10 })),
          2,
        );
        return { rate, logMs: Math.log(quantile(sorted(latencies.slice(37)), 0.99)) };
      };
      while (points.length < 6) points.push(measure(searchRate(200, points, OBJECTIVE_MS).next));
      return searchRate(200, points, OBJECTIVE_MS).estimate;
    });
    expect(found.filter((rate) => Math.abs(Math.log(rate / 167)) < Math.log(1.2)).length).toBeGreaterThanOrEqual(19);
  });
});
