/** Sentences that stand beside a table say no more, and nothing else, than its verdicts. */
import { describe, expect, it } from 'vitest';
import type { Cell, Comparison, MeasuredCell, Recommendation, Results, Verdict } from '../../dist/src/model/results.js';
import { findingOf, shortHeadline } from '../../dist/src/report/finding.js';
import { givenUp } from '../../dist/src/stats/decision.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';

const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [100] });
const THREADS = cellOf({ id: 'work/worker-threads@2', wallsMs: [100] });
const CHILDREN = cellOf({ id: 'work/child-processes@2', wallsMs: [100] });

type Compared = readonly [contender: Cell, estimate: number, lo: number, hi: number, verdict: Verdict];

function comparisonOf([contender, estimate, lo, hi, verdict]: Compared, baseline: Cell = LOOP): Comparison {
  const speedup = { estimate, lo, hi, level: 0.95 };
  return { workload: 'work', params: {}, baseline: baseline.id, contender: contender.id, speedup, verdict, blocks: 10 };
}

interface Given {
  readonly cells: Cell[];
  readonly compared: readonly Compared[];
  readonly choose: MeasuredCell;
  readonly baseline?: Cell;
  readonly tied?: readonly Cell[];
  readonly chosenFor?: Recommendation['chosenFor'];
  readonly shown?: readonly Cell[];
}

function resultsWith({ cells, compared, choose, baseline = LOOP, tied = [choose], chosenFor, shown }: Given): Results {
  const own = tied.map(({ id }) => id);
  const chosen = { workload: 'work', params: {}, choose: choose.id, fastest: choose.id, tied: own, because: '' };
  return resultsOf({
    cells,
    comparisons: compared.map((each) => comparisonOf(each, baseline)),
    recommendations: [
      { ...chosen, ...(chosenFor && { chosenFor }), ...(shown && { shown: shown.map(({ id }) => id) }) },
    ],
  });
}

function said(given: Given): string {
  const [group] = groupResults(resultsWith(given));
  if (group === undefined) throw new Error('there is one group');
  const { verdict, details } = findingOf(group);
  return [`${verdict}.`, ...details].join(' ');
}

describe('a choice over the baseline', () => {
  const slightly: Compared = [THREADS, 1.04, 1.03, 1.045, 'same'];

  it('is said to cost less only if it needs fewer workers, or less CPU time or memory with as many', () => {
    const cells = [LOOP, THREADS];
    expect(said({ cells, compared: [slightly], choose: THREADS, tied: cells, chosenFor: 'near-best' })).toBe(
      'use 2 worker threads, slightly faster than the event loop (1.04×). Tied with: the event loop. 2 worker threads were chosen: the others look slower, though not surely by 5%.',
    );
    const toLoop = (cpuMs: number, memoryMiB?: number): string => {
      const other = cellOf({ id: CHILDREN.id, wallsMs: [100], cpuMs, ...(memoryMiB && { memoryMiB }) });
      const own = cellOf({ id: THREADS.id, wallsMs: [100], ...(memoryMiB && { memoryMiB: 20 }) });
      return said({ cells: [own, other], compared: [[own, 1, 0.99, 1.01, 'same']], choose: own, baseline: other });
    };
    expect(toLoop(20)).toContain('use 2 worker threads: as fast as 2 child processes, and they cost less.');
    expect(toLoop(10)).toContain('use 2 worker threads, as fast as 2 child processes.');
    expect(toLoop(10, 40)).toContain('and they cost less.');
    expect(toLoop(5, 40)).not.toContain('cost less');
    const loop: Compared = [LOOP, 1, 0.99, 1.01, 'same'];
    expect(said({ cells, compared: [loop], choose: LOOP, baseline: THREADS })).toBe(
      'use the event loop: as fast as 2 worker threads, and it costs less.',
    );
  });

  it('is not said to look faster than one that looks faster, and is not shown to be', () => {
    const all = [THREADS, CHILDREN, cellOf({ id: 'work/worker-threads@4', wallsMs: [90] })];
    const [, , noisy = LOOP] = all;
    const compared: Compared[] = [
      [THREADS, 1.2, 1.15, 1.25, 'faster'],
      [CHILDREN, 1.1, 1.05, 1.15, 'faster'],
      [noisy, 1.3, 0.9, 1.6, 'inconclusive'],
    ];
    const given = { cells: [LOOP, ...all], compared, choose: THREADS, tied: all, shown: [THREADS, CHILDREN] };
    expect(said({ ...given, chosenFor: 'near-best' })).toContain(
      '2 worker threads were chosen: of those shown to be faster than the baseline, the others look slower, though not surely by 5%.',
    );
    expect(said({ ...given, chosenFor: 'fewest-workers' })).toContain(
      'chosen: of those shown to be faster than the baseline, fewest workers.',
    );
    expect(said({ ...given, shown: [THREADS], chosenFor: 'beats-baseline' })).toContain(
      'chosen: the only one of these shown to be faster than the baseline.',
    );
  });

  it('is offered for now where it is not significantly faster', () => {
    const all = [LOOP, THREADS, CHILDREN];
    const compared: Compared[] = [
      [THREADS, 1.05, 0.77, 1.31, 'inconclusive'],
      [CHILDREN, 1.01, 0.8, 1.2, 'inconclusive'],
    ];
    expect(said({ cells: all, compared, choose: THREADS, tied: all, chosenFor: 'near-best' })).toMatch(
      /^no configuration is significantly faster than the event loop\..* To choose now, take 2 worker threads: the others look slower, though not surely by 5%\. Tied with: the event loop, 2 child processes\.$/,
    );
  });

  it('is counted as better only if it is faster', () => {
    const counted = (...compared: Compared): string => {
      const one = resultsWith({ cells: [LOOP, THREADS], compared: [compared], choose: THREADS });
      const both = ['a', 'b'].map((workload) => ({
        cells: one.cells.map((cell) => ({ ...cell, workload })),
        comparisons: one.comparisons.map((each) => ({ ...each, workload })),
        recommendations: one.recommendations.map((each) => ({ ...each, workload })),
        workloads: one.workloads.map((each) => ({ ...each, name: workload })),
      }));
      return shortHeadline(
        groupResults(
          resultsOf({
            cells: both.flatMap(({ cells }) => cells),
            comparisons: both.flatMap(({ comparisons }) => comparisons),
            recommendations: both.flatMap(({ recommendations }) => recommendations),
            workloads: both.flatMap(({ workloads }) => workloads),
          }),
        ),
      );
    };
    expect(counted(...slightly)).toBe('Of 2 workloads: 2 run better in another configuration.');
    expect(counted(THREADS, 0.98, 0.97, 0.99, 'same')).toBe(
      'Of 2 workloads: 2 run about as well in another configuration.',
    );
  });

  it('leads with its costs only where the other is listed as tied', () => {
    const tradeOff = { cell: CHILDREN.id, speedup: { estimate: 0.94, lo: 0.91, hi: 0.97, level: 0.95 } };
    const leads = (estimate: number, verdict: Verdict): boolean | undefined => {
      const compared: Compared = [CHILDREN, estimate, estimate - 0.03, estimate + 0.03, verdict];
      const { recommendations, ...rest } = resultsWith({
        cells: [LOOP, CHILDREN],
        compared: [compared],
        choose: LOOP,
        tied: [LOOP, CHILDREN],
      });
      const [group] = groupResults({
        ...rest,
        recommendations: recommendations.map((each) => ({ ...each, tradeOff })),
      });
      return group && givenUp(group)?.comesFirst;
    };
    expect([leads(1, 'same'), leads(0.94, 'slower')]).toEqual([true, false]);
  });
});

