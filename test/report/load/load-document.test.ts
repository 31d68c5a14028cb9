import { expect, it } from 'vitest';
import type { LoadResults } from '../../../src/model/load.ts';
import { loadDocument } from '../../../src/report/load/load-document.ts';
import { resultsOf } from '../../support/results.js';

const { environment, options, tool } = resultsOf();

it('a load report names what withholds its verdicts as the first of its warnings, as a run does', () => {
  const taken = {
    kind: 'taken-cpus',
    workload: 'work',
    cores: 2,
    freeCpus: 0.3,
    neededCpus: 1,
    loopCpus: null,
  } as const;
  const results = {
    tool,
    environment,
    options: { ...options, rates: [10], via: 'in-process', arrivals: { kind: 'poisson' } },
    workloads: [],
    cells: [],
    latencyComparisons: [],
    complete: true,
    warnings: [{ kind: 'shared-machine' }, taken],
  } as unknown as LoadResults;
  const { alerts, blocks } = loadDocument(results);
  expect(alerts).toMatchObject([{ heading: 'Warnings', isWarning: true }]);
  expect(JSON.stringify(alerts)).toContain('0.30 of 2 CPUs free');
  expect(JSON.stringify(blocks)).toContain('More warnings');
});
