import { describe, expect, it } from 'vitest';
import type { MeasuredCell, Sample, TuningGoal } from '../../dist/src/model/results.js';
import { recommend, type RecommendOptions } from '../../dist/src/stats/recommend.js';
import { cellOf, type CellSpec } from '../support/results.js';
import { around, LOOP, OPTIONS, threads } from '../support/choices.js';

const GOAL: TuningGoal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 8 };

/** The cell with other measures in each of its batches. */
function withEach(spec: CellSpec, given: (sample: Sample) => Partial<Sample>): MeasuredCell {
  const cell = cellOf(spec);
  return { ...cell, samples: cell.samples.map((sample) => ({ ...sample, ...given(sample) })) };
}

function recommended(cells: readonly (CellSpec | MeasuredCell)[], given: Partial<RecommendOptions> = {}) {
  return recommend(
    cells.map((cell) => ('status' in cell ? cell : cellOf(cell))),
    { ...OPTIONS, ...given },
  );
}

it('the comparisons of a cell with all others share the level: six blocks decide between two, not among three', () => {
  const cells = [{ ...LOOP, wallsMs: around(100, 6) }, threads(2, around(50, 6)), threads(4, around(70, 6))];
  expect(recommended(cells.slice(0, 2))?.choose).toBe('threads@2');
  expect(recommended(cells)).toBeUndefined();
});

describe('the choice of a tie', () => {
  const queue: CellSpec = { ...threads(1, around(50)), id: 'queue@1', strategy: 'bullmq' };

  it('needs no server, however few workers one with a server needs', () => {
    expect(recommended([LOOP, queue, threads(2, around(50))])).toMatchObject({
      choose: 'threads@2',
      tied: ['queue@1', 'threads@2'],
      chosenFor: 'no-server',
    });
  });

  it('names those from which it was chosen where what looks best is not shown to beat the baseline', () => {
    const noisy = threads(
      8,
      around(100).map((wallMs, block) => wallMs * (block % 2 === 0 ? 0.55 : 1.05)),
    );
    const found = recommended([LOOP, threads(2, around(85.5)), threads(4, around(82)), noisy]);
    expect(found).toMatchObject({
      choose: 'threads@4',
      fastest: 'threads@8',
      shown: ['threads@2', 'threads@4'],
      chosenFor: 'near-best',
      because:
        'tied with threads@8, which looked fastest, and of those shown to be faster than the baseline, no other looks as close to the best',
    });
    expect(recommended([LOOP, threads(2, around(88)), threads(4, around(87))])).not.toHaveProperty('shown');
  });

  it('names no gain of those that are left where only another size of libuv’s pool is left out', () => {
    const larger = { ...LOOP, id: 'loop~uv8', uvThreads: 8 };
    const found = recommended([LOOP, larger, threads(2, around(100))], { goal: GOAL });
    expect(found).toMatchObject({
      choose: 'loop',
      tied: ['loop', 'loop~uv8', 'threads@2'],
      shown: ['loop', 'threads@2'],
    });
    expect(found?.because).toContain(
      'without sizes of libuv’s pool that are not shown to gain anything, it needs the fewest',
    );
  });

  it('is the event loop before a single worker, also if neither is the baseline', () => {
    const both = [threads(1, around(100)), LOOP];
    expect(recommended(both, { baseline: 'none' })).toMatchObject({ choose: 'loop', chosenFor: 'fewest-workers' });
  });

  it('is the baseline before an equal one, wherever in the list it is', () => {
    const both = [{ ...LOOP, id: 'other' }, LOOP];
    expect(recommended(both)).toMatchObject({ choose: 'loop', chosenFor: 'baseline' });
    expect(recommended(both, { baseline: 'none' })).toMatchObject({ choose: 'other', chosenFor: 'first' });
  });

  it('for throughput is the cheaper of two that differ by less than 1%', () => {
    const quick = { ...threads(2, around(50), { cpuMs: 20 }), id: 'quick' };
    const beside = (wallMs: number): string | undefined =>
      recommended([LOOP, quick, threads(2, around(wallMs), { cpuMs: 10 })], { goal: GOAL })?.choose;
    expect([50.4, 50.6].map(beside)).toEqual(['threads@2', 'quick']);
  });

  it('for latency is the better of two before the cheaper', () => {
    const withP99 = (spec: CellSpec, p99: number): MeasuredCell =>
      withEach(spec, ({ taskMs, block }) => ({ taskMs: { ...taskMs, p99: p99 * (1 + (block % 3) * 0.01) } }));
    const lean = withP99(threads(2, around(50), { cpuMs: 10 }), 10.2);
    const quick = withP99({ ...threads(2, around(50), { cpuMs: 20 }), id: 'quick' }, 10);
    expect(recommended([lean, quick], { goal: { ...GOAL, for: 'latency' } })).toMatchObject({
      choose: 'quick',
      tied: ['threads@2', 'quick'],
      chosenFor: 'looks-best',
    });
  });

  it('for responsiveness needs no other worker for delays that look shorter by less than a quarter', () => {
    const goal = { ...GOAL, for: 'responsiveness' } as const;
    // So noisy that neither is shown to be shorter.
    const noisy = (spec: CellSpec, ms: number): MeasuredCell =>
      withEach(spec, ({ loopDelayMs, block }) => ({
        loopDelayMs: { ...loopDelayMs, p99: ms * (block % 2 === 0 ? 0.5 : 2) },
      }));
    const two = withEach(threads(2, around(50)), ({ loopDelayMs }) => ({ loopDelayMs: { ...loopDelayMs, p99: 10 } }));
    const chosenBeside = (ms: number) => recommended([noisy(threads(1, around(50)), ms), two], { goal });
    expect(chosenBeside(12)).toMatchObject({ choose: 'threads@1', chosenFor: 'fewest-workers' });
    expect(chosenBeside(13)).toMatchObject({
      choose: 'threads@2',
      tied: ['threads@1', 'threads@2'],
      chosenFor: 'near-best',
    });
  });
});

