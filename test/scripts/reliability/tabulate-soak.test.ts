import { expect, it } from 'vitest';
import { drift } from '../../../dist/scripts/reliability/tabulate-soak.js';

it('growth is shown by the medians of the first and the last quarter', () => {
  expect(drift([1, 1, 9, 1, 1, 1, 5, 7])).toEqual([1, 6]);
  expect(drift([])).toEqual([0, 0]);
});
