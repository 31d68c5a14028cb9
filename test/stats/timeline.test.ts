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
});
