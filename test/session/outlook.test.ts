import { describe, expect, it } from 'vitest';
import type { Group, Plan } from '../../dist/src/model/plan.js';
import type { Options } from '../../dist/src/model/results.js';
import type { GroupEstimate } from '../../dist/src/measure/events.js';
import { lengthNotes, longTaskNotes, Standings } from '../../dist/src/session/outlook.js';
import { groupTaskOf } from '../support/group-task.js';
import { resultsOf, sampleOf } from '../support/results.js';

const { group: work } = groupTaskOf({ blocks: 6 });
const [LOOP, THREADS] = work.cells.map(({ id }) => id) as [string, string];

/** Batches of a block, ms, by cell. */
type Walls = Readonly<Record<string, readonly number[]>>;

function measured(blocks: readonly (readonly [block: number, walls: Walls])[], group = work): Standings {
  const standings = new Standings(0.05);
  for (const [block, walls] of blocks) {
    for (const [cell, wallsMs] of Object.entries(walls))
      for (const wallMs of wallsMs) standings.on({ kind: 'sample', cell, sample: sampleOf({ block, wallMs }) });
    standings.on({ kind: 'block', group, block });
  }
  return standings;
}

const twiceAsFast: Walls = { [LOOP]: [20, 20, 90], [THREADS]: [10, 10, 10] };

describe('what looks fastest so far', () => {
  it('is known from the second block on, by the medians of blocks', () => {
    expect(measured([]).of(work)).toBeUndefined();
    expect(measured([[0, twiceAsFast]]).of(work)).toBeUndefined();
    const outlier = { [LOOP]: [20], [THREADS]: [400] };
    for (const blocks of [
      [[0, twiceAsFast] as const, [1, twiceAsFast] as const],
      [[0, twiceAsFast] as const, [1, outlier] as const, [1, twiceAsFast] as const],
    ])
      expect(measured(blocks).of(work)).toEqual({
        long: 'so far 2 worker threads look fastest (2.00× as fast as the event loop)',
        short: 'so far 2 worker threads 2.00×',
      });
  });

  it('is the baseline, or nothing, where the difference is one that no verdict would name', () => {
    const alike = { [LOOP]: [10.4], [THREADS]: [10] };
    const nothing = 'so far nothing looks faster than the event loop';
    expect(measured([0, 1].map((block) => [block, alike])).of(work)).toEqual({ long: nothing, short: nothing });
    const slower = { [LOOP]: [10], [THREADS]: [20] };
    expect(measured([0, 1].map((block) => [block, slower])).of(work)).toEqual({
      long: 'so far the event loop looks fastest',
      short: 'so far the event loop',
    });
  });

  it('is none that a race has dropped, or that failed', () => {
    const fast = { [LOOP]: [20], [THREADS]: [10] };
    expect(measured([0, 1, 2].map((block) => [block, block < 2 ? fast : { [LOOP]: [20] }])).of(work)?.short).toBe(
      'so far the event loop',
    );
  });

  it('belongs to its group, and to the question which configuration is fastest', () => {
    const standings = measured([0, 1].map((block) => [block, twiceAsFast]));
    const versions: Group = { ...work, compares: 'with-older-self' };
    expect(standings.of(versions)).toBeUndefined();
    standings.on({ kind: 'group', group: work });
    expect(standings.of(work)).toBeUndefined();
  });
});

describe('how long it takes', () => {
  const { workload } = work;
  const stageOf = (options: Partial<Options>, given: Partial<Group> = {}): { readonly plan: Plan } => ({
    plan: {
      seed: 1,
      options: { ...resultsOf().options, ...options },
      groups: [{ ...work, ...given }],
      runtimes: [],
      ownStrategies: [],
      warnings: [],
    },
  });
  const estimates = (ms: number, done = 0): readonly GroupEstimate[] => [
    { group: work, blocksMs: Array.from({ length: done + 2 }, () => ms), done },
  ];

  it('is said before long tasks are calibrated', () => {
    const long = { workload: { ...workload, tasks: 2, taskMs: 5000 } };
    expect(longTaskNotes(stageOf({}, long))).toEqual([
      `A task of ${work.title} takes 5.0 s or more: calibrating runs some batches of 2 in each configuration before it can tell how long all takes.`,
    ]);
    expect(
      longTaskNotes(stageOf({ timeoutMs: 60_000 }, { workload: { ...workload, tasks: 2, taskMs: 10_000 } })),
    ).toEqual([
      `A task of ${work.title} takes 10 s or more, or never ends: calibrating runs some batches of 2 in each configuration, each for 1 min 0 s (--timeout) at most, before it can tell how long all takes.`,
    ]);
    expect(longTaskNotes(stageOf({}, { workload: { ...workload, taskMs: 900 } }))).toEqual([]);
    expect(longTaskNotes(stageOf({}, { ...long, calibrated: {} }))).toEqual([]);
  });

  it('comes with what takes less time, if it is long or beyond the time limit', () => {
    const less = 'Fewer blocks (--blocks) or fewer configurations (-s, -p) take less time.';
    const more = `All blocks would take about 15 min 0 s more. ${less}`;
    expect(lengthNotes(estimates(450_001), stageOf({}), 0)).toEqual([more]);
    expect(lengthNotes(estimates(450_001), stageOf({}, { workload: { ...workload, taskMs: 5000 } }), 0)).toEqual([
      more.replace('blocks (--blocks)', 'tasks in a batch (--tasks)'),
    ]);
    expect(lengthNotes(estimates(450_001, 1), stageOf({}), 0)).toEqual([
      'The remaining blocks would take about 15 min 0 s more.',
    ]);
    expect(lengthNotes(estimates(450_000), stageOf({}), 0)).toEqual([]);
    expect(lengthNotes(estimates(20_000), stageOf({ timeLimitMs: 60_000 }), 30_000)).toEqual([
      `All blocks would take about 40 s more: the time limit of 1 min 0 s comes first. ${less}`,
    ]);
    expect(lengthNotes(estimates(20_000), stageOf({ timeLimitMs: 60_000 }), 10_000)).toEqual([]);
  });
});
