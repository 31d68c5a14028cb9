import { describe, expect, it } from 'vitest';
import type { MeasuredCell, TuningGoal } from '../../dist/src/model/results.js';
import { isPrecise, shortlist } from '../../dist/src/stats/shortlist.js';
import { cellOf, samplesOf, type CellSpec } from '../support/results.js';

const GOAL: TuningGoal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 8 };

const MIN_EFFECT = Math.log(1.05);

/** Three blocks with the same wobble for all. */
const around = (wallMs: number): number[] => [1, 1.2, 0.9].map((factor) => wallMs * factor);
const cell = (id: string, poolSize: number, wallMs: number, rest: Partial<CellSpec> = {}): MeasuredCell =>
  cellOf({
    id,
    strategy: poolSize === 0 ? 'event-loop' : 'worker-threads',
    poolSize: Math.max(1, poolSize),
    wallsMs: around(wallMs),
    ...rest,
  });

describe('shortlist', () => {
  it('takes the best, then the cheapest that is near it, and nothing that is far', () => {
    const cells = [
      cell('loop', 0, 100),
      cell('two', 2, 52),
      cell('four', 4, 51),
      cell('eight', 8, 50),
      cell('one', 1, 90),
    ];
    expect(shortlist(cells, GOAL, 4, MIN_EFFECT)).toEqual(['eight', 'two', 'four']);
    expect(shortlist(cells, GOAL, 2, MIN_EFFECT)).toEqual(['eight', 'two']);
  });

  it('takes as near what is at most a fifth slower', () => {
    const cells = (wallMs: number) => [cell('best', 8, 50), cell('one', 1, wallMs)];
    expect(shortlist(cells(59), GOAL, 4, MIN_EFFECT)).toEqual(['best', 'one']);
    expect(shortlist(cells(61), GOAL, 4, MIN_EFFECT)).toEqual(['best']);
  });

  it('counts more libuv threads as less than a worker, and more than none', () => {
    const larger = { ...cell('larger', 0, 55), uvThreads: 16 };
    const cells = [cell('pool', 1, 50), larger, cell('loop', 0, 58)];
    expect(shortlist(cells, GOAL, 4, MIN_EFFECT)).toEqual(['pool', 'loop', 'larger']);
    expect(shortlist(cells.slice(0, 2), GOAL, 1, MIN_EFFECT)).toEqual(['pool']);
  });

  it('prefers what nothing cheaper comes as near to', () => {
    const cells = [
      cell('best', 8, 50),
      cell('dear', 8, 50.5),
      cell('middle', 4, 53),
      cell('small', 2, 56),
      cell('tiny', 1, 58),
    ];
    expect(shortlist(cells, GOAL, 4, MIN_EFFECT)).toEqual(['best', 'tiny', 'middle', 'small']);
  });

  it('leaves out what is beyond the limits', () => {
    const cells = [cell('eight', 8, 50), cell('two', 2, 58), cell('fat', 2, 50, { memoryMiB: 300 })];
    expect(shortlist(cells, { ...GOAL, maxPoolSize: 4 }, 4, MIN_EFFECT)).toEqual(['fat', 'two']);
    expect(shortlist(cells, { ...GOAL, maxPoolSize: 4, maxMemoryMiB: 256 }, 4, MIN_EFFECT)).toEqual(['two']);
    expect(shortlist(cells, { ...GOAL, maxPoolSize: 1 }, 4, MIN_EFFECT)).toEqual([]);
  });

  it('looks, for another goal, only among those that keep up', () => {
    const slim = cell('slim', 0, 100, { memoryMiB: 10 });
    const cells = [slim, cell('two', 2, 50, { memoryMiB: 40 }), cell('four', 4, 49, { memoryMiB: 80 })];
    expect(shortlist(cells, { ...GOAL, for: 'memory' }, 4, MIN_EFFECT)).toEqual(['two']);
    expect(shortlist(cells, { ...GOAL, for: 'memory', minThroughput: 0.45 }, 4, MIN_EFFECT)).toEqual(['slim', 'four']);
  });

  it('has, for another goal, one that is about as fast as the fastest, beside which others are shown to keep up', () => {
    const cells = [cell('slim', 1, 56, { memoryMiB: 10 }), cell('fast', 4, 50, { memoryMiB: 80 })];
    expect(shortlist(cells, { ...GOAL, for: 'memory' }, 4, MIN_EFFECT)).toEqual(['slim', 'fast']);
    const close = [cell('slim', 1, 51, { memoryMiB: 10 }), cell('fast', 4, 50, { memoryMiB: 80 })];
    expect(shortlist(close, { ...GOAL, for: 'memory' }, 4, MIN_EFFECT)).toEqual(['slim']);
  });

  it('goes by the p99 of a task for latency', () => {
    const withP99 = (id: string, p99: number): MeasuredCell => ({
      ...cell(id, 2, 50),
      samples: samplesOf(around(50), { taskMs: { p50: 1, p90: 2, p99, max: p99 } }),
    });
    expect(shortlist([withP99('late', 40), withP99('soon', 10)], { ...GOAL, for: 'latency' }, 4, MIN_EFFECT)).toEqual([
      'soon',
    ]);
  });

  it('leaves out the equally fast, unless the screening was too noisy to know that none is better by half of the minimum effect', () => {
    const wobbling = (by: number): MeasuredCell[] =>
      Array.from({ length: 6 }, (_, index) =>
        // Each is slow in another block, and all are equally fast but for a hair.
        cell(`${index}`, 2, 0, {
          wallsMs: Array.from({ length: 6 }, (__, block) => (50 + index / 1000) * (block === index ? 1 + by : 1)),
        }),
      );
    // Squares of 5 ln(1 + by)² with 25 degrees of freedom, in six blocks: a standard error of ln(1 + by) / √15.
    expect(shortlist(wobbling(0.03), GOAL, 4, MIN_EFFECT)).toEqual(['0']);
    expect(shortlist(wobbling(0.06), GOAL, 4, MIN_EFFECT)).toHaveLength(4);
    expect(shortlist(wobbling(0.03), GOAL, 4, 0)).toHaveLength(4);
    // How noisy others are that are not near says nothing about these.
    const far = cell('far', 2, 0, { wallsMs: [62.5, 62.5, 62.5, 62.5, 62.5, 125] });
    expect(shortlist([...wobbling(0.03), far], GOAL, 4, MIN_EFFECT)).toEqual(['0']);
  });

  it('leaves out what a precise screening has found to be slower, and no cheaper', () => {
    const steady = (id: string, wallMs: number): MeasuredCell =>
      cell(id, 8, 0, { wallsMs: Array.from({ length: 4 }, () => wallMs) });
    const cells = [steady('best', 50), steady('slower', 54), steady('slowest', 55)];
    expect(shortlist(cells, GOAL, 4, MIN_EFFECT)).toEqual(['best']);
  });
});

describe('a screening is precise enough', () => {
  const walls = (by: number): readonly number[][] =>
    Array.from({ length: 7 }, (_, index) => [50, index % 2 === 0 ? 50 * (1 + by) : 50]);
  const cells = (by: number): MeasuredCell[] => walls(by).map((wallsMs, index) => cell(`${index}`, 2, 0, { wallsMs }));

  it('if a difference between two candidates has a standard error of at most 1.25%', () => {
    // Squares of 6/7 ln(1 + by)² with 6 degrees of freedom, in two blocks: a standard error of ln(1 + by) / √7.
    expect(isPrecise(cells(0.03), GOAL)).toBe(true);
    expect(isPrecise(cells(0.04), GOAL)).toBe(false);
  });

  it('but not with too few of them, nor for a goal that varies more', () => {
    expect(isPrecise(cells(0).slice(0, 6), GOAL)).toBe(false);
    expect(isPrecise(cells(0), { ...GOAL, for: 'latency' })).toBe(false);
    expect(isPrecise(cells(0), { ...GOAL, for: 'memory' })).toBe(false);
  });
});
