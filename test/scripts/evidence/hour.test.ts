import { describe, expect, it } from 'vitest';
import {
  goalsOf,
  tabulateGoals,
  type Goal,
  type LongRecord,
  type TwinsRecord,
} from '../../../dist/scripts/evidence/hour-goals.js';
import { HOUR, jobsOf } from '../../../dist/scripts/evidence/hour.js';
import { cellOf } from '../../support/results.js';

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

function longOf(speedOfPool: readonly [number, number]): LongRecord {
  const [first, second] = speedOfPool;
  return {
    kind: 'long',
    key: 'long',
    work: 'cpu',
    tasks: 4,
    cells: [
      cellOf({ id: 'cpu/event-loop', wallsMs: timesAround(100, 0) }),
      cellOf({
        id: 'cpu/worker-threads@2',
        wallsMs: timesAround(100, 1).map((ms, block) => ms / (block < BLOCKS / 2 ? first : second)),
      }),
    ],
  };
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
    expect([rate.count, rate.of, isMet]).toEqual([1, 3, false]);
    expect(goalNamed(goals, 'identical, standard, quiet').rate.of).toBe(0);
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
    expect(goalNamed(goals, 'off by 2.5×').rate.count).toBe(0);
  });

  it('hold short runs against all other blocks', () => {
    const steady = goalsOf([longOf([1.5, 1.5])]);
    expect(goalNamed(steady, 'hold the long-run speedup').rate).toMatchObject({ count: 2, of: 2 });
    expect(goalNamed(steady, 'over 5% slower').rate).toMatchObject({ count: 0, of: 2 });
    const turned = goalsOf([longOf([1.5, 0.6])]);
    expect(goalNamed(turned, 'hold the long-run speedup').rate.count).toBe(0);
    expect(goalNamed(turned, 'over 5% slower').rate.count).toBe(2);
  });
});

it('an hour has each measurement once, and resumes by its key', () => {
  const keys = jobsOf(HOUR).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toContain('quick quiet identical cpu event-loop 0');
  expect(keys.filter((key) => key.startsWith('long '))).toEqual(['long cpu', 'long io', 'long mixed']);
});
