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

function show(groups: readonly Group[], isTTY: boolean, looks?: number[], phase?: Stage['phase']): Shown {
  const written: string[] = [];
  const stream = { isTTY, columns: 120, write: (text: string) => written.push(text) };
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

describe('the time that is left', () => {
  it('is not known before everything has been tried out', () => {
    expect(show([groupOf(10)], true).last()).toContain('choosing the batch size');
  });

  it('is what the calibration has shown, corrected by the pace of what is done, for which the estimate counts as one more block', () => {
    const group = groupOf(10);
    const { progress, last } = show([group], true);
    // Trying out is no part of the pace.
    after(5000);
    progress.on({ kind: 'tried', estimates: [{ group, blockMs: 1000, done: 0 }] });
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

  it('goes no further with a block that is measured again, and is nothing at the end', () => {
    const group = groupOf(2);
    const { progress, last } = show([group], true);
    progress.on({ kind: 'tried', estimates: [{ group, blockMs: 1000, done: 0 }] });
    for (const block of [0, 1, 0]) {
      after(1000);
      progress.on({ kind: 'block', group, block });
    }
    expect(last()).toMatch(/100% .*about 0\.0 s left$/);
    progress.on({ kind: 'group', group });
    expect(last()).toMatch(/100% .*about 0\.0 s left$/);
  });

  it('counts every group with blocks of its own, and of a run that is gone on with only what is missing', () => {
    const [short, long] = [groupOf(4), groupOf(6)];
    const { progress, last } = show([short, long], true);
    progress.on({
      kind: 'tried',
      estimates: [
        { group: short, blockMs: 1000, done: 0 },
        { group: long, blockMs: 3000, done: 2 },
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

  it('is the most that it may be where all may be decided earlier, and names what comes next', () => {
    const group = groupOf(10);
    const { progress, last } = show([group], true, [6, 10], 'screening');
    progress.on({ kind: 'tried', estimates: [{ group, blockMs: 1000, done: 0 }] });
    expect(last()).toMatch(/screening work {2}at most 10 s left, then the finalists$/);
  });
});

it('tells of progress in lines every five seconds where nobody sees a terminal, and of the last block', () => {
  const group = groupOf(3);
  const { progress, last } = show([group], false);
  progress.on({ kind: 'tried', estimates: [{ group, blockMs: 4000, done: 0 }] });
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
