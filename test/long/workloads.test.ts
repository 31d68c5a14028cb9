/** Every built-in workload gives the same results wherever its tasks run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServices, type OpenServices } from '../../dist/src/measure/worker-process.js';
import { SHIPPED_WORKLOADS } from '../../dist/src/plan/select-workloads.js';
import { STRATEGY_NAMES, traitsOf } from '../../dist/src/model/strategies.js';
import { strategies } from '../../dist/src/lanes/registry.js';
import type { Params, Transferable } from '../../dist/workers/contract.js';
import { prepareInputs } from '../../dist/src/host/inputs.js';
import { loadWorkload } from '../../dist/workers/load-workload.js';

/** Params that make the work small, since durations are not tested. */
const SMALL: Readonly<Record<string, Params>> = {
  primes: { count: 500 },
  compute: { ms: 0.1 },
  'primes-cooperative': { count: 500, slice: 100 },
  'password-hash': { cost: 64 },
  'password-hash-async': { cost: 64 },
  json: { orders: 20 },
  gzip: { bytes: 2000 },
  timer: { ms: 2 },
  'blocking-sleep': { ms: 2 },
  http: { latencyMs: 2 },
  'http-blocking': { latencyMs: 2 },
  file: { bytes: 100 },
  'fetch-and-parse': { latencyMs: 2, bytes: 1000, passes: 2 },
  noop: {},
  echo: { bytes: 100 },
};
const TASKS = 3;

let open: OpenServices;
beforeAll(async () => {
  open = await openServices(new Set(['http-server']));
});
afterAll(() => open.close());

/** A lane for each task runs the same code in the same kinds of places as these. */
const KEEPING = STRATEGY_NAMES.filter((name) => traitsOf({ strategy: name }).lanes !== 'per-task');

describe.each(Object.entries(SHIPPED_WORKLOADS))('%s', (name, module) => {
  it('gives the same results in every strategy that keeps its lanes, batch after batch', async () => {
    const params = SMALL[name] ?? {};
    const { href } = new URL(`../../dist/bench/${module}`, import.meta.url);
    const workload = await loadWorkload({ url: href });
    const inputs = await prepareInputs(workload, { tasks: TASKS, params, seed: 3 });
    const found: string[][] = [];
    for (const strategyName of KEEPING) {
      const openStrategy = await strategies[strategyName]();
      const lane = { workload: { url: href }, params, services: open.services, cell: name, concurrency: 1 };
      const transferOf = workload.transfer as ((input: unknown) => readonly Transferable[]) | undefined;
      const strategy = await openStrategy(lane, { poolSize: 2, atomics: 'sync', transferOf });
      try {
        const makeTasks = inputs.forLanes(strategy.laneKind, transferOf !== undefined);
        for (let batch = 0; batch < 2; batch++) {
          const records = await strategy.run(await makeTasks({ traced: false, verified: () => true }));
          found.push(records.map(({ reply }) => JSON.stringify(reply.status === 'ok' ? reply.digest : reply.error)));
        }
      } finally {
        await strategy.close();
      }
    }
    expect(found[0]).toHaveLength(TASKS);
    for (const digests of found) expect(digests).toEqual(found[0]);
  });
});

it('every built-in workload has such a test', () => {
  expect(Object.keys(SMALL).toSorted()).toEqual(Object.keys(SHIPPED_WORKLOADS).toSorted());
});
