import { expect, it } from 'vitest';
import type { Bound } from '../../dist/workers/contract.js';
import { likelyKinds, measuredKinds, type Found } from '../../dist/src/flow/find.js';
import { completeWorkload } from '../../dist/src/plan/complete-workload.js';
import { runRequest } from '../support/requests.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };
const { claims, ...undeclared } = foundWorkload();
const { bound: _none, ...others } = claims;
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
