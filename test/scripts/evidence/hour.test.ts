import { describe, expect, it } from 'vitest';
import {
  goalsOf,
  tabulateGoals,
  type Goal,
  type LongRecord,
  type TwinsRecord,
} from '../../../dist/scripts/evidence/hour-goals.js';
import { distanceFromExact, lagOne, pValue } from '../../../dist/scripts/evidence/assumptions.js';
import { figuresOf } from '../../../dist/scripts/evidence/hour-figures.js';
import { HOUR, jobsOf } from '../../../dist/scripts/evidence/hour.js';
import { cellOf } from '../../support/results.js';
import { roundsOf } from '../../support/many-rounds.js';

const BLOCKS = 16;

/** Times that differ from block to block by up to 2%, in another order for each cell. */
function timesAround(wallMs: number, shift: number): number[] {
  return Array.from({ length: BLOCKS }, (_, block) => wallMs * (1 + (((block + shift) * 5) % 8) * 0.0025));
}

function twinsOf(wallsMs: readonly number[], given: Partial<TwinsRecord> = {}): TwinsRecord {
  return {
    kind: 'twins',
    key: 'one',
    preset: 'quick',
    way: 'quiet',
    twins: 'identical',
    workload: 'cpu',
    strategy: 'event-loop',
    repetition: 0,
    startedAt: '',
    durationMs: 1,
    tasks: 8,
    hit: 0,
    repeated: 0,
    canariesMs: [],
    walls: wallsMs.map((wallMs, shift) =>
      timesAround(wallMs, shift).map((ms, block) => ({ block, round: 0, wallMs: ms })),
    ),
    ...given,
  };
}

/** Runs of one work, in which the pool has that speedup. */
function runsOf(speedups: readonly number[]): LongRecord[] {
  return speedups.map((speedup, index) => ({
    kind: 'long',
    key: `run cpu ${index}`,
    work: 'cpu',
    tasks: 4,
    cells: [
      cellOf({ id: 'cpu/event-loop', wallsMs: timesAround(100, index) }),
      cellOf({ id: 'cpu/worker-threads@2', wallsMs: timesAround(100 / speedup, index + 1) }),
    ],
  }));
}

function goalNamed(goals: readonly Goal[], name: string): Goal {
  const goal = goals.find((one) => one.name.includes(name));
  if (goal === undefined) throw new Error(`there is no goal "${name}"`);
  return goal;
}

