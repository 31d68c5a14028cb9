import { expect, it } from 'vitest';
import { soak } from '../../../dist/scripts/reliability/soak.js';
import { drift, tabulateSoak } from '../../../dist/scripts/reliability/tabulate-soak.js';

it('a soak runs, interrupts and resumes, and counts what was lost or left behind', async () => {
  const counts = await soak({ minutes: 0.15, seed: 5 });
  expect(counts.surprises).toEqual([]);
  expect(counts).toMatchObject({ samplesLost: 0, processesLeft: 0, foldersLeft: 0 });
  expect(counts.runs).toBeGreaterThan(0);
  expect(counts.samples).toBeGreaterThan(0);
  const table = tabulateSoak(counts, { minutes: 0.15, seed: 5 });
  expect(table).toContain('`npm run soak -- --minutes 0.15 --seed 5`');
  expect(table).toMatch(new RegExp(`\\| complete runs\\s+\\|\\s+${counts.runs} \\|`));
});

it('growth is shown by the medians of the first and the last quarter', () => {
  expect(drift([1, 1, 9, 1, 1, 1, 5, 7])).toEqual([1, 6]);
  expect(drift([])).toEqual([0, 0]);
});