describe('the reason to stay', () => {
  const slower: Compared = [THREADS, 0.9, 0.88, 0.92, 'slower'];
  const staying = (...[others, compared]: readonly [Cell[], readonly Compared[]]): string =>
    said({ cells: [LOOP, ...others], compared, choose: LOOP });

  it('calls every other configuration slower only if each is', () => {
    expect(staying([THREADS], [slower])).toContain('Every other configuration is slower.');
    const unclear: Compared = [CHILDREN, 0.85, 0.71, 1.01, 'inconclusive'];
    expect(staying([THREADS, CHILDREN], [slower, unclear])).toContain('No configuration is significantly faster.');
    expect(staying([THREADS, failedCellOf(CHILDREN.id, 'no')], [slower])).toContain(
      'Every other configuration that could be measured is slower.',
    );
    expect(staying([THREADS, CHILDREN], [slower])).toContain('No configuration is significantly faster.');
  });

  it('does not deny a slight difference that is sure', () => {
    const slightly: Compared = [THREADS, 1.01, 1.005, 1.015, 'same'];
    const best: Compared = [CHILDREN, 1.02, 0.99, 1.04, 'same'];
    expect(staying([THREADS, CHILDREN], [slightly, best])).toBe(
      'stay on the event loop. 1 configuration is significantly faster than the event loop, but not the one that looks best.',
    );
  });

  it('does not say of the one that looks best that it is not faster, where another is open', () => {
    const best: Compared = [THREADS, 1.04, 1.03, 1.045, 'same'];
    const open: Compared = [CHILDREN, 1.02, 0.95, 1.09, 'inconclusive'];
    expect(staying([THREADS, CHILDREN], [best, open])).toContain(
      '1 configuration is significantly faster than the event loop, but not 2 child processes. Closest: 2 child processes, 1.02× as fast',
    );
  });

  it('is none to stay where the baseline failed and another took its place', () => {
    const compared: Compared = [CHILDREN, 0.9, 0.88, 0.92, 'slower'];
    const cells = [failedCellOf(LOOP.id, 'no'), THREADS, CHILDREN];
    expect(said({ cells, compared: [compared], choose: THREADS, baseline: THREADS })).toBe(
      'use 2 worker threads. Every other configuration that could be measured is slower.',
    );
  });
});

it('the example of two versions is one that differs', () => {
  const news = [LOOP, THREADS].map((cell) => ({ ...cellOf({ id: `${cell.id}~new`, wallsMs: [100] }) }));
  const [loop = LOOP, threads = THREADS] = news;
  const workloads = resultsOf().workloads.map((each) => ({ ...each, newerSource: 'new.js' }));
  const comparisons = [
    comparisonOf([loop, 0.97, 0.96, 0.98, 'same']),
    comparisonOf([threads, 0.96, 0.9, 1.03, 'inconclusive'], THREADS),
  ];
  const [group] = groupResults(resultsOf({ cells: [LOOP, THREADS, ...news], comparisons, workloads }));
  const { verdict, details } = group === undefined ? { verdict: '', details: [] } : findingOf(group);
  expect(verdict).toBe(
    'of 2 configurations, the new version is slightly slower on 1, not significantly different on 1',
  );
  expect(details[0]).toContain('0.97× as fast as the event loop');
  const [only] = groupResults(resultsOf({ cells: [LOOP, loop], comparisons: comparisons.slice(0, 1), workloads }));
  expect(only === undefined ? '' : findingOf(only).verdict).toBe('the new version is slightly slower');
});
