import { describe, expect, it } from 'vitest';
import type { Finished } from '../../dist/src/stats/sample.js';
import { toSlices } from '../../dist/src/stats/timeline.js';

const MS = 1e6;

function traced(started: number, finished: number, runs: readonly (readonly [number, number])[]): Finished {
  const inNs = runs.map(([from, to]) => [from * MS, to * MS] as const);
  return {
    index: 2,
    status: 'ok',
    lane: 1,
    submittedNs: 0,
    startedNs: started * MS,
    finishedNs: finished * MS,
    digestedNs: finished * MS,
    receivedNs: finished * MS,
    digest: '',
    output: undefined,
    runs: inNs,
  };
}

const at = (startMs: number, endMs: number, kind: 'run' | 'wait') => ({ task: 2, lane: 1, startMs, endMs, kind });

describe('toSlices', () => {
  it('fills the gaps between two runs with waiting, from the start of the task to its end', () => {
    expect(
      toSlices(0, [
        traced(1, 10, [
          [1, 3],
          [7, 8],
        ]),
      ]),
    ).toEqual([at(1, 3, 'run'), at(3, 7, 'wait'), at(7, 8, 'run'), at(8, 10, 'wait')]);
  });

  it('counts from the moment at which the batch was handed over', () => {
    expect(toSlices(1 * MS, [traced(2, 3, [[2, 3]])])).toEqual([at(1, 2, 'run')]);
  });

  it('leaves out what ran after the result was there', () => {
    expect(
      toSlices(0, [
        traced(1, 3, [
          [1, 4],
          [5, 6],
        ]),
      ]),
    ).toEqual([at(1, 3, 'run')]);
  });

  it('takes no gap for waiting that is too short for a turn of the event loop', () => {
    expect(
      toSlices(0, [
        traced(1, 4, [
          [1, 2],
          [2.009, 3],
          [3.011, 4],
        ]),
      ]),
    ).toEqual([at(1, 3, 'run'), at(3, 3.011, 'wait'), at(3.011, 4, 'run')]);
  });

  it('does not join two runs between which the lane ran another task', () => {
    const other = { ...traced(2, 2.008, [[2, 2.008]]), index: 3 };
    const slices = toSlices(0, [
      traced(1, 3, [
        [1, 2],
        [2.009, 3],
      ]),
      other,
    ]);
    expect(slices).toEqual([
      at(1, 2, 'run'),
      at(2, 2.009, 'wait'),
      at(2.009, 3, 'run'),
      { ...at(2, 2.008, 'run'), task: 3 },
    ]);
  });

  it('tells microseconds, and nothing that is shorter', () => {
    expect(toSlices(0, [traced(1.000_6, 2.000_6, [[1.000_8, 2.000_6]])])).toEqual([at(1.001, 2.001, 'run')]);
  });
});
