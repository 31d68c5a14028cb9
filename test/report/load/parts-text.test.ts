import { describe, expect, it } from 'vitest';
import type { MeasuredLoadCell } from '../../../dist/src/model/load.js';
import { partsSentence } from '../../../dist/src/report/load/parts-text.js';
import { windowOf } from '../../support/windows.js';

const WORKLOAD = { objective: { quantile: 'p99', ms: 50 } } as const;

function cellOf(strategy: string, poolSize: number, accept?: number): MeasuredLoadCell {
  const all = { late: 0, accept: accept ?? 0, queue: 2, task: 10, back: 1 };
  const windows = [windowOf(0, 0, 20, accept === undefined ? {} : { meanParts: { all, slowest: all } })];
  return { strategy, poolSize, concurrency: poolSize === 1 ? 'all' : 1, windows } as unknown as MeasuredLoadCell;
}

describe('where the time of the slowest tasks went', () => {
  it('names the largest part of each configuration', () => {
    expect(partsSentence(40, [cellOf('event-loop', 1, 36), cellOf('worker-threads', 2, 0)], WORKLOAD)).toBe(
      'Where the time of the slowest 1% of tasks went (means): the event loop 36.0 of 49.0 ms waiting to be accepted; 2 worker threads 10.0 of 13.0 ms running.',
    );
  });

  it('is left out where earlier results do not know it', () => {
    expect(partsSentence(40, [cellOf('event-loop', 1)], WORKLOAD)).toBeUndefined();
  });
});
