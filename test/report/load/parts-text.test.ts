import { describe, expect, it } from 'vitest';
import type { MeasuredLoadCell } from '../../../dist/src/model/load.js';
import { partsSentence } from '../../../dist/src/report/load/parts-text.js';
import { atRateOf } from '../../support/load-results.js';
import { windowOf } from '../../support/windows.js';

const WORKLOAD = { objective: { quantile: 'p99', ms: 50 } } as const;

function cellOf(strategy: string, poolSize: number, accept?: number): MeasuredLoadCell {
  const all = { late: 0, accept: accept ?? 0, queue: 2, task: 10, back: 1 };
  const windows = [windowOf(0, 0, 20, accept === undefined ? {} : { meanParts: { all, slowest: all } })];
  const concurrency = poolSize === 1 ? 'all' : 1;
  return { strategy, poolSize, concurrency, windows, rates: [] } as unknown as MeasuredLoadCell;
}

describe('where the time of the slowest tasks went', () => {
  it('names the largest part of each configuration', () => {
    expect(partsSentence(40, [cellOf('event-loop', 1, 36), cellOf('worker-threads', 2, 0)], WORKLOAD)).toBe(
      'Where the time of the slowest 1% of the tasks that were done went (means): the event loop 36.0 of 49.0 ms waiting to be accepted; 2 worker threads 10.0 of 13.0 ms running.',
    );
  });

  it('leaves out a configuration whose windows were mostly refused, of which the others are calmer ones', () => {
    const refused = { ...cellOf('event-loop', 1, 36), rates: [atRateOf(40, 4, { holds: 'driver-limited' })] };
    expect(partsSentence(40, [refused, cellOf('worker-threads', 2, 0)], WORKLOAD)).toBe(
      'Where the time of the slowest 1% of the tasks that were done went (means): 2 worker threads 10.0 of 13.0 ms running.',
    );
  });

  it('is left out where earlier results do not know it', () => {
    expect(partsSentence(40, [cellOf('event-loop', 1)], WORKLOAD)).toBeUndefined();
  });
});
