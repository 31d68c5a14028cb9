import { expect, it } from 'vitest';
import { expectedMs, tabulate } from '../../../../scripts/evidence/load/omission.ts';

it('of arrivals at any moment, 200 in 1700 wait, and one in a hundred for 183 ms or more', () => {
  expect(expectedMs(1)).toBe(200);
  expect(expectedMs(0.99)).toBeCloseTo(183, 9);
  // Half of the 200: 1 - 100 / 1700.
  expect(expectedMs(1 - 100 / 1700)).toBeCloseTo(100, 9);
  expect(expectedMs(1 - 200 / 1700)).toBeCloseTo(0, 9);
  expect(expectedMs(0.5)).toBe(0);
});

it('the table has a row for each load test, and no counts where nothing was sent', () => {
  const rows = tabulate([
    { name: 'measured', requests: 3401, latencies: 10_049, quantiles: [2.6, 115, 130.2, 140] },
    { name: 'expected', quantiles: [0, 157.5, 183, 200] },
  ]).split('\n');
  expect(rows.slice(2).map((row) => row.split('|').map((cell) => cell.trim()))).toEqual([
    ['', 'measured', '3401', '10049', '3', '115', '130', '140', ''],
    ['', 'expected', '', '', '0', '158', '183', '200', ''],
  ]);
});
