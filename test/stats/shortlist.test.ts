import { describe, expect, it } from 'vitest';
import type { MeasuredCell, TuningGoal } from '../../dist/src/model/results.js';
import { shortlist } from '../../dist/src/stats/shortlist.js';
import { cellOf, samplesOf, type CellSpec } from '../support/results.js';

const GOAL: TuningGoal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 8 };

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
    expect(shortlist(cells, GOAL, 4)).toEqual(['eight', 'two', 'four']);
    expect(shortlist(cells, GOAL, 2)).toEqual(['eight', 'two']);
  });

  it('prefers what nothing cheaper comes as near to', () => {
    const cells = [
      cell('best', 8, 50),
      cell('dear', 8, 50.5),
      cell('middle', 4, 53),
      cell('small', 2, 56),
      cell('tiny', 1, 58),
    ];
    expect(shortlist(cells, GOAL, 4)).toEqual(['best', 'tiny', 'middle', 'small']);
  });

  it('leaves out what is beyond the limits', () => {
    const cells = [cell('eight', 8, 50), cell('two', 2, 58), cell('fat', 2, 50, { memoryMiB: 300 })];
    expect(shortlist(cells, { ...GOAL, maxPoolSize: 4 }, 4)).toEqual(['fat', 'two']);
    expect(shortlist(cells, { ...GOAL, maxPoolSize: 4, maxMemoryMiB: 256 }, 4)).toEqual(['two']);
    expect(shortlist(cells, { ...GOAL, maxPoolSize: 1 }, 4)).toEqual([]);
  });

  it('looks, for another goal, only among those that keep up', () => {
    const slim = cell('slim', 0, 100, { memoryMiB: 10 });
    const cells = [slim, cell('two', 2, 50, { memoryMiB: 40 }), cell('four', 4, 49, { memoryMiB: 80 })];
    expect(shortlist(cells, { ...GOAL, for: 'memory' }, 4)).toEqual(['two']);
    expect(shortlist(cells, { ...GOAL, for: 'memory', minThroughput: 0.45 }, 4)).toEqual(['slim']);
  });

  it('goes by the p99 of a task for latency', () => {
    const withP99 = (id: string, p99: number): MeasuredCell => ({
      ...cell(id, 2, 50),
      samples: samplesOf(around(50), { taskMs: { p50: 1, p90: 2, p99, max: p99 } }),
    });
    expect(shortlist([withP99('late', 40), withP99('soon', 10)], { ...GOAL, for: 'latency' }, 4)).toEqual(['soon']);
  });
});
