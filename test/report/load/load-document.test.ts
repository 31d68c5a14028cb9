import { expect, it } from 'vitest';
import type { LoadResults } from '../../../dist/src/model/load.js';
import { atRateOf, loadOf as measuredLoad } from '../../support/load-results.js';
import { loadDocument } from '../../../dist/src/report/load/load-document.js';
import { resultsOf } from '../../support/results.js';

const { environment, options, tool } = resultsOf();

function loadOf({ options: own, ...over }: Readonly<Record<string, object | boolean>>): LoadResults {
  return {
    tool,
    environment,
    options: { ...options, rates: [10], via: 'in-process', arrivals: { kind: 'poisson' }, ...Object(own) },
    workloads: [],
    cells: [],
    latencyComparisons: [],
    complete: true,
    warnings: [],
    noise: [],
    ...over,
  } as unknown as LoadResults;
}

it.each([
  [[], 'interrupted before its rates were known.'],
  [[20, 40], 'interrupted before the rate that is held was known.'],
])('a load report that was interrupted names what is missing, with the rates %j', (rates, missing) => {
  const objective = { quantile: 'p99', ms: 50 };
  const workload = {
    name: 'work',
    title: 'work',
    params: {},
    bound: 'cpu',
    objective,
    rates,
    aloneMs: 5,
    capacity: 80,
  };
  const [headline] = loadDocument(loadOf({ complete: false, workloads: [workload], options: { rates: null } })).title;
  expect(headline).toContain(`objective p99 ≤ 50.0 ms: ${missing}`);
});

it.each([
  ['driver-limited', 'the driver was late in too many windows to know which rate is held.'],
  ['unsure', 'the windows that were measured do not show which rate is held.'],
])('a search that came to its end without a rate is not called interrupted: %s', (holds, reason) => {
  const found = measuredLoad(20);
  const cells = found.cells.map((cell) => ({ ...cell, rates: [{ ...atRateOf(40, 23.7), holds }] }));
  const searched = { ...found, cells, held: [], options: { ...found.options, rates: null } } as LoadResults;
  expect(loadDocument(searched).title[0]).toContain(`objective p99 ≤ 50.0 ms: no verdict: ${reason}`);
});

it('a load report does not say what work is bound by if that is not known', () => {
  const found = measuredLoad(20);
  const workloads = found.workloads.map((workload) => ({ ...workload, bound: 'mixed', boundIs: 'unknown' }));
  expect(loadDocument({ ...found, workloads } as LoadResults).title[0]).toMatch(
    /^work \(kind of work not measured\), /,
  );
});

it('a load report at given rates has no verdict if it was interrupted', () => {
  const [cell] = measuredLoad(20).cells;
  const found = { ...measuredLoad(20), cells: [{ ...cell, rates: [] }] } as LoadResults;
  expect(loadDocument({ ...found, complete: false }).title).toEqual([
    'work (CPU-bound), Poisson arrivals, objective p99 ≤ 50.0 ms: no verdict: interrupted.',
  ]);
  const failed = { ...found, cells: [{ ...cell, status: 'failed', error: { name: 'Error', message: 'no' } }] };
  expect(loadDocument({ ...(failed as LoadResults), complete: false }).title[0]).toContain('no verdict: interrupted.');
  expect(loadDocument(failed as LoadResults).title[0]).toContain('no verdict: every configuration failed.');
  expect(loadDocument(found).title[0]).toContain('no configuration is shown to hold it at 40.0 tasks a second.');
});

it('a load report says that others hold less only if that is shown', () => {
  const [cell] = measuredLoad(20).cells;
  const titleWith = (holds: string): string | undefined => {
    const [one, other] = ['yes', holds].map((each) => ({ ...cell, rates: [{ ...atRateOf(40, 23.7), holds: each }] }));
    const cells = [one, { ...other, id: 'work/worker-threads@4' }];
    return loadDocument({ ...measuredLoad(20), cells } as LoadResults).title[0];
  };
  expect(titleWith('no')).toMatch(/at 40\.0 tasks a second, the others less\.$/);
  expect(titleWith('overloaded')).toMatch(/, the others less\.$/);
  expect(titleWith('unsure')).toMatch(/at 40\.0 tasks a second, which is not shown of the others\.$/);
});

it('a load report shows the quantile that its interval is around, over all tasks', () => {
  const [cell] = measuredLoad(20).cells;
  const objectiveMs = { estimate: 25.75, lo: 24.17, hi: 32.36 };
  const rates = [atRateOf(40, 23.7, { objectiveMs, rejectedShare: 0.01 })];
  const { blocks } = loadDocument({ ...measuredLoad(20), cells: [{ ...cell, rates }] } as LoadResults);
  expect(JSON.stringify(blocks)).toContain('"25.8 (24.2–32.4)"');
});

