import { expect, it } from 'vitest';
import type { LoadResults } from '../../../src/model/load.ts';
import { loadOf as measuredLoad } from '../../support/load-results.js';
import { loadDocument } from '../../../src/report/load/load-document.ts';
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

it('a load report at given rates has no verdict if it was interrupted', () => {
  const [cell] = measuredLoad(20).cells;
  const found = { ...measuredLoad(20), cells: [{ ...cell, rates: [] }] } as LoadResults;
  expect(loadDocument({ ...found, complete: false }).title).toEqual([
    'work (CPU-bound), Poisson arrivals, objective p99 ≤ 50.0 ms: no verdict: interrupted.',
  ]);
  expect(loadDocument(found).title[0]).toContain('no configuration is shown to hold it at 40.0 tasks a second.');
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
