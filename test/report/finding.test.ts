import { describe, expect, it } from 'vitest';
import type { Comparison, Results } from '../../dist/src/model/results.js';
import { groupResults, type ReportGroup } from '../../dist/src/stats/groups.js';
import { numbersTable } from '../../dist/src/report/columns.js';
import { answersTable, findingOf, headline, shortHeadline } from '../../dist/src/report/finding.js';
import { reportResults } from '../support/report-results.js';

function rendered(results: Results): string {
  return headline(groupResults(results)).join(' ');
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
  it('names the kind of work, the configuration and its speedup', () => {
    expect(rendered(reportResults())).toBe('work (CPU-bound): use 2 worker threads, 2.00× as fast as the event loop');
  });

  it('says that nothing is significantly faster if another comparison is undecided', () => {
    const slower = staying({ estimate: 0.9, lo: 0.8, hi: 0.95, level: 0.95 }, 'slower');
    const withOpen = (hi: number): Results => ({
      ...slower,
      comparisons: slower.comparisons.map((each) =>
        each.verdict === 'inconclusive' ? { ...each, speedup: { ...each.speedup, hi } } : each,
      ),
    });
    expect(rendered(withOpen(1.2))).toBe(
      'work (CPU-bound): no configuration is significantly faster than the event loop',
    );
    // What it may gain is less than the minimum effect.
    expect(rendered(withOpen(1.04))).toBe('work (CPU-bound): stay on the event loop');
  });

  it('says that nothing is significantly faster if the comparison is undecided', () => {
    expect(rendered(staying({ estimate: 1.06, lo: 0.97, hi: 1.07, level: 0.95 }, 'inconclusive'))).toBe(
      'work (CPU-bound): no configuration is significantly faster than the event loop',
    );
  });

  it('has a clause for each workload', () => {
    expect(rendered(reportResults([{ workload: 'a' }, { workload: 'b' }]))).toBe(
      'a (CPU-bound): use 2 worker threads, 2.00× as fast as the event loop b (CPU-bound): use 2 worker threads, 2.00× as fast as the event loop',
    );
  });

  it('counts the answers above a table that has them', () => {
    const groups = ['a', 'b', 'c', 'd', 'e'].map((workload) => ({ workload }));
    expect(shortHeadline(groupResults(reportResults(groups)))).toBe(
      'Of 5 workloads: 5 run better in another configuration.',
    );
  });

  it('names a baseline other than the event loop', () => {
    const results = reportResults();
    const comparisons = results.comparisons
      .filter(({ contender }) => contender === 'work/worker-threads@2')
      .map((each) => ({ ...each, baseline: 'work/worker-threads@1' }));
    expect(rendered({ ...results, comparisons })).toBe(
      'work (CPU-bound): use 2 worker threads, 2.00× as fast as 1 worker thread',
    );
  });

  it('says where all batches together give another speedup than a typical one', () => {
    const results = reportResults();
    const withTotal = (estimate: number): Results => ({
      ...results,
      comparisons: results.comparisons.map((each) => ({
        ...each,
        speedup: { ...each.speedup, estimate: 1.78 },
        totalSpeedup: { estimate, lo: 1.4, hi: 1.75, level: 0.95 },
      })),
    });
    const notesOf = (given: Results): string =>
      JSON.stringify(groupResults(given).map((group) => findingOf(group).blocks));
    expect(notesOf(withTotal(1.6))).toContain(
      'The speedup is that of a typical batch; with slow batches counted in full, 2 worker threads have 1.60× instead of 1.78× (95% CI 1.40–1.75). With 6 batches of each, slow ones rarer than 1 in 2 may be missing.',
    );
    expect(notesOf(withTotal(1.75))).not.toContain('typical batch');
  });

  it('names the verdicts that measuring disturbed blocks again has changed', () => {
    const results = reportResults();
    const notesOf = (change: Pick<Comparison, 'verdict' | 'unrepeated'> & Partial<Comparison>): string => {
      const comparisons = results.comparisons.map((each) => ({ ...each, ...change }));
      return JSON.stringify(groupResults({ ...results, comparisons }).map((group) => findingOf(group).blocks));
    };
    const before = { estimate: 1.2, lo: 0.9, hi: 1.4, level: 0.95 };
    expect(notesOf({ verdict: 'faster', unrepeated: { speedup: before, verdict: 'inconclusive' } })).toContain(
      'Without measuring disturbed blocks again, other verdicts: 1 worker thread: unclear, 1.20× (95% CI 0.90–1.40), instead of ',
    );
    // Shown to be slower, or to be less than the minimum effect slower: both read slightly slower.
    const speedup = { estimate: 0.97, lo: 0.93, hi: 0.99, level: 0.95 };
    const unrepeated = { speedup: { ...speedup, lo: 0.96 }, verdict: 'same' as const };
    expect(notesOf({ verdict: 'slower', speedup, unrepeated })).not.toContain('other verdicts');
  });

  it('calls a difference below the minimum effect slight', () => {
    const results = reportResults();
    const verdicts = (verdict: Comparison['verdict'], estimate: number) =>
      results.comparisons.map((each) => ({
        ...each,
        verdict,
        speedup: { ...each.speedup, estimate, lo: estimate - 0.02, hi: estimate + 0.02 },
      }));
    expect(rendered({ ...results, comparisons: verdicts('slower', 0.97) })).toBe(
      'work (CPU-bound): use 2 worker threads, slightly slower than the event loop (0.97×)',
    );
    expect(rendered({ ...results, comparisons: verdicts('same', 1) })).toBe(
      'work (CPU-bound): use 2 worker threads, as fast as the event loop',
    );
  });

  it('counts configurations of two versions over all workloads', () => {
    const versus = (names: readonly string[]): Results => {
      const results = reportResults(names.map((workload) => ({ workload })));
      return { ...results, workloads: results.workloads.map((each) => ({ ...each, newerSource: 'new.js' })) };
    };
    expect(rendered(versus(['a']))).toBe(
      'a (CPU-bound): of 2 configurations, the new version is faster on 1, not significantly different on 1',
    );
    expect(shortHeadline(groupResults(versus(['a', 'b', 'c', 'd', 'e'])))).toBe(
      'In 5 workloads: of 10 configurations, the new version is faster on 5, not significantly different on 5.',
    );
  });

  it('counts the answers of a scan by the values of its params, with where to stay', () => {
    const sizes = [1, 2].map((size) => ({ workload: 'work', params: { size }, title: `work[size=${size}]` }));
    const scan = reportResults(sizes);
    expect(shortHeadline(groupResults(scan))).toBe(
      'Of work with 2 values of size: 2 run better in another configuration.',
    );
    const baselineOf = (id: string): string => id.replace(/[^/]*$/, 'event-loop');
    const recommendations = scan.recommendations.map((each) => ({ ...each, choose: baselineOf(each.choose) }));
    const slower = { estimate: 0.5, lo: 0.4, hi: 0.6, level: 0.95 };
    const comparisons = scan.comparisons.map((each) => ({ ...each, speedup: slower, verdict: 'slower' as const }));
    expect(shortHeadline(groupResults({ ...scan, recommendations, comparisons }))).toBe(
      'Of work with 2 values of size: 2 stay on the event loop.',
    );
  });

  it('says that nothing was measured', () => {
    expect(rendered({ ...reportResults(), workloads: [] })).toBe('Nothing was measured.');
    expect(rendered({ ...reportResults(), cells: [] })).toBe('work (CPU-bound): not measured');
  });
});

