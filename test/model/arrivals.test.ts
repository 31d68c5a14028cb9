import { describe, expect, it } from 'vitest';
import { dueMs, scheduleOf } from '../../src/model/arrivals.ts';

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
});
