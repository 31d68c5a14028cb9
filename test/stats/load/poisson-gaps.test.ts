import { describe, expect, it } from 'vitest';
import { dueMs, scheduleOf } from '../../../dist/src/model/arrivals.js';
import { andersonDarling, andersonDarlingTail, areExponential } from '../../../dist/src/stats/load/poisson-gaps.js';

function gapsOf(times: readonly number[]): readonly number[] {
  return times.slice(1).map((ms, index) => ms - (times[index] ?? ms));
}

const poisson = (rate: number, seed: number, requests = 300): readonly number[] =>
  dueMs(scheduleOf({ kind: 'poisson' }, requests, 1, seed), rate);
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

describe('the statistic of Anderson and Darling', () => {
  // Percentage points of the limit: Stephens, EDF statistics for goodness of fit, 1974, table 1, case 0.
  it.each([
    [1.933, 0.1],
    [2.492, 0.05],
    [3.07, 0.025],
    [3.857, 0.01],
  ])('is above %d with a probability of %d', (a2, tail) => {
    expect(andersonDarlingTail(a2)).toBeCloseTo(tail, 3);
  });

  it('falls from 1 to 0', () => {
    const tails = [0, 0.2, 0.5, 1, 1.9, 2, 2.1, 3, 5, 8].map(andersonDarlingTail);
    expect(tails).toEqual(tails.toSorted((a, b) => b - a));
    expect(tails[0]).toBe(1);
    expect(andersonDarlingTail(100)).toBeLessThan(0.0002);
  });

  it('is that of its formula', () => {
    // -1 - (ln 0.5 + ln 0.5) for one number in the middle.
    expect(andersonDarling([0.5])).toBeCloseTo(2 * Math.log(2) - 1, 12);
    // -2 - (ln 0.25 + ln 0.25 + 3 (ln 0.75 + ln 0.75)) / 2
    expect(andersonDarling([0.75, 0.25])).toBeCloseTo(-2 - Math.log(0.25) - 3 * Math.log(0.75), 12);
  });
});

describe('gaps between requests', () => {
  it.each([20, 100, 400])('of Poisson arrivals at %d a second are taken for such', (rate) => {
    const rejected = SEEDS.filter((seed) => !areExponential(gapsOf(poisson(rate, seed)), 1000 / rate));
    expect(rejected.length).toBeLessThanOrEqual(2);
  });

  it('may be off by what a timer is late', () => {
    const late = (ms: number, index: number): number => ms + ((index * 7919) % 100) / 95;
    const rejected = SEEDS.filter((seed) => !areExponential(gapsOf(poisson(200, seed).map(late)), 5));
    expect(rejected.length).toBeLessThanOrEqual(2);
  });

  it('are rejected if they are all the same, or the rate is another', () => {
    expect(
      areExponential(
        Array.from({ length: 100 }, () => 10),
        10,
      ),
    ).toBe(false);
    expect(areExponential(gapsOf(poisson(50, 1)), 1000 / 100)).toBe(false);
  });

  it('are rejected if the driver stood still and then sent what was due at once', () => {
    const stopped = poisson(100, 1).map((ms) => Math.ceil(ms / 100) * 100);
    expect(areExponential(gapsOf(stopped), 10)).toBe(false);
  });

  it('are not judged if they are few, or no longer than timers can tell', () => {
    expect(areExponential([10, 10, 10], 10)).toBe(true);
    expect(
      areExponential(
        Array.from({ length: 100 }, () => 1),
        1,
      ),
    ).toBe(true);
  });
});
