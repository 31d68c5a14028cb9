import { describe, expect, it } from 'vitest';
import { inColumns, runsOf, spansOf } from '../../dist/src/stats/timeline-bars.js';
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

describe('inColumns', () => {
  it('shows the task that ran longest where all together ran for a quarter of the time, however short each was', () => {
    const short = Array.from({ length: 20 }, (_, task) => run(task, 0, task * 0.1, task * 0.1 + 0.05));
    expect(inColumns([...short, wait(20, 0, 0, 4)], 4, 4).map((shown) => shown?.kind)).toEqual([
      'run',
      'run',
      'wait',
      'wait',
    ]);
    expect(inColumns([run(3, 0, 0, 0.3), run(4, 0, 0.3, 0.9), wait(5, 0, 0, 1)], 1, 1)).toEqual([
      { task: 4, kind: 'run' },
    ]);
  });

  it('shows no waiting where no task waits, and nothing where there is none', () => {
    expect(inColumns([run(0, 0, 0, 0.1), run(1, 0, 2, 2.1)], 3, 3)).toEqual([
      { task: 0, kind: 'run' },
      undefined,
      { task: 1, kind: 'run' },
    ]);
    expect(inColumns([run(0, 0, 0, 0.1), wait(0, 0, 0.1, 1)], 1, 1)).toEqual([{ task: 0, kind: 'wait' }]);
  });
});
