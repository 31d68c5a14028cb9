import { expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { methodDetails } from '../../dist/src/report/method.js';
import { cellOf, resultsOf } from '../support/results.js';

const textOf = (given: Partial<Results>): string => JSON.stringify(methodDetails(resultsOf(given)));
const cells = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...cellOf({ id: `work/worker-threads@${index + 1}`, wallsMs: [100] }),
    startsMs: [100],
  }));

it('the method calls outputs equal only if they were verified', () => {
  const { options } = resultsOf();
  const equal = 'All configurations gave the same results for the same inputs.';
  expect(textOf({ cells: cells(2) })).toContain(equal);
  expect(textOf({ cells: cells(2), options: { ...options, verify: 'off' } })).not.toContain(equal);
});

it('the method has the rules of the race that were applied: with many configurations, 1.5× costs too much', () => {
  expect(textOf({ cells: cells(18) })).toContain('in 2 fresh starts, or 1.5× in 3, were dropped');
  expect(textOf({ cells: cells(19) })).toContain('in 2 fresh starts were dropped');
  const other = cells(4).map((cell) => ({ ...cell, workload: 'other' }));
  expect(textOf({ cells: [...cells(19), ...other] })).toContain(
    'or 1.5× in 3 where there were few enough, were dropped',
  );
  const versions = [...cells(19), ...cells(19).map((cell) => ({ ...cell, version: 'new' as const }))];
  expect(textOf({ cells: versions.slice(2, 36) })).toContain('or 1.5× in 3, were dropped');
  expect(textOf({ cells: cells(2).map(({ startsMs: _startsMs, ...cell }) => cell) })).not.toContain('were dropped');
});
