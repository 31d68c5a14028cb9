import { expect, it } from 'vitest';
import type { WorkloadClaims } from '../../dist/workers/claims.js';
import type { Bound } from '../../dist/workers/contract.js';
import { likelyKinds, measuredKinds, type Found } from '../../dist/src/flow/find.js';
import type { FoundWorkload } from '../../dist/src/model/plan.js';
import { completeWorkload } from '../../dist/src/plan/complete-workload.js';
import { runRequest } from '../support/requests.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };
const { claims, ...undeclared } = foundWorkload();
const { bound: _none, tasks: _own, ...others } = claims;
const RESUMED = { source: 'work.js', bound: 'cpu', tasks: 4 } as const;
const work = { ...undeclared, claims: others };
/** To measure kinds takes its runtimes. */
const unused = {
  get runtimes(): never {
    throw new Error('measured again');
  },
};

it.each<[Bound | 'unknown', Bound, string]>([
  ['io', 'io', 'measured'],
  ['unknown', 'mixed', 'unknown'],
])('a resumed run keeps the kind that it had found: %s', async (kind, bound, boundIs) => {
  const request = runRequest({ kinds: [{ source: 'work.js', bound: kind }] }, MACHINE);
  const found = { workloads: [work], request, machine: unused, seed: 1 } as unknown as Found;
  const workloads = await measuredKinds(found);
  expect(likelyKinds(found)).toEqual(workloads);
  expect(completeWorkload(workloads[0] ?? work, request)).toMatchObject({ bound, boundIs });
});

it.each<[string, Partial<WorkloadClaims>, Parameters<typeof runRequest>[0], boolean]>([
  ['declares neither a kind nor tasks', {}, {}, true],
  ['declares a kind alone: batches of long tasks have fewer', { bound: 'cpu' }, {}, true],
  ['declares tasks alone', { tasks: 4 }, {}, true],
  ['declares both', { bound: 'cpu', tasks: 4 }, {}, false],
  ['declares a kind, and tasks are given', { bound: 'cpu' }, { tasks: 4 }, false],
  ['declares a kind, and inputs are given', { bound: 'cpu' }, { inputs: [1, 2] }, false],
  ['declares a kind, and was tried by the resumed run', { bound: 'cpu' }, { kinds: [RESUMED] }, false],
])('work is tried before if its module %s', async (_what, declared, asked, isTried) => {
  const request = runRequest(asked, MACHINE);
  const module = { ...work, claims: { ...others, ...declared } };
  const found = { workloads: [module], request, machine: unused, seed: 1 } as unknown as Found;
  const outcome = await measuredKinds(found).then(() => 'not tried', String);
  expect(outcome).toBe(isTried ? 'Error: measured again' : 'not tried');
});

it.each<[string, Partial<FoundWorkload>, number]>([
  ['as always for short ones', { measuredBound: 'cpu', measuredTaskMs: 240 }, 16],
  ['so that they take four seconds one by one', { measuredBound: 'cpu', measuredTaskMs: 300 }, 8],
  ['one for each worker at least', { measuredBound: 'cpu', measuredTaskMs: 5000 }, 4],
  ['so that they wait for ten seconds one by one', { measuredBound: 'io', measuredTaskMs: 1000 }, 8],
  ['two for each worker at least, where tasks wait', { measuredBound: 'io', measuredTaskMs: 60_000 }, 8],
  ['as the resumed run had planned', { measuredBound: 'cpu', plannedTasks: 4 }, 4],
  [
    'one for each worker at least, where it declares to compute',
    { claims: { ...others, bound: 'cpu' }, measuredTaskMs: 5000 },
    4,
  ],
  ['as it declares', { claims: { ...others, tasks: 5 }, measuredBound: 'cpu', measuredTaskMs: 5000 }, 5],
])('a batch of long tasks has fewer: %s', (_, measured, tasks) => {
  const request = runRequest({ poolSizes: [1, 4] }, { ...MACHINE, cores: 4 });
  expect(completeWorkload({ ...work, ...measured }, request).tasks).toBe(tasks);
});
