import { describe, expect, it } from 'vitest';
import type { CellLog, Measured, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { PlannedCell } from '../../dist/src/model/plan.js';
import { conclude } from '../../dist/src/stats/conclude.js';
import { CALM } from '../support/group-task.js';
import { around, CHILDREN, logOf, LOOP, measured, OPTIONS, planned, THREADS } from '../support/measured.js';

const SEQUENTIAL: PlannedCell = { ...LOOP, id: 'work/sequential', strategy: 'sequential', concurrency: 1 };
const WILD = [40, 160, 90, 30, 200, 100, 120, 60];

const concluded = (given: Measured) => conclude(given, OPTIONS, 2);

it('conclude compares with the baseline of the plan, wherever in the list it is', () => {
  const { comparisons } = concluded(measured([logOf(THREADS, around(50)), logOf(LOOP, around(100))]));
  expect(comparisons).toMatchObject([{ baseline: LOOP.id, contender: THREADS.id, verdict: 'faster' }]);
});

it('conclude takes a difference of less than the minimum effect, as a ratio, for none', () => {
  const verdictAt = (ratio: number): string | undefined =>
    concluded(measured([logOf(LOOP, around(100)), logOf(THREADS, around(100 / ratio))])).comparisons[0]?.verdict;
  expect([1.049, 1.051, 1 / 1.049, 1 / 1.051].map(verdictAt)).toEqual(['same', 'faster', 'same', 'slower']);
});

describe('the level of the comparisons', () => {
  const logs = [logOf(LOOP, around(100)), logOf(THREADS, around(50)), logOf(CHILDREN, around(70))].map((log) => ({
    ...log,
    startsMs: [100, 100, 100],
  }));
  const levelIn = (given: Parameters<typeof planned>[1]): number | undefined =>
    concluded(planned(measured(logs), given)).comparisons[0]?.speedup.level;

  it('is what a race has left of it: each of two could have been dropped by two rules', () => {
    expect(levelIn({ isRace: true })).toBeCloseTo(1 - (0.05 - 2 * (0.02 ** 2 + 0.1 ** 3)) / 2, 12);
  });

  it('is whole without a race, and in a screening, which claims nothing', () => {
    expect(levelIn({})).toBeCloseTo(0.975, 12);
    expect(levelIn({ isRace: true, selectBy: [] })).toBeCloseTo(0.975, 12);
  });
});

describe('an interrupted group', () => {
  const logs = [logOf(LOOP, around(100)), logOf(THREADS, around(50)), logOf(CHILDREN, WILD)];

  it('has estimates, and neither a verdict, nor a recommendation, nor blocks that would decide', () => {
    const { comparisons, recommendations } = concluded(measured(logs, { complete: false }));
    expect(comparisons.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
    expect(comparisons[0]?.speedup.estimate).toBeCloseTo(2, 9);
    for (const comparison of comparisons) expect(comparison).not.toHaveProperty('blocksToDecide');
    expect(recommendations).toEqual([]);
  });

  it('has all of them once it is complete; only what is open has blocks that would decide', () => {
    const { comparisons, recommendations } = concluded(measured(logs));
    expect(comparisons.map(({ verdict }) => verdict)).toEqual(['faster', 'inconclusive']);
    expect(comparisons[0]).not.toHaveProperty('blocksToDecide');
    expect(comparisons[1]?.blocksToDecide).toBeGreaterThan(8);
    expect(recommendations).toMatchObject([{ choose: THREADS.id }]);
  });
});

describe('sequential and an event loop on which no task waits', () => {
  const both = [logOf(LOOP, around(100), { tasksInFlight: 1 }), logOf(SEQUENTIAL, around(100))];

  it('are nothing to choose from if nothing else was measured', () => {
    expect(concluded(measured(both)).recommendations).toEqual([]);
  });

  it('are one if a race has dropped what else was measured', () => {
    const far: CellLog = { ...logOf(THREADS, [400]), startsMs: [300, 310, 290], droppedFor: 'far-behind' };
    const logs = [...both.map((log) => ({ ...log, startsMs: [100, 100, 100] })), far];
    expect(concluded(planned(measured(logs), { isRace: true })).recommendations).toMatchObject([
      { choose: LOOP.id, tied: [LOOP.id], because: 'every other configuration was dropped' },
    ]);
  });
});

describe('a doubt about the times', () => {
  const freeIn = (freeCpus: number): MeasuredGroup['noise'] => ({
    hit: 0,
    repeated: 0,
    blocks: [0, 1, 2].map((block) => ({ block, ...CALM, freeCpus })),
    discarded: [],
  });
  const costly = { cpusUsed: 1, digestShare: 0.1 };
  const logs = [logOf(LOOP, around(100), costly), logOf(THREADS, around(80), { ...costly, cpusUsed: 1.3 })];
  const warnedWith = (freeCpus: number): readonly string[] =>
    concluded(measured(logs, { noise: freeIn(freeCpus) })).warnings.map(({ kind }) => kind);

  it('is the only one given: taken CPUs, or else a costly digest', () => {
    expect(warnedWith(1.6)).toEqual(['costly-digest']);
    expect(warnedWith(0.7)).toEqual(['taken-cpus']);
  });

  it('leaves the cells as they are', () => {
    const { cells } = concluded(measured(logs, { noise: freeIn(0.7) }));
    expect(cells).toHaveLength(2);
    for (const cell of cells) expect(cell).not.toHaveProperty('dropped');
  });

  it('leaves other warnings', () => {
    const short = logs.map((log) => ({ ...log, samples: log.samples.map((one) => ({ ...one, wallMs: 5 })) }));
    const { warnings } = concluded(measured(short, { noise: freeIn(0.7) }));
    expect(warnings.map(({ kind }) => kind)).toEqual(['taken-cpus', 'short-batch']);
  });

  it('of taken CPUs is left to users who allow them', () => {
    const noise = freeIn(0.7);
    const cells = [logOf(LOOP, around(100)), logOf(THREADS, around(80), { cpusUsed: 1.3 })];
    const allowed = conclude(measured(cells, { noise }), { ...OPTIONS, allowBusy: true }, 2);
    expect([allowed.comparisons.length, allowed.warnings]).toEqual([1, []]);
    const forbidden = conclude(measured(cells, { noise }), OPTIONS, 2);
    expect([forbidden.comparisons.length, forbidden.warnings.length]).toEqual([0, 1]);
  });

  it('of taken CPUs is not raised where the work itself is in doubt', () => {
    const memoised = { kind: 'memoised', firstMs: 15, laterMs: 0.01 } as const;
    const doubted = logs.map((log) => ({ ...log, doubts: log.samples.map(() => memoised) }));
    const { warnings } = concluded(measured(doubted, { noise: freeIn(0.7) }));
    expect(warnings.map(({ kind }) => kind)).toEqual(['memoised']);
  });
});
