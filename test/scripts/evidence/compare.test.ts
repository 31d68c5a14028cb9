import { expect, it } from 'vitest';
import { isGoalMet, pairsIn, tabulatePairs, type RunRecord } from '../../../dist/scripts/evidence/compare-pairs.js';
import { compareJobs } from '../../../dist/scripts/evidence/compare.js';
import { cellOf, resultsOf } from '../../support/results.js';

const CONDITIONS = ['quiet', 'light', 'quiet', 'bursts', 'quiet', 'steady'] as const;

/** Runs in turn quiet and beside a neighbour; every batch of a run takes about that long. */
function runsOf(wallsMs: readonly number[]): RunRecord[] {
  return wallsMs.map((wallMs, index) => {
    const times = Array.from({ length: 8 }, (_, block) => wallMs * (1 + ((block * 5 + index) % 8) * 0.0025));
    return {
      key: String(index),
      condition: CONDITIONS[index % CONDITIONS.length] ?? 'quiet',
      results: {
        ...resultsOf({ cells: [cellOf({ id: 'cpu/event-loop', wallsMs: times })] }),
        startedAt: `2026-01-01T00:${String(index).padStart(2, '0')}:00.000Z`,
      },
    };
  });
}

it('each run is compared with three quiet ones, and a quiet one with three beside the neighbour before it', () => {
  const pairs = pairsIn(runsOf(Array.from({ length: 18 }, () => 100)));
  const countOf = (earlier: string, later: string): number =>
    pairs.filter((pair) => pair.earlier === earlier && pair.later === later).length;
  expect(countOf('quiet', 'quiet')).toBe(6);
  // Runs 6, 8, 10 and so on have three quiet ones before them.
  expect(['light', 'bursts', 'steady'].map((later) => countOf('quiet', later))).toEqual([2, 2, 3]);
  // The third run beside `light` is the fourteenth; a quiet one follows, and another one after the third `bursts`.
  expect(['light', 'bursts', 'steady'].map((earlier) => countOf(earlier, 'quiet'))).toEqual([1, 1, 0]);
  expect(pairs.some(({ isDifferent }) => isDifferent)).toBe(false);
  expect(isGoalMet(pairs)).toBe(true);
});

it('a run that is slower than three of its kind counts as called different', () => {
  const pairs = pairsIn(runsOf([100, 100, 100.4, 100, 100.2, 100, 130]));
  const last = pairs.at(-1);
  expect(last).toMatchObject({ earlier: 'quiet', later: 'quiet', isDifferent: true });
  expect(isGoalMet(pairs)).toBe(false);
  expect(tabulatePairs(runsOf([100]), pairs)).toContain('| quiet, then quiet ');
});

it('a hundred pairs need fewer than a hundred runs', () => {
  const jobs = compareJobs(100);
  const pairs = pairsIn(
    runsOf(jobs.map(() => 100)).map((run, index) => ({ ...run, condition: jobs[index]?.condition ?? 'quiet' })),
  );
  expect(jobs.length).toBeLessThan(100);
  expect(pairs.length).toBeGreaterThanOrEqual(100);
});
