import { describe, expect, it } from 'vitest';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { recommend } from '../../dist/src/stats/recommend.js';
import { cellOf, sampleOf } from '../support/results.js';
import { randomOf, simulate, type Machine } from '../support/simulate.js';

const MACHINE: Machine = { drift: 0.1, host: 0.02, batch: 0.05, hiccupEvery: 100 };
const RUNS = 150;

/** Configurations with those true speedups, as a run of `quick` measures them. */
function measured(speedups: readonly number[], random: () => number): MeasuredCell[] {
  return simulate({ blocks: 8, rounds: 3, speedups }, MACHINE, random).map((walls, index) => ({
    ...cellOf({ id: String(index), wallsMs: walls.map(({ wallMs }) => wallMs), poolSize: 1 + (index % 2) }),
    ...(index > 0 && { strategy: 'worker-threads' }),
    samples: walls.map(sampleOf),
  }));
}

describe('the choice among configurations of which the truth is known', () => {
  it.each([
    { name: 'steps', speedups: [1, 1.02, 1.05, 1.08, 1.11, 1.14, 1.17] },
    { name: 'one loop and six like each other', speedups: [1, 1.2, 1.21, 1.22, 1.23, 1.24, 1.25] },
  ])('keeps within its printed limit of the best: $name', ({ speedups }) => {
    const random = randomOf(5);
    const best = Math.max(...speedups);
    let [beyond, untied] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const found = recommend(measured(speedups, random), { baseline: '0', minEffectLog: Math.log(1.05), alpha: 0.05 });
      const chosen = speedups[Number(found?.choose)] ?? 0;
      if (best / chosen - 1 > (found?.withinBest ?? 0)) beyond += 1;
      if (found?.tied.includes(String(speedups.indexOf(best))) !== true) untied += 1;
    }
    // At a true 5%, more than 16 are very unlikely: scipy.stats.binom.ppf(.999, 150, .05) is 16.
    expect([beyond <= 16, untied <= 16]).toEqual([true, true]);
  });
});
