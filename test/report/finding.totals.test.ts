import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { findingOf } from '../../dist/src/report/finding.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { reportResults } from '../support/report-results.js';

const notesOf = (results: Results): string =>
  JSON.stringify(groupResults(results).map((group) => findingOf(group).blocks));

describe('all batches together', () => {
  /** Speedups of one and of two worker threads, of which two were chosen, with those of all batches together. */
  function totals(...pairs: readonly (readonly [typical: number, total: number])[]): string {
    const results = reportResults();
    const comparisons = results.comparisons.map((each, index) => {
      const [estimate = 1, total = 1] = pairs[index] ?? [];
      const totalSpeedup = { estimate: total, lo: total * 0.9, hi: total * 1.1, level: 0.95 };
      return { ...each, speedup: { ...each.speedup, estimate }, totalSpeedup };
    });
    return notesOf({ ...results, comparisons });
  }

  it('are told of from a difference of half of the minimum effect on', () => {
    expect(totals([1, 1], [1.78, 1.82])).not.toContain('counted in full');
    expect(totals([1, 1], [1.78, 1.83])).toContain('counted in full, 2 worker threads have 1.83× instead of 1.78×');
    expect(totals([1, 1], [1.83, 1.78])).toContain('counted in full, 2 worker threads have 1.78× instead of 1.83×');
  });

  it('are not told of if one slow batch makes their CI so wide that it says nothing', () => {
    const wide = (hi: number): string => {
      const results = reportResults();
      const totalSpeedup = { estimate: 0.47, lo: 0.02, hi, level: 0.95 };
      return notesOf({ ...results, comparisons: results.comparisons.map((each) => ({ ...each, totalSpeedup })) });
    };
    expect(wide(1.9)).toContain('counted in full');
    expect(wide(2)).not.toContain('counted in full');
  });

  it('are told of the choice, though the difference of another is larger', () => {
    expect(totals([1, 2], [1.78, 1.6])).toContain('counted in full, 2 worker threads have');
  });

  it('are told of another if there is no such difference of the choice', () => {
    expect(totals([1, 1.2], [1.78, 1.78])).toContain('counted in full, 1 worker thread has 1.20× instead of 1.00×');
  });

  it('are told of the largest difference if the choice was not compared', () => {
    const results = reportResults();
    const chosen = results.recommendations.map((each) => ({ ...each, choose: 'work/event-loop' }));
    const withTotals = (one: number, two: number): string =>
      notesOf({
        ...results,
        recommendations: chosen,
        comparisons: results.comparisons.map((each, index) => ({
          ...each,
          totalSpeedup: { ...each.speedup, estimate: each.speedup.estimate * (index === 0 ? one : two) },
        })),
      });
    expect(withTotals(1.1, 1.3)).toContain('counted in full, 2 worker threads have');
    expect(withTotals(1.3, 1.1)).toContain('counted in full, 1 worker thread has');
  });
});

describe('work off the main thread', () => {
  /** An event loop that used two CPUs, and was blocked for that share of a batch. */
  function offLoop(blocked: number, warnings: Results['warnings'] = []): string {
    const results = reportResults();
    const cells = results.cells.map((cell) => {
      if (cell.status !== 'ok' || cell.strategy !== 'event-loop') return cell;
      const p99 = blocked * cell.summary.wallMs.median;
      return { ...cell, summary: { ...cell.summary, cpusUsed: 2, loopDelayMs: { p50: 0, p99, max: p99 } } };
    });
    return notesOf({ ...results, cells, warnings: [...warnings] });
  }

  it('leaves the event loop free for three quarters of a batch', () => {
    expect(offLoop(0.2)).toContain('off the main thread');
    expect(offLoop(0.3)).not.toContain('off the main thread');
  });

  it('is not told of times that are in doubt', () => {
    const taken = {
      kind: 'taken-cpus',
      workload: 'work',
      cores: 2,
      freeCpus: 0.7,
      neededCpus: 2,
      loopCpus: null,
    } as const;
    expect(offLoop(0.2, [taken])).not.toContain('off the main thread');
  });
});