describe('the goals of an hour', () => {
  it('are missed where nothing was measured', () => {
    const goals = goalsOf([]);
    expect(goals.every(({ isMet }) => !isMet)).toBe(true);
    expect(tabulateGoals(goals)).toContain('not measured');
  });

  it('count pairs of identical twins that are called different, by preset', () => {
    const goals = goalsOf([twinsOf([100, 110, 100, 100, 100, 100])]);
    const { rate, isMet } = goalNamed(goals, 'identical, quick, quiet: called different');
    expect([rate?.count, rate?.of, isMet]).toEqual([1, 3, false]);
    expect(goalNamed(goals, 'identical, standard, quiet').of).toBe(0);
  });

  it('are met by many equal pairs, and need a low upper limit', () => {
    const equal = twinsOf([100, 100, 100, 100, 100, 100]);
    const isMetBy = (records: number): boolean =>
      goalNamed(goalsOf(Array.from({ length: records }, () => equal)), 'identical, quick, quiet: called').isMet;
    expect([isMetBy(2), isMetBy(20)]).toEqual([false, true]);
  });

  it('count twins with 5% more work that are found slower', () => {
    const slowed = twinsOf([100, 100, 100, 100, 105, 110], { preset: 'standard', twins: 'slowed' });
    expect(goalNamed(goalsOf([slowed]), 'found slower')).toMatchObject({ rate: { count: 1, of: 1 }, isMet: true });
  });

  it('let 2% more work read slightly slower, and not slower', () => {
    const plain = (slowed: number): Goal => {
      const walls = [100, 100, 100, 100, slowed, slowed];
      return goalNamed(goalsOf([twinsOf(walls, { preset: 'standard', twins: 'slight' })]), '2% more work');
    };
    expect(plain(103)).toMatchObject({ rate: { count: 0, of: 2 }, isMet: true });
    expect(plain(108)).toMatchObject({ rate: { count: 2, of: 2 }, isMet: false });
  });

  it('count first batches that are off by the factors of the race', () => {
    const walls = [100, 100, 100, 100, 100, 100].map((wallMs, twin) =>
      timesAround(wallMs, twin).map((ms, block) => ({ block, round: 0, wallMs: twin === 0 && block === 3 ? 200 : ms })),
    );
    const goals = goalsOf([twinsOf([], { walls })]);
    expect(goalNamed(goals, 'off by 1.5×').rate).toMatchObject({ count: 1, of: 3 * BLOCKS });
    expect(goalNamed(goals, 'off by 2.5×').rate?.count).toBe(0);
  });

  it('hold each run against all other runs of its work', () => {
    const steady = goalsOf(runsOf([1.5, 1.5]));
    expect(goalNamed(steady, 'hold the speedup').rate).toMatchObject({ count: 2, of: 2 });
    expect(goalNamed(steady, 'over 5% slower').rate).toMatchObject({ count: 0, of: 2 });
    const turned = goalsOf(runsOf([1.5, 0.6]));
    expect(goalNamed(turned, 'hold the speedup').rate?.count).toBe(0);
    expect(goalNamed(turned, 'over 5% slower').rate?.count).toBe(2);
  });

  it('compare a run with at least three earlier ones', () => {
    const same = goalNamed(goalsOf(runsOf([1.5, 1.51, 1.49, 1.5, 1.5])), 'at least 3 earlier runs');
    expect(same).toMatchObject({ rate: { count: 0, of: 4 }, isMet: true });
    const other = goalNamed(goalsOf(runsOf([1.5, 1.51, 1.49, 2.5])), 'at least 3 earlier runs');
    expect(other).toMatchObject({ rate: { count: 1, of: 2 }, isMet: false });
  });

  it('hold the speedup in the first rounds against that in later ones', () => {
    const biasOf = (firstRounds: number): Goal => goalNamed(goalsOf([roundsOf(firstRounds)]), 'rounds 1 to 3');
    expect(biasOf(1.01)).toMatchObject({ rate: { count: 0, of: 1 }, isMet: true });
    expect(biasOf(1.1)).toMatchObject({ rate: { count: 1, of: 1 }, isMet: false });
    expect(figuresOf([roundsOf(1.1)]).join('\n')).toContain('-9.1% (-9.1% to -9.1%)');
  });

  it('want known effects within 2%', () => {
    const effects = [100, 102, 105, 110, 150, 200];
    const exact = twinsOf(effects, { preset: 'standard', twins: 'effects' });
    expect(goalNamed(goalsOf([exact]), 'known effects')).toMatchObject({ rate: { count: 5, of: 5 }, isMet: true });
    const off = twinsOf([100, 102, 105, 110, 150, 190], { preset: 'standard', twins: 'effects' });
    expect(goalNamed(goalsOf([off]), 'known effects')).toMatchObject({ rate: { count: 4, of: 5 }, isMet: false });
  });
});

it('P values are those of the exact signed-rank test', () => {
  // scipy.stats.wilcoxon([...]).pvalue, method 'exact'
  expect(pValue([1, 2, 3, 4, 5, 6, 7, 8])).toBeCloseTo(2 / 256, 6);
  expect(pValue([-1, 2, 3, 4, 5, 6, 7, 8])).toBeCloseTo(4 / 256, 6);
});

it('P values are at no distance from those of the test where every sign is as likely, and far where it is not', () => {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8];
  const all = Array.from({ length: 2 ** sizes.length }, (_, signs) =>
    sizes.map((size, block) => ((signs >> block) & 1 ? size : -size)),
  );
  expect(distanceFromExact(all)).toBeCloseTo(0, 6);
  // Series of other lengths have other P values.
  expect(distanceFromExact([...all, ...all.map((one) => one.slice(0, 4))])).toBeCloseTo(0, 6);
  expect(distanceFromExact([sizes, sizes.map((size) => -size)])).toBeCloseTo(1 - 2 / 256, 6);
  // As much above 0 as below: a P value of 1, where the test has 14/16 or less in most cases.
  expect(distanceFromExact([[1, -2, -3, 4]])).toBeCloseTo(14 / 16, 6);
});

it('a series that is off as a whole is correlated, one that alternates is not', () => {
  expect(lagOne([[1, 1, 1, 1]])).toBe(1);
  expect(lagOne([[1, -1, 1, -1]])).toBe(-1);
});

it('an hour has each measurement once, and resumes by its key', () => {
  const keys = jobsOf(HOUR).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toContain('quick quiet identical cpu event-loop 0');
  expect(keys.filter((key) => key.startsWith('run cpu'))).toHaveLength(8);
});

it('an hour that is cut short has measured about the same share of every kind', () => {
  const jobs = jobsOf(HOUR);
  const countOf = (group: string, some: typeof jobs): number => some.filter((job) => job.group === group).length;
  for (const group of new Set(jobs.map((job) => job.group))) {
    const [half, all] = [countOf(group, jobs.slice(0, jobs.length / 2)), countOf(group, jobs)];
    expect(Math.abs(half - all / 2), group).toBeLessThanOrEqual(1);
  }
});
