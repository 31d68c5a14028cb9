import { describe, expect, it } from 'vitest';
import { dueMs, mostArrivals, scheduleOf, windowAt } from '../../dist/src/model/arrivals.js';
import { MOST_REQUESTS } from '../../dist/src/model/evidence.js';
import type { LoadPlan } from '../../dist/src/model/plan.js';

const MANY = 20_000;

function gapsOf(at: readonly number[]): readonly number[] {
  return at.slice(1).map((time, index) => time - (at[index] ?? 0));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('a schedule of arrivals', () => {
  it('is the same for the same seed, and another for another', () => {
    const made = (seed: number) => scheduleOf({ kind: 'poisson' }, 50, 8, seed);
    expect(made(7)).toEqual(made(7));
    expect(made(7)).not.toEqual(made(8));
  });

  it('of Poisson arrivals has exponential gaps: mean 1, standard deviation 1, a share of e⁻² above 2', () => {
    const gaps = gapsOf(scheduleOf({ kind: 'poisson' }, MANY, 1, 3).at);
    // Five standard errors of each.
    expect(mean(gaps)).toBeCloseTo(1, 1);
    expect(Math.sqrt(mean(gaps.map((gap) => (gap - 1) ** 2)))).toBeCloseTo(1, 1);
    expect(Math.abs(gaps.filter((gap) => gap > 2).length / gaps.length - Math.exp(-2))).toBeLessThan(0.012);
  });

  it('of constant arrivals has equal gaps', () => {
    expect(scheduleOf({ kind: 'constant' }, 4, 1, 3).at).toEqual([0, 1, 2, 3]);
  });

  it('of bursts lets so many arrive at once, as many on average as without bursts', () => {
    const { at } = scheduleOf({ kind: 'burst', size: 10 }, MANY, 1, 3);
    expect(new Set(at.slice(0, 10)).size).toBe(1);
    expect(new Set(at).size).toBe(MANY / 10);
    expect(Math.abs((at.at(-1) ?? 0) / MANY - 1)).toBeLessThan(0.12);
  });

  it('brings every input about equally often', () => {
    const { inputs } = scheduleOf({ kind: 'poisson' }, MANY, 4, 3);
    for (const input of [0, 1, 2, 3])
      expect(Math.abs(inputs.filter((one) => one === input).length / MANY - 0.25)).toBeLessThan(0.02);
  });

  it('has the same shape at every rate', () => {
    const schedule = scheduleOf({ kind: 'poisson' }, 3, 1, 3);
    const [slow, fast] = [dueMs(schedule, 10), dueMs(schedule, 40)];
    expect(slow).toEqual(fast.map((ms) => expect.closeTo(ms * 4, 9)));
    expect(dueMs({ at: [0, 1, 2.5] }, 10)).toEqual([0, 100, 250]);
  });

  it('begins like a shorter one, so that windows of several sizes share arrivals and inputs', () => {
    for (const arrivals of [{ kind: 'poisson' }, { kind: 'constant' }, { kind: 'burst', size: 10 }] as const) {
      const [short, long] = [scheduleOf(arrivals, 50, 8, 7), scheduleOf(arrivals, 90, 8, 7)];
      expect(long.at.slice(0, 50)).toEqual(short.at);
      expect(long.inputs.slice(0, 50)).toEqual(short.inputs);
    }
  });

  it('has inputs that say nothing of its gaps', () => {
    const { at, inputs } = scheduleOf({ kind: 'poisson' }, MANY, 2, 3);
    const after = gapsOf(at).filter((_, index) => inputs[index] === 1);
    expect(Math.abs(mean(after) - 1)).toBeLessThan(0.05);
  });
});

describe('a window at a rate', () => {
  const SIZE = { requests: 100, settling: 25 } as const;

  it('has as many arrivals as asked for, whatever the rate, without a least time', () => {
    for (const rate of [1, 1e6, Infinity]) expect(windowAt(SIZE, rate)).toEqual(SIZE);
  });

  it('has more where so many take less than the least time, and as large a share of them settles', () => {
    const size = { ...SIZE, leastWindowMs: 500 };
    expect(windowAt(size, 200)).toEqual(SIZE);
    for (const rate of [201, 300, 1000, 20_000]) {
      const { requests, settling } = windowAt(size, rate);
      expect(requests / rate).toBeGreaterThanOrEqual(0.5);
      expect(requests / rate).toBeLessThan(0.56);
      expect(settling / requests).toBeCloseTo(1 / 4, 1);
    }
  });

  it('has no more than a window may have, and no fewer than were asked for', () => {
    expect(windowAt({ ...SIZE, leastWindowMs: 60_000 }, 10_000).requests).toBe(MOST_REQUESTS);
    expect(windowAt({ ...SIZE, leastWindowMs: 60_000 }, Infinity).requests).toBe(MOST_REQUESTS);
    expect(windowAt({ requests: MOST_REQUESTS, settling: 1, leastWindowMs: 60_000 }, 1000).requests).toBe(
      MOST_REQUESTS,
    );
  });

  it('has the most arrivals at the highest rate', () => {
    const load = { ...SIZE, leastWindowMs: 500, rates: [10, 1000, 200] } as unknown as LoadPlan;
    expect(mostArrivals(load)).toBe(windowAt(load, 1000).requests);
    const { rates: _rates, ...searching } = load;
    expect(mostArrivals(searching)).toBe(100);
  });
});
