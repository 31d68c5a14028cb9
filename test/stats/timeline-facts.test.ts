import { describe, expect, it } from 'vitest';
import { runningAtOnce } from '../../dist/src/stats/timeline-facts.js';
import { run, wait } from '../support/report-results.js';

describe('runningAtOnce', () => {
  it('counts the tasks that run, and not those that wait', () => {
    expect(runningAtOnce([run(0, 0, 1, 4), run(1, 1, 2, 3), wait(2, 0, 0, 9)])).toEqual([
      { ms: 0, count: 0 },
      { ms: 1, count: 1 },
      { ms: 2, count: 2 },
      { ms: 3, count: 1 },
      { ms: 4, count: 0 },
    ]);
  });

  it('sees no change where one task ends and another begins', () => {
    expect(runningAtOnce([run(0, 0, 0, 1), run(1, 0, 1, 2)])).toEqual([
      { ms: 0, count: 1 },
      { ms: 2, count: 0 },
    ]);
  });
});