describe('the table of answers', () => {
  const speedupOf = (results: Results) => answersTable(groupResults(results)).rows[0]?.cells[3];

  it('has the speedup of the choice', () => {
    expect(speedupOf(reportResults())).toMatchObject({ text: '2.00× (1.90–2.10)', range: { lo: 1.9, hi: 2.1 } });
  });

  it('has the speedup of the closest configuration if the baseline is the choice', () => {
    const speedup = { estimate: 1.06, lo: 0.97, hi: 1.07, level: 0.95 };
    expect(speedupOf(staying(speedup, 'inconclusive'))).toEqual({ text: 'closest: 1.06× (0.97–1.07)', range: speedup });
  });
});

describe('the finding', () => {
  const notesWith = (cpusUsed: number, p99 = 1, median = 10): string => {
    const results = reportResults();
    const cells = results.cells.map((cell) =>
      cell.status === 'ok' && cell.strategy === 'event-loop'
        ? {
            ...cell,
            summary: {
              ...cell.summary,
              cpusUsed,
              wallMs: { median, lo: 9, hi: 11 },
              loopDelayMs: { p50: 0, p99, max: p99 },
            },
          }
        : cell,
    );
    return JSON.stringify(groupResults({ ...results, cells }).map(findingOf));
  };

  it('says once that sequential and the event loop are one program where no task waits, and compares others', () => {
    const results = staying({ estimate: 0.9, lo: 0.85, hi: 0.94, level: 0.95 }, 'slower');
    const [loop, ...others] = results.cells;
    const [first] = results.comparisons;
    if (loop?.status !== 'ok' || first === undefined) throw new Error('it was measured');
    const twin = { ...loop, id: 'work/sequential', strategy: 'sequential', concurrency: 1 } as const;
    const comparison = {
      ...first,
      contender: twin.id,
      speedup: { estimate: 1.2, lo: 1.1, hi: 1.3, level: 0.95 },
      verdict: 'faster' as const,
    };
    const textWith = (tasksInFlight: number, render: (group: ReportGroup) => unknown = findingOf): string => {
      const cells = [{ ...loop, summary: { ...loop.summary, tasksInFlight } }, twin, ...others];
      const given = { ...results, cells, comparisons: [comparison, ...results.comparisons] };
      return JSON.stringify(groupResults(given).map(render));
    };
    // Never faster, slower or far behind: that would be said of noise.
    expect(textWith(1, numbersTable)).toContain('"text":"same program"');
    expect(textWith(1, numbersTable)).not.toContain('"text":"faster"');
    expect(textWith(3, numbersTable)).toContain('"text":"faster"');
    expect(textWith(1)).toContain('sequential and the event loop are the same program');
    expect(textWith(1)).not.toContain('equential execution');
    expect(textWith(3)).not.toContain('same program');
    expect(textWith(3)).toContain('equential execution');
  });

  it('reports work off the main thread if the event loop used more than 1.2 CPUs without blocking', () => {
    expect(notesWith(1.83)).toContain('The event loop used 1.83 CPUs: the work already runs off the main thread');
    expect(notesWith(1.83, 9)).not.toContain('off the main thread');
    expect(notesWith(1.2)).not.toContain('off the main thread');
    // In so short a batch no delay is seen, and the CPUs may be those of the compiler.
    expect(notesWith(1.83, 0, 0.4)).not.toContain('off the main thread');
  });
});
