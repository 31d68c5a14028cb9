import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Stage } from '../../dist/src/flow/session.js';
import type { Group, Plan } from '../../dist/src/model/plan.js';
import { openProgress, type Progress } from '../../dist/src/session/progress.js';
import { groupTaskOf } from '../support/group-task.js';
import { sampleOf } from '../support/results.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.stubEnv('CI', undefined);
  vi.stubEnv('TERM', 'xterm');
  vi.stubEnv('COLUMNS', undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Two cells, one round: two batches make a block. */
const groupOf = (blocks: number): Group => groupTaskOf({ blocks }).group;

interface Shown {
  readonly progress: Progress;
  /** The last that was written and can be read. */
  readonly last: () => string;
}

function show(
  groups: readonly Group[],
  isTTY: boolean,
  { looks, phase, columns = 120 }: { looks?: number[]; phase?: Stage['phase']; columns?: number } = {},
): Shown {
  const written: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const { options } = groupTaskOf({ blocks: 1, ...(looks !== undefined && { looks }) });
  const plan: Plan = { seed: 1, options, groups, runtimes: [], ownStrategies: [], warnings: [] };
  const progress = openProgress(
    { plan, began: { at: '', elapsedMs: () => 0 }, ...(phase !== undefined && { phase }) },
    stream as unknown as NodeJS.WriteStream,
    false,
  );
  return { progress, last: () => written.findLast((text) => !text.startsWith('\u001b'))?.trim() ?? '' };
}

const after = (ms: number): void => {
  vi.advanceTimersByTime(ms);
};

describe('the remaining time', () => {
  it('the remaining time is unknown before calibration has ended', () => {
    expect(show([groupOf(10)], true).last()).toContain('choosing the batch size');
  });

  it('the remaining time is that of the calibration, corrected by measured blocks, with the weight of one block for the estimate', () => {
    const group = groupOf(10);
    const { progress, last } = show([group], true);
    // Calibration does not count for the pace.
    after(5000);
    progress.on({ kind: 'tried', estimates: [{ group, blocksMs: group.blocks.map(() => 1000), done: 0 }] });
    expect(last()).toMatch(/ {2}0% .*about 10 s left$/);
    // (2 s + 1 s) / (1 s + 1 s) = 1.5 times as slow: 9 s will take 13.5 s.
    after(2000);
    progress.on({ kind: 'block', group, block: 0 });
    expect(last()).toMatch(/ 10% .*about 14 s left$/);
    // Half of a block more: (2.5 + 1) / (1.5 + 1) = 1.4 times, and 8.5 s are left.
    after(500);
    progress.on({ kind: 'sample', cell: 'work/event-loop', sample: sampleOf({}) });
    expect(last()).toMatch(/ 15% .*about 12 s left$/);
  });

  it('the remaining time counts disturbed blocks once they are to be measured again, and ends with the last', () => {
    const group = groupOf(2);
    const { progress, last } = show([group], true);
    const estimate = { group, blocksMs: [1000, 3000], done: 0 };
    progress.on({ kind: 'tried', estimates: [estimate] });
    for (const [block, ms] of [1000, 3000].entries()) {
      after(ms);
      progress.on({ kind: 'block', group, block });
    }
    expect(last()).toMatch(/100% .*finishing$/);
    progress.on({ kind: 'repeating', estimate: { ...estimate, done: 2 }, blocks: [1, 0] });
    expect(last()).toMatch(/ 50% .*about 4\.0 s left$/);
    after(3000);
    progress.on({ kind: 'block', group, block: 1 });
    expect(last()).toMatch(/ 87% .*about 1\.0 s left$/);
    after(1000);
    progress.on({ kind: 'block', group, block: 0 });
    expect(last()).toMatch(/100% .*finishing$/);
    progress.on({ kind: 'group', group });
    expect(last()).toMatch(/100% .*finishing$/);
  });

  it('the remaining time counts the blocks of each group, and in a resumed run only the missing ones', () => {
    const [short, long] = [groupOf(4), groupOf(6)];
    const { progress, last } = show([short, long], true);
    progress.on({
      kind: 'tried',
      estimates: [
        { group: short, blocksMs: short.blocks.map(() => 1000), done: 0 },
        { group: long, blocksMs: long.blocks.map(() => 3000), done: 2 },
      ],
    });
    expect(last()).toContain('about 16 s left');
    // Decided after the first of its four blocks: its other three are not waited for.
    after(1000);
    progress.on({ kind: 'block', group: short, block: 0 });
    progress.on({ kind: 'group', group: short });
    // 12 s are left. 1 s of 4 s was needed: (1 + 1) / (4 + 1) = 0.4 times as slow.
    expect(last()).toMatch(/ 25% .*about 4\.8 s left$/);
  });

  it('the remaining time of a race keeps what its starts took, whatever they dropped', () => {
    const group = groupOf(4);
    const { progress, last } = show([group], true);
    progress.on({ kind: 'tried', estimates: [{ group, blocksMs: [5000, 5000, 1000, 1000], done: 0 }] });
    for (const block of [0, 1]) {
      after(5000);
      progress.on({ kind: 'block', group, block });
    }
    expect(last()).toMatch(/about 2\.0 s left$/);
    progress.on({ kind: 'raced', estimate: { group, blocksMs: [1000, 1000, 1000, 1000], done: 2 } });
    expect(last()).toMatch(/about 2\.0 s left$/);
  });

  it('the remaining time is an upper limit where all may be decided earlier, and names what comes next', () => {
    const group = groupOf(10);
    const { progress, last } = show([group], true, { looks: [6, 10], phase: 'screening' });
    progress.on({ kind: 'tried', estimates: [{ group, blocksMs: group.blocks.map(() => 1000), done: 0 }] });
    expect(last()).toMatch(/screening work {2}at most 10 s left, then finalists$/);
  });
});

it.each([
  [100, 'screening work  at most 10 s left, then finalists'],
  [80, 'screening work  at most 10 s left, then finalists'],
  [55, 'screening work  at most 10 s left'],
  [40, 'scre…  at most 10 s left'],
])('in a terminal of %i columns the progress line fits and keeps the remaining time', (columns, text) => {
  const group = groupOf(10);
  for (const from of ['stream', 'COLUMNS'] as const) {
    vi.stubEnv('COLUMNS', from === 'COLUMNS' ? String(columns) : undefined);
    const asked = { looks: [6, 10], phase: 'screening' as const, columns: from === 'stream' ? columns : 0 };
    const { progress, last } = show([group], true, asked);
    progress.on({ kind: 'tried', estimates: [{ group, blocksMs: group.blocks.map(() => 1000), done: 0 }] });
    expect(last().length).toBeLessThan(columns);
    expect(last().endsWith(`  0%  ${text}`), last()).toBe(true);
  }
});

it('in a scan, progress names the value, and batch sizes once where they are the same', () => {
  const scanned = (ms: number, tasks: number): Group => {
    const group = groupOf(2);
    const { workload } = group;
    return { ...group, title: ms === 1 ? 'work' : `work[ms=${ms}]`, params: { ms }, workload: { ...workload, tasks } };
  };
  const tried = (groups: readonly Group[]): string => {
    const { progress, last } = show(groups, false);
    const estimates = groups.map((group) => ({ group, blocksMs: [4000, 4000], done: 0 }));
    progress.on({ kind: 'tried', estimates });
    return last();
  };
  const [small, middle] = [scanned(0.2, 16), scanned(1, 16)] as const;
  expect(tried([small, middle])).toBe('Calibrated: work in batches of 16; about 16 s left');
  expect(tried([small, scanned(1, 8)])).toBe(
    'Calibrated: work[ms=0.2] in batches of 16, work[ms=1] in batches of 8; about 16 s left',
  );
  const { progress, last } = show([small, middle], false);
  // A resumed run may begin with blocks to measure again.
  const estimate = { group: middle, blocksMs: [4000, 4000], done: 2 };
  progress.on({ kind: 'repeating', estimate, blocks: [0] });
  expect(last()).toContain('work[ms=1]: 1 disturbed block to measure again');
  after(5000);
  progress.on({ kind: 'block', group: middle, block: 0 });
  expect(last()).toContain('work[ms=1]: block 1 of 2');
});

it('without a terminal, progress is a line at most every five seconds, and one for the last block', () => {
  const group = groupOf(3);
  const { progress, last } = show([group], false);
  progress.on({ kind: 'tried', estimates: [{ group, blocksMs: group.blocks.map(() => 4000), done: 0 }] });
  expect(last()).toBe('Calibrated: work in batches of 4; about 12 s left');
  after(4000);
  progress.on({ kind: 'block', group, block: 0 });
  expect(last()).toContain('Calibrated');
  after(4000);
  progress.on({ kind: 'block', group, block: 1 });
  expect(last()).toBe('work: block 2 of 3, 66% of the run, about 4.0 s left');
  progress.on({ kind: 'block', group, block: 2 });
  expect(last()).toContain('block 3 of 3, 100%');
});

it('the blocks of a race are counted by themselves, as no evidence', () => {
  const group: Group = { ...groupOf(4), isRace: true };
  const { progress, last } = show([group], false);
  progress.on({ kind: 'tried', estimates: [{ group, blocksMs: group.blocks.map(() => 6000), done: 0 }] });
  const texts = group.blocks.map((_, block) => {
    after(6000);
    progress.on({ kind: 'block', group, block });
    return last().split(', ', 2).join(', ');
  });
  expect(texts).toEqual([
    'work: race, block 1 of 2',
    'work: race, block 2 of 2',
    'work: block 1 of 2, 75% of the run',
    'work: block 2 of 2, 100% of the run',
  ]);
});

it('a block that is measured again at a look is announced, and named so', () => {
  const group = groupOf(4);
  const { progress, last } = show([group], false, { looks: [2, 4] });
  const estimate = { group, blocksMs: group.blocks.map(() => 6000), done: 0 };
  progress.on({ kind: 'tried', estimates: [estimate] });
  const measured = (block: number): string => {
    after(6000);
    progress.on({ kind: 'block', group, block });
    return last();
  };
  expect(measured(0)).toContain('work: block 1 of 4, 25% of the run');
  expect(measured(1)).toContain('work: block 2 of 4, 50% of the run');
  progress.on({ kind: 'repeating', estimate: { ...estimate, done: 2 }, blocks: [0] });
  expect(last()).toBe('work: 1 disturbed block to measure again, at most 18 s left');
  expect(measured(0)).toContain('work: block 1 of 4 again, 60% of the run');
  expect(measured(2)).toContain('work: block 3 of 4, 80% of the run');
});

it.each([
  [
    false,
    120,
    'work: block 2 of 2, 100% of the run, finishing; so far 2 worker threads look fastest (2.00× as fast as the event loop)',
  ],
  [true, 120, 'work  finishing; so far 2 worker threads look fastest (2.00× as fast as the event loop)'],
  [true, 80, 'work  finishing; so far 2 worker threads 2.00×'],
  [true, 40, 'work  finishing'],
])('what looks fastest so far is shown where it fits (terminal: %s, %i columns)', (isTTY, columns, text) => {
  const group = groupOf(2);
  const { progress, last } = show([group], isTTY, { columns });
  progress.on({ kind: 'tried', estimates: [{ group, blocksMs: [6000, 6000], done: 0 }] });
  for (const block of [0, 1]) {
    for (const [index, { id: cell }] of group.cells.entries())
      progress.on({ kind: 'sample', cell, sample: sampleOf({ block, wallMs: index === 0 ? 20 : 10 }) });
    after(6000);
    progress.on({ kind: 'block', group, block });
  }
  expect(last().endsWith(text), last()).toBe(true);
});
