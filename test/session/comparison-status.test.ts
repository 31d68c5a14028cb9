import { describe, expect, it } from 'vitest';
import { AROUND } from '../../dist/src/options/around.js';
import { comparisonStatus, loadVersionsStatus, versionsStatus } from '../../dist/src/session/comparison-status.js';
import type { Change, NotComparable, RunComparison } from '../../dist/src/model/comparison.js';
import type { Comparison, Verdict } from '../../dist/src/model/results.js';
import type { LoadResults } from '../../dist/src/model/load.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';

const parseFailOn = (text: string) => AROUND.failOn.kind.parse([text], '--fail-on');

const speedup = (lo: number, hi: number): Change['speedup'] => ({ estimate: Math.sqrt(lo * hi), lo, hi, level: 0.95 });

const change = (verdict: Verdict, lo: number, hi: number): Change => ({
  cell: 'work/event-loop',
  speedup: speedup(lo, hi),
  verdict,
  blocks: { old: 12, new: 12 },
  oldRuns: 3,
  drift: 1,
  otherResults: false,
});

const FACTS = { startedAt: '2026-11-26T00:00:00.000Z', node: '20.20.2', seed: 1 };

function statusOf(
  failOn: string,
  changes: readonly Change[],
  reasons: readonly NotComparable[] = [],
  runs: Partial<Pick<RunComparison, 'olds' | 'new'>> = {},
): number {
  const comparison: RunComparison = {
    schema: 'lanewise/comparison@1',
    old: FACTS,
    olds: [FACTS],
    new: FACTS,
    minEffect: 0.05,
    changes,
    configurations: [],
    differences: [],
    notComparable: reasons.map((because) => ({ cell: 'work/worker-threads@2', because })),
    ...runs,
  };
  return comparisonStatus(comparison, parseFailOn(failOn));
}

describe('the exit status of a comparison of two runs', () => {
  it.each<[string, string, readonly Change[], number]>([
    ['is 4 if anything is slower', 'slower', [change('same', 0.99, 1.01), change('slower', 0.8, 0.9)], 4],
    ['is 0 if everything is equal or faster', 'slower', [change('same', 0.99, 1.01), change('faster', 1.1, 1.2)], 0],
    ['is 3 if a slowdown beyond the minimum effect is not excluded', 'slower', [change('inconclusive', 0.9, 1.1)], 3],
    ['is 0 if the CI excludes a slowdown', 'slower', [change('inconclusive', 0.97, 1.2)], 0],
    ['is 3 if the verdict was withheld', 'slower', [change('inconclusive', 1.5, 1.6)], 3],
    ['is 3 if the verdict of equal times was withheld', 'slower', [change('inconclusive', 0.99, 1.01)], 3],
    [
      'is 3 if the drift was not measured',
      'slower',
      [{ ...change('inconclusive', 0.97, 1.2), drift: null, oldRuns: 2 }],
      3,
    ],
    [
      'is 3 if the drift of one of several was not measured',
      'slower',
      [change('inconclusive', 0.97, 1.2), { ...change('same', 0.99, 1.01), drift: null, oldRuns: 2 }],
      3,
    ],
    [
      'is 0 if the drift was measured beside a single earlier run',
      'slower',
      [{ ...change('same', 0.99, 1.01), oldRuns: 1 }],
      0,
    ],
    [
      'is 0 if the drift was not measured beside three earlier runs',
      'slower',
      [{ ...change('inconclusive', 0.97, 1.2), drift: null }],
      0,
    ],
    ['is 3 if it only looks slower', 'slower', [{ ...change('inconclusive', 0.8, 0.9), looks: 'slower' }], 3],
    ['is 0 if it only looks equal', 'slower', [{ ...change('inconclusive', 0.99, 1.01), looks: 'same' }], 0],
    [
      'is 3 if other programs used more CPUs',
      'slower',
      [{ ...change('inconclusive', 0.97, 1.2), otherCpus: { old: 0.1, new: 1 } }],
      3,
    ],
    ['is 4 beyond the threshold', 'slower:10%', [change('slower', 0.8, 0.9)], 4],
    ['is 3 where part of the CI is beyond the threshold', 'slower:10%', [change('slower', 0.8, 0.95)], 3],
    ['is 0 below the threshold', 'slower:30%', [change('slower', 0.8, 0.9)], 0],
    ['is 0 with --fail-on never', 'never', [change('slower', 0.8, 0.9), change('inconclusive', 0.5, 2)], 0],
  ])('the exit status of a comparison %s', (_rule, failOn, changes, status) => {
    expect(statusOf(failOn, changes)).toBe(status);
  });

  it('the exit status of a comparison is 1 if a configuration fails that did not before, even beside a slower one', () => {
    expect(statusOf('slower', [change('slower', 0.8, 0.9)], ['failed-now'])).toBe(1);
    expect(statusOf('never', [], ['failed-now'])).toBe(0);
  });

  it('the exit status of a comparison is 3 if a configuration of both runs could not be compared', () => {
    expect(statusOf('slower', [change('same', 0.99, 1.01)], ['other-batch'])).toBe(3);
    expect(statusOf('slower', [change('same', 0.99, 1.01)], ['too-few-blocks'])).toBe(3);
    expect(statusOf('slower', [], ['withheld'])).toBe(3);
    for (const reason of ['other-load', 'overloaded', 'driver-limited', 'beyond'] as const)
      expect(statusOf('slower', [change('same', 0.99, 1.01)], [reason]), reason).toBe(3);
    expect(statusOf('slower', [change('same', 0.99, 1.01)], ['only-old', 'only-new', 'failed-before'])).toBe(0);
  });
});

