import { describe, expect, it } from 'vitest';
import { runsOf, spansOf } from '../../dist/src/stats/timeline-bars.js';
import { run, wait } from '../support/report-results.js';

describe('spansOf', () => {
  it('gives tasks that are under way at once tracks of their own, and one to those that follow each other', () => {
    const spans = spansOf([run(0, 0, 0, 1), wait(0, 0, 1, 5), run(1, 0, 1, 2), run(2, 0, 2, 3), run(3, 0, 5, 6)]);
    expect(spans.map(({ task, track, startMs, endMs }) => [task, track, startMs, endMs])).toEqual([
      [0, 0, 0, 5],
      [1, 1, 1, 2],
      [2, 1, 2, 3],
      [3, 0, 5, 6],
    ]);
  });
});

describe('runsOf', () => {
  it('joins stretches of one task between which no gap would be seen, and no others', () => {
    expect(runsOf([run(0, 0, 0, 1), run(0, 0, 1.05, 2), run(0, 0, 3, 4), run(1, 0, 2, 2.98)], 0.1)).toEqual([
      run(0, 0, 0, 2),
      run(1, 0, 2, 2.98),
      run(0, 0, 3, 4),
    ]);
    // Another task ran in the gap, however short it was.
    const turns = [run(0, 0, 0, 1), run(1, 0, 1, 1.01), run(0, 0, 1.01, 2)];
    expect(runsOf(turns, 0.1)).toEqual(turns);
  });
});