it('a load report has no verdict if the times are in doubt, whatever they show', () => {
  const taken = {
    kind: 'taken-cpus',
    workload: 'work',
    cores: 2,
    freeCpus: 0.5,
    neededCpus: 2,
    loopCpus: null,
  } as const;
  const found = { ...measuredLoad(20), warnings: [taken] };
  const verdict = 'no verdict: this machine had 0.50 of 2 CPUs free; measure again.';
  expect(loadDocument(found).title[0]).toContain(verdict);
  const searched = { ...found, held: [], options: { ...found.options, rates: null } };
  expect(loadDocument(searched).title[0]).toContain(verdict);
});

/** Everything that a reader of the terminal sees. */
const shownOf = (results: LoadResults): string => JSON.stringify(loadDocument(results));

it('a load report counts the blocks that were measured, not those that were planned', () => {
  const whole = measuredLoad(20);
  expect(shownOf(whole)).toContain('"12 blocks × 1 window"');
  const cells = whole.cells.map((cell) => ({ ...cell, windows: cell.windows.slice(0, 3) }));
  const cut = shownOf({ ...whole, complete: false, cells });
  expect(cut).toContain('"3 of 12 blocks × 1 window"');
  expect(cut).toContain('started afresh for each of 3 blocks');
  const none = shownOf({ ...whole, cells: whole.cells.map((cell) => ({ ...cell, windows: [] })) });
  expect(none).toContain('"0 of 12 blocks × 1 window"');
  expect(none).not.toContain('started afresh for each');
});

it('a load report has no table of a rate that was not reached, and names it', () => {
  const whole = measuredLoad(20);
  const rates = [atRateOf(40)];
  const cells = whole.cells.map((cell) => (cell.status === 'ok' ? { ...cell, rates } : cell));
  const workloads = whole.workloads.map((workload) => ({ ...workload, rates: [40, 60, 80] }));
  const text = shownOf({ ...whole, complete: false, cells, workloads });
  expect(text).toContain('At 40.0 tasks a second');
  expect(text).not.toContain('At 60.0 tasks a second');
  expect(text).toContain('Not reached: 60.0 tasks a second, 80.0 tasks a second.');
});

it('a load report names every configuration that failed, with each error once', () => {
  const whole = measuredLoad(20);
  const error = { name: 'Error', message: 'no such module' };
  const failed = ['event-loop', 'worker-threads', 'child-processes'].map((strategy) => ({
    ...whole.cells[0],
    id: `work/${strategy}`,
    strategy,
    poolSize: 2,
    concurrency: 1,
    status: 'failed',
    error,
  }));
  const text = shownOf({ ...whole, cells: failed as unknown as LoadResults['cells'] });
  expect(text).toMatch(/failed: Error: no such module\. So did 2 worker threads, 2 child processes/);
  expect(text.split('no such module')).toHaveLength(2);
});

it('a load report has the share of tasks that threw, and what they threw, once', () => {
  const whole = measuredLoad(20);
  const thrown = { name: 'Error', message: 'bad request', stack: 'Error: bad request\n    at default (work.js:3:9)' };
  const withErrors = (failedShare: number): LoadResults => ({
    ...whole,
    cells: whole.cells.flatMap((cell) => {
      const [first, ...others] = cell.windows;
      if (cell.status !== 'ok' || first === undefined) return [];
      const windows = [{ ...first, ...(failedShare > 0 && { thrown }) }, ...others];
      const one = { ...cell, windows, rates: [atRateOf(40, 4, { failedShare, missShare: failedShare })] };
      return [one, { ...one, id: 'work/event-loop#2', twin: 2 }];
    }),
  });
  const text = shownOf(withErrors(0.07));
  expect(text).toContain('"title":"failed"');
  expect(text).toContain('"7%"');
  const sentence = 'Tasks threw, and count as missed: Error: bad request, at work.js:3:9 (first on the event loop).';
  expect(text.split(sentence)).toHaveLength(2);
  expect(shownOf(withErrors(0))).not.toContain('"title":"failed"');
});

it('a load report names what withholds its verdicts as the first of its warnings, as a run does', () => {
  const taken = {
    kind: 'taken-cpus',
    workload: 'work',
    cores: 2,
    freeCpus: 0.3,
    neededCpus: 1,
    loopCpus: null,
  } as const;
  const { alerts, blocks } = loadDocument(loadOf({ warnings: [{ kind: 'shared-machine' }, taken] }));
  expect(alerts).toMatchObject([{ heading: 'Warnings', isWarning: true }]);
  expect(JSON.stringify(alerts)).toContain('0.30 of 2 CPUs free');
  expect(JSON.stringify(blocks)).toContain('More warnings');
});

it('a load report says how large a window is, and where it is larger', () => {
  const textOf = (own: object): string => JSON.stringify(loadDocument(loadOf({ options: own })).blocks);
  const size = { requests: 112, settling: 28 };
  const plain = 'A window is 112 arrivals, of which the first 28 do not count.';
  const longer =
    ' At rates at which so many take less than 750 ms it has more, of which as large a share does not count.';
  expect(textOf(size)).toContain(`${plain} All`);
  expect(textOf({ ...size, leastWindowMs: 750 })).toContain(`${plain}${longer} All`);
});
