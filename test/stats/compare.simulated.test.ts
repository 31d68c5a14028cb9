/** The procedures against data whose truth is known, with fixed seeds: how often are they wrong, how often do they find it? */
import { describe, expect, it } from 'vitest';
import { contrast, contrastRuns, totalSpeedup, verdictOf, type WallTime } from '../../dist/src/stats/compare.js';
import { NOISY, randomOf, simulate, type Simulation } from '../support/simulate.js';

const MARGIN = Math.log(1.05);
const RUNS = 2000;
const STANDARD = { blocks: 12, rounds: 4 };

/** 0.999 quantile of how often an event of that probability happens in so many runs: scipy.stats.binom.ppf(.999, 2000, p). */
const MOST_OF_2000: Readonly<Record<string, number>> = { '0.05': 131, '0.0425': 114 };

function countRuns(seed: number, simulation: Simulation, isCounted: (cells: WallTime[][]) => boolean): number {
  const random = randomOf(seed);
  let count = 0;
  for (let run = 0; run < RUNS; run++) if (isCounted(simulate(simulation, NOISY, random))) count += 1;
  return count;
}

const verdictBetween = ([a = [], b = []]: WallTime[][], alpha: number): string => {
  const found = contrast(a, b, alpha);
  return found === undefined ? 'none' : verdictOf(found.interval, MARGIN);
};
const isDifferent = (verdict: string): boolean => verdict === 'faster' || verdict === 'slower';

describe('identical cells', () => {
  it('are called different no more often than the level says', () => {
    // The exact test at 12 blocks has the level 2 P(W <= 13) = 0.0425 (scipy.stats.wilcoxon).
    const wrong = countRuns(1, { ...STANDARD, speedups: [1, 1] }, ([a = [], b = []]) => {
      const { lo, hi } = contrast(a, b, 0.05)?.interval ?? { lo: -1, hi: 1 };
      return lo > 0 || hi < 0;
    });
    expect(wrong).toBeLessThanOrEqual(MOST_OF_2000['0.0425'] ?? 0);
    // And the test is no empty one: it does reject about as often as it may.
    expect(wrong).toBeGreaterThan(40);
  });

  it('are called different no more often if they are looked at three times, with the level divided', () => {
    const looks = [12, 24, 48];
    const wrong = countRuns(2, { blocks: 48, rounds: 1, speedups: [1, 1] }, (cells) => {
      for (const look of looks) {
        const verdict = verdictBetween(
          cells.map((walls) => walls.filter(({ block }) => block < look)),
          0.05 / looks.length,
        );
        if (verdict !== 'inconclusive') return isDifferent(verdict);
      }
      return false;
    });
    expect(wrong).toBeLessThanOrEqual(MOST_OF_2000['0.05'] ?? 0);
  });

  it('would be called different far more often if rounds were counted as evidence', () => {
    // What METHOD forbids: the same data, each round for a block of its own.
    const wrong = countRuns(3, { ...STANDARD, speedups: [1, 1] }, (cells) =>
      isDifferent(
        verdictBetween(
          cells.map((walls) => walls.map((wall) => ({ ...wall, block: wall.block * 4 + wall.round, round: 0 }))),
          0.05,
        ),
      ),
    );
    expect(wrong / RUNS).toBeGreaterThan(0.08);
  });
});

describe('a slower cell', () => {
  // With blocks whose numbers spread by sqrt(2 * (0.03^2 + 0.05^2 * 0.3)) = 5.8%, 12 of them see 10% nearly always.
  it('is found slower', () => {
    const found = countRuns(
      4,
      { ...STANDARD, speedups: [1, 1 / 1.1] },
      (cells) => verdictBetween(cells, 0.05) === 'slower',
    );
    expect(found / RUNS).toBeGreaterThan(0.95);
  });

  it('is never found faster', () => {
    const wrong = countRuns(
      5,
      { ...STANDARD, speedups: [1, 1 / 1.1] },
      (cells) => verdictBetween(cells, 0.05) === 'faster',
    );
    expect(wrong).toBe(0);
  });
});

describe('two runs of the same cell', () => {
  /** A cell in a run, beside a canary that does fixed work on the same machine. */
  const isCalledDifferent = (
    [oldRun, newRun]: WallTime[][],
    [lastDay, today]: [number, number],
    drift: number,
  ): boolean => {
    const slowed = (walls: readonly WallTime[] = [], by: number): WallTime[] =>
      walls.map((wall) => ({ ...wall, wallMs: wall.wallMs * by }));
    const found = contrastRuns(slowed(oldRun, lastDay), slowed(newRun, today), 0.05, drift);
    return found !== undefined && isDifferent(verdictOf(found.interval, MARGIN));
  };

  it('are called different no more often than the level says on a machine that is the same', () => {
    const wrong = countRuns(6, { ...STANDARD, speedups: [1, 1] }, ([a = []]) => {
      const half = a.map((wall) => ({ ...wall, block: wall.block }));
      return isCalledDifferent(
        [half.filter(({ block }) => block < 6), half.filter(({ block }) => block >= 6)],
        [1, 1],
        0,
      );
    });
    expect(wrong).toBeLessThanOrEqual(MOST_OF_2000['0.05'] ?? 0);
  });

  it('are not called different because the machine was slower that day, if the canary tells', () => {
    const simulation = { ...STANDARD, speedups: [1, 1] };
    const random = randomOf(7);
    const quiet = { ...NOISY, drift: 0.01 };
    let [withCanary, without] = [0, 0];
    for (let run = 0; run < 200; run++) {
      const cells = simulate(simulation, quiet, random);
      if (isCalledDifferent(cells, [1, 1.15], Math.log(1.15))) withCanary += 1;
      if (isCalledDifferent(cells, [1, 1.15], 0)) without += 1;
    }
    expect(withCanary).toBeLessThanOrEqual(10);
    expect(without).toBeGreaterThan(150);
  });
});

it('totalSpeedup finds that one batch in twenty takes twice as long, which a typical batch does not show', () => {
  const random = randomOf(11);
  const runs = 300;
  let [held, typical] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const [a = [], b = []] = simulate({ ...STANDARD, speedups: [1, 1] }, NOISY, random);
    const slowed = b.map((wall) => (random() < 0.05 ? { ...wall, wallMs: 2 * wall.wallMs } : wall));
    const { lo = 0, hi = 0 } = totalSpeedup(a, slowed) ?? {};
    if (lo <= 1 / 1.05 && 1 / 1.05 <= hi) held += 1;
    typical += (contrast(a, slowed, 0.05)?.estimate ?? 0) / runs;
  }
  // 93% of a true 93% at least: scipy.stats.binom.ppf(.001, 300, .93) is 264.
  expect(held).toBeGreaterThanOrEqual(264);
  expect(Math.exp(typical)).toBeGreaterThan(0.98);
});
