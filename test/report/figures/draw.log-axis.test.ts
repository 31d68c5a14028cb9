import { describe, expect, it } from 'vitest';
import { apart, logTicks, plainNumber } from '../../../dist/src/report/figures/draw.js';

describe('logTicks', () => {
  it.each([
    [
      [0.3, 7],
      [0.5, 1, 2, 5],
    ],
    [
      [0.01, 1000],
      [0.01, 0.1, 1, 10, 100, 1000],
    ],
    [[1, 1], [1]],
    [
      [6.5, 16],
      [8, 10, 15],
    ],
    [
      [55, 195],
      [60, 80, 100, 150],
    ],
    [[40 / 1.08, 40 * 1.08], [40]],
    [
      [25, 120],
      [30, 50, 70, 100],
    ],
  ] as const)('between %j are %j', (domain, ticks) => {
    expect(logTicks(domain)).toEqual(ticks);
  });

  it('are written without an exponent', () => {
    expect([1e-7, 0.05, 2000, 1e9].map(plainNumber)).toEqual(['0.0000001', '0.05', '2000', '1000000000']);
  });
});

it('the numbers of a narrow axis have a digit between them, and a wide one has all', () => {
  const domain = [180, 2200] as const;
  expect(apart([200, 500, 1000, 2000], domain, 100)).toEqual([200, 500, 2000]);
  expect(apart([200, 500, 1000, 2000], domain, 400)).toEqual([200, 500, 1000, 2000]);
});