describe('how much slower than the best the choice can be', () => {
  const tie = [LOOP, threads(2, around(50)), threads(4, around(49.5)), threads(8, around(49))];

  it('is the farthest end of its intervals, and nothing if it is shown to be the best', () => {
    const found = recommended(tie);
    expect(found?.choose).toBe('threads@2');
    expect(found?.withinBest).toBeCloseTo(50 / 49 - 1, 9);
    expect(recommended(tie.slice(0, 2))?.withinBest).toBe(0);
    expect(recommended(tie, { goal: GOAL })?.withinBest).toBeCloseTo(50 / 49 - 1, 9);
  });

  it('for another goal keeps the share of the best throughput by its estimate, not only as far as is shown', () => {
    // So noisy that nothing is shown of it: it looks 20% slower.
    const wide = around(60).map((wallMs, block) => wallMs * (block % 2 === 0 ? 0.8 : 1.25));
    const lean = { ...threads(2, wide), memoryMiB: 20 };
    const goal = { ...GOAL, for: 'memory' } as const;
    expect(recommended([lean, { ...threads(4, around(50)), memoryMiB: 80 }], { goal })?.choose).toBe('threads@4');
    expect(recommended([lean, { ...threads(4, around(59)), memoryMiB: 80 }], { goal })?.choose).toBe('threads@2');
  });

  it('is not told where something else than throughput was asked for', () => {
    expect(recommended(tie, { goal: { ...GOAL, for: 'memory' } })).not.toHaveProperty('withinBest');
  });
});

describe('the reason for a choice in words', () => {
  const reason = (specs: readonly CellSpec[], goal?: TuningGoal): string | undefined =>
    recommended(specs, { goal })?.because;
  const [two, four, eight] = [threads(2, around(50)), threads(4, around(49.5)), threads(8, around(49))];

  it('says what it is tied with, and what it has before that', () => {
    expect(reason([LOOP, two])).toBe('every other configuration is significantly slower');
    expect(reason([LOOP, two, four])).toBe(
      'tied with threads@4, which looked fastest, and it needs the fewest workers of those that look as good',
    );
    const [first, second] = [threads(4, around(50)), threads(8, around(50))];
    expect(reason([LOOP, threads(2, around(49)), first])).toBe(
      'fastest, tied with one other configuration, and it needs the fewest workers of those that look as good',
    );
    expect(reason([LOOP, threads(2, around(49)), first, second])).toBe(
      'fastest, tied with 2 other configurations, and it needs the fewest workers of those that look as good',
    );
  });

  it('says that others are over the limits, if some were left out', () => {
    const goal = { ...GOAL, maxPoolSize: 4 };
    expect(reason([LOOP, two, threads(16, around(20))], goal)).toBe(
      'every other configuration within the limits is significantly slower',
    );
    expect(reason([LOOP, threads(16, around(20))], goal)).toBe('every other configuration is over a limit');
    expect(reason([LOOP, two, four, threads(16, around(20))], goal)).toContain(
      'which looked fastest within the limits,',
    );
  });

  it('for another goal says among which it is the best, and whether others are as good', () => {
    const goal = { ...GOAL, for: 'memory' } as const;
    const [lean, fat] = [
      { ...two, memoryMiB: 20 },
      { ...four, memoryMiB: 80 },
    ];
    expect(reason([lean, fat], goal)).toBe('it has the least memory of those that keep 90% of the best throughput');
    expect(reason([lean, { ...eight, memoryMiB: 20 }, fat], goal)).toBe(
      'tied for the least memory of those that keep 90% of the best throughput, and it needs the fewest workers of those that look as good',
    );
  });
});