describe('the exit status of a comparison of interrupted runs', () => {
  const interrupted = { ...FACTS, complete: false as const };
  const statusWith = (runs: Partial<Pick<RunComparison, 'olds' | 'new'>>): number =>
    statusOf('slower', [change('same', 0.99, 1.01)], [], runs);

  it('is 3 if the later one was interrupted', () => {
    expect(statusWith({ new: interrupted })).toBe(3);
  });

  it('is 3 if any of the earlier ones was interrupted', () => {
    expect(statusWith({ olds: [interrupted] })).toBe(3);
    expect(statusWith({ olds: [FACTS, interrupted] })).toBe(3);
  });
});

describe('the exit status of a comparison of two versions', () => {
  const cells = [
    cellOf({ id: 'work/event-loop', wallsMs: [1] }),
    { ...cellOf({ id: 'work/event-loop~new', wallsMs: [1] }), version: 'new' as const },
  ];
  const comparison: Comparison = {
    workload: 'work',
    params: {},
    baseline: 'work/event-loop',
    contender: 'work/event-loop~new',
    speedup: speedup(0.7, 0.8),
    verdict: 'slower',
    blocks: 12,
  };

  it('the exit status of --versus is 4 if the newer version is slower', () => {
    expect(versionsStatus(resultsOf({ cells, comparisons: [comparison] }), 0)).toBe(4);
    expect(versionsStatus(resultsOf({ cells, comparisons: [comparison] }), 'never')).toBe(0);
  });

  it('the exit status of --versus is 3 if a configuration of the newer version was not compared', () => {
    expect(versionsStatus(resultsOf({ cells, comparisons: [] }), 0)).toBe(3);
    const failed = { ...failedCellOf('work/event-loop~new', 'no'), version: 'new' as const };
    // That one fails the run by itself.
    expect(versionsStatus(resultsOf({ cells: [...cells.slice(0, 1), failed], comparisons: [] }), 0)).toBe(0);
  });
});

describe('the exit status of a load that compares two versions', () => {
  const statusOfLoad = (found: object, cells: readonly object[] = [{ id: 'new', version: 'new' }]): number =>
    loadVersionsStatus(
      loadOf({
        options: { minEffect: 0.05 },
        workloads: [{ name: 'work', rates: [40, 80] }],
        cells: cells.map((cell) => ({ workload: 'work', ...cell })),
        latencyComparisons: [],
        ...found,
      }),
      0,
    );
  const held = (verdict: Verdict, lo: number | null, hi: number | null): object => ({
    heldComparisons: [{ contender: 'new', verdict, speedup: { estimate: null, lo, hi } }],
  });
  const latencies = (...verdicts: readonly Verdict[]): object => ({
    latencyComparisons: verdicts.map((verdict) => ({
      contender: 'new',
      verdict,
      speedup: verdict === 'slower' ? { lo: 0.8, hi: 0.9 } : { lo: 0.98, hi: 1.02 },
    })),
  });

  it.each<[string, object, number]>([
    ['is 4 if the new version holds less', held('slower', null, 0.9), 4],
    ['is 0 if it holds as much', held('same', 0.98, 1.02), 0],
    ['is 0 if it holds more, without a highest ratio', held('faster', 1.2, null), 0],
    ['is 3 if an end of the interval is not known', held('inconclusive', null, 1.1), 3],
    ['is 3 if the rates could not be compared', { heldComparisons: [] }, 3],
    ['is 4 if latencies are longer at one of the rates', latencies('same', 'slower'), 4],
    ['is 0 if they are as long at each', latencies('same', 'same'), 0],
    ['is 3 if they could not be compared at one', latencies('same'), 3],
  ])('%s', (_rule, found, status) => {
    expect(statusOfLoad(found)).toBe(status);
  });

  it('needs the comparisons of each configuration of the new version', () => {
    const both = ['new', 'other'].map((id) => ({ id, version: 'new' }));
    const same = { verdict: 'same', speedup: { estimate: 1, lo: 0.98, hi: 1.02 } };
    const compared = (...contenders: readonly string[]): object => ({
      heldComparisons: contenders.map((contender) => ({ ...same, contender })),
    });
    expect(statusOfLoad(compared('new', 'other'), both)).toBe(0);
    expect(statusOfLoad(compared('new'), both)).toBe(3);
  });
});

/** The parts of load results that the status depends on. */
function loadOf(parts: object): LoadResults {
  return parts as LoadResults;
}
