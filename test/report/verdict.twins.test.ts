import { describe, expect, it } from 'vitest';
import type { Comparison, MeasuredCell, Verdict } from '../../dist/src/model/results.js';
import { findingOf, shortHeadline } from '../../dist/src/report/finding.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { cellOf, resultsOf } from '../support/results.js';

const CELLS = ['work/event-loop', 'work/event-loop#2', 'work/worker-threads@2', 'work/worker-threads@2#2'].map((id) =>
  cellOf({ id, wallsMs: [100] }),
);
const [LOOP, LOOP_TWIN, THREADS, THREADS_TWIN] = CELLS;

function twins(
  baseline: MeasuredCell | undefined,
  contender: MeasuredCell | undefined,
  estimate: number,
  verdict: Verdict,
): Comparison {
  const speedup = { estimate, lo: estimate * 0.99, hi: estimate * 1.01, level: 0.975 };
  const [from, to] = [baseline?.id ?? '', contender?.id ?? ''];
  return { workload: 'work', params: {}, baseline: from, contender: to, speedup, verdict, blocks: 10 };
}

function testing(...comparisons: readonly Comparison[]) {
  const options = { ...resultsOf().options, aa: true as const };
  return groupResults(resultsOf({ options, cells: CELLS, comparisons: [...comparisons] }));
}

describe('the verdict of an A/A test', () => {
  it('counts twins that differ in either direction, and names the one that loses most', () => {
    const groups = testing(twins(LOOP, LOOP_TWIN, 1.2, 'faster'), twins(THREADS, THREADS_TWIN, 0.8, 'slower'));
    const [finding] = groups.map(findingOf);
    expect(finding?.verdict).toBe('of 2 configurations, 2 differ significantly from their twins (A/A test)');
    expect(finding?.details).toEqual([
      '2 worker threads (twin 2) are 0.80× as fast as 2 worker threads (97.5% CI 0.79–0.81).',
      'Twins run the same program: what differs here is a false alarm.',
    ]);
  });

  it('counts twins that differ by less than the minimum effect, if that is sure', () => {
    const groups = testing(twins(LOOP, LOOP_TWIN, 1.03, 'faster'), twins(THREADS, THREADS_TWIN, 0.97, 'slower'));
    expect(shortHeadline(groups)).toBe(
      'work (CPU-bound): of 2 configurations, 2 differ significantly from their twins (A/A test)',
    );
  });

  it('counts none that is not shown to differ', () => {
    const groups = testing(twins(LOOP, LOOP_TWIN, 1.005, 'same'), twins(THREADS, THREADS_TWIN, 1.2, 'inconclusive'));
    const [finding] = groups.map(findingOf);
    expect(finding?.verdict).toBe('of 2 configurations, none differs significantly from its twin (A/A test)');
    expect(finding?.details).toEqual(['Differing by less than the minimum effect: 1.']);
  });
});
