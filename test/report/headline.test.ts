import { describe, expect, it } from 'vitest';
import type { Comparison, Results } from '../../dist/src/model.js';
import { groupResults } from '../../dist/src/report/groups.js';
import { headline } from '../../dist/src/report/headline.js';
import { reportResults } from '../support/report-results.js';

function told(results: Results): string {
  return headline(groupResults(results));
}

/** The event loop is chosen, and this is said of two worker threads. */
function staying(speedup: Comparison['speedup'], verdict: Comparison['verdict']): Results {
  const results = reportResults();
  return {
    ...results,
    recommendations: results.recommendations.map((each) => ({ ...each, choose: 'work/event-loop' })),
    comparisons: results.comparisons.map((each) =>
      each.contender === 'work/worker-threads@2' ? { ...each, speedup, verdict } : each,
    ),
  };
}

describe('the headline', () => {
  it('names the kind of work and what runs it, as fast as it was measured', () => {
    expect(told(reportResults())).toBe('CPU work: 2 worker threads run it 2.00 times as fast.');
  });

  it('says that the event loop is to stay', () => {
    expect(told(staying({ estimate: 0.9, lo: 0.8, hi: 0.95, level: 0.95 }, 'slower'))).toBe(
      'CPU work: stay on the event loop.',
    );
  });

  it('says what is too close to call, with the interval as a difference', () => {
    expect(told(staying({ estimate: 1.06, lo: 0.97, hi: 1.07, level: 0.95 }, 'inconclusive'))).toBe(
      'CPU work: too close to call: 2 worker threads and the event loop differ by 6 % (95 % interval -3 % to +7 %).',
    );
  });

  it('names workloads where two are of the same kind', () => {
    expect(told(reportResults([{ workload: 'a' }, { workload: 'b' }]))).toBe(
      'a: 2 worker threads run it 2.00 times as fast. b: 2 worker threads run it 2.00 times as fast.',
    );
  });

  it('counts where there are too many for clauses', () => {
    const groups = ['a', 'b', 'c', 'd', 'e'].map((workload) => ({ workload }));
    expect(told(reportResults(groups))).toBe('Of 5 pieces of work: 5 run better in another way than the baseline.');
  });

  it('names what it compares with, where that is not the event loop', () => {
    const results = reportResults();
    const comparisons = results.comparisons
      .filter(({ contender }) => contender === 'work/worker-threads@2')
      .map((each) => ({ ...each, baseline: 'work/worker-threads@1' }));
    expect(told({ ...results, comparisons })).toBe(
      'CPU work: 2 worker threads run it 2.00 times as fast as 1 worker thread.',
    );
  });

  it('does not call slower what is within the margin, and not faster', () => {
    const results = reportResults();
    const verdicts = (verdict: Comparison['verdict'], estimate: number) =>
      results.comparisons.map((each) => ({ ...each, verdict, speedup: { ...each.speedup, estimate } }));
    expect(told({ ...results, comparisons: verdicts('slower', 0.97) })).toBe(
      'CPU work: 2 worker threads run it 0.97 times as fast, within the margin, and cost less.',
    );
    expect(told({ ...results, comparisons: verdicts('same', 1) })).toBe(
      'CPU work: 2 worker threads run it as fast, and cost less.',
    );
  });

  it('counts ways of two versions, however many workloads there are', () => {
    const versus = (names: readonly string[]): Results => {
      const results = reportResults(names.map((workload) => ({ workload })));
      return { ...results, workloads: results.workloads.map((each) => ({ ...each, newerSource: 'new.js' })) };
    };
    expect(told(versus(['a']))).toBe('CPU work: of 2 ways, the new version is faster on 1, too close to call on 1.');
    expect(told(versus(['a', 'b', 'c', 'd', 'e']))).toBe(
      'In 5 pieces of work: of 10 ways, the new version is faster on 5, too close to call on 5.',
    );
  });

  it('says that nothing was measured', () => {
    expect(told({ ...reportResults(), workloads: [] })).toBe('Nothing was measured.');
    expect(told({ ...reportResults(), cells: [] })).toBe('CPU work: no way of running it could be measured.');
  });
});
