import { describe, expect, it } from 'vitest';
import type { Results, TuningGoal } from '../../dist/src/model/results.js';
import { findingOf } from '../../dist/src/report/finding.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { cellOf, resultsOf } from '../support/results.js';

const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [100], memoryMiB: 40 });
const THREADS = cellOf({ id: 'work/worker-threads@2', wallsMs: [95], memoryMiB: 60 });

/** Two threads were chosen, and are not shown to be faster. */
function detailsFor(goal: TuningGoal['for'], tied: readonly string[] = []): readonly string[] {
  const { options } = resultsOf();
  const results: Results = resultsOf({
    options: { ...options, tuning: { for: goal, minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 4 } },
    cells: [LOOP, THREADS],
    comparisons: [
      {
        workload: 'work',
        params: {},
        baseline: LOOP.id,
        contender: THREADS.id,
        speedup: { estimate: 1.05, lo: 0.95, hi: 1.15, level: 0.95 },
        verdict: 'inconclusive',
        blocks: 10,
        blocksToDecide: 40,
      },
    ],
    recommendations: [
      {
        workload: 'work',
        params: {},
        choose: THREADS.id,
        fastest: THREADS.id,
        tied: [THREADS.id, ...tied],
        because: '',
      },
    ],
    tuning: {
      choose: THREADS.id,
      finalists: [LOOP.id, THREADS.id],
      screened: 2,
      durationMs: 1,
      screeningMs: 1,
      leftOut: [],
    },
  });
  return groupResults(results).flatMap((group) => findingOf(group).details);
}

describe('a setting that is not shown to be faster', () => {
  it('says so, and what would decide it, if throughput was asked for', () => {
    expect(detailsFor('throughput', [LOOP.id])).toEqual([
      'No configuration is significantly faster than the event loop. --blocks 40 would likely decide it (10 measured).',
      'Tied with: the event loop.',
    ]);
  });

  it('says nothing of it if something else was asked for', () => {
    for (const goal of ['memory', 'latency', 'responsiveness'] as const)
      expect(detailsFor(goal, [LOOP.id])).toEqual(['Tied with: the event loop.']);
  });

  it('says that every other finalist is worse if nothing is tied with it', () => {
    expect(detailsFor('memory')).toEqual(['Every other finalist is worse.']);
  });
});
