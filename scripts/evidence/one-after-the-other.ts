/**
 * Measures the same twins as benchmarks usually do: one process, one tinybench `Bench` with its default options, a task
 * for each twin, one after the other. Replies with the samples of each, in milliseconds.
 *
 *   node one-after-the-other.js '{ "workload": "file:///…", "strategy": "worker-threads", … }'
 */
import { Bench } from 'tinybench';
import { strategies } from '../../src/lanes/registry.ts';
import type { Strategy } from '../../src/lanes/strategy.ts';
import type { BuiltInStrategy } from '../../src/model/strategies.ts';
import type { Services, WorkloadDefinition } from '../../workers/contract.ts';
import { prepareInputs } from '../../src/host/inputs.ts';
import { loadWorkload } from '../../workers/load-workload.ts';
import { TWINS } from './twins.ts';

export interface BenchRequest {
  readonly workload: string;
  readonly strategy: BuiltInStrategy;
  readonly poolSize: number;
  readonly services: Services;
  /** Time for each twin; undefined: tinybench's default. */
  readonly benchMs?: number;
}

/** Samples by twin, in the order of their numbers. */
export type BenchReply = readonly (readonly number[])[];

const request = JSON.parse(process.argv[2] ?? '') as BenchRequest;
const ref = { url: request.workload };
const workload: WorkloadDefinition = await loadWorkload(ref);
const { params = {}, tasks = 1 } = workload;
const inputs = await prepareInputs(workload, { tasks, params, seed: 1 });
const open = await strategies[request.strategy]();
const { benchMs } = request;
const short = benchMs === undefined ? {} : { time: benchMs, warmupTime: benchMs, iterations: 2, warmupIterations: 1 };
const bench = new Bench({ retainSamples: true, throws: true, ...short });
const lanes: Strategy[] = [];
for (const twin of TWINS) {
  const assignment = { workload: ref, params, services: request.services, cell: `twin#${twin}`, concurrency: tasks };
  const strategy = await open(assignment, { poolSize: request.poolSize, atomics: 'sync', transferOf: undefined });
  lanes.push(strategy);
  bench.add(String(twin), async () => run(strategy), { async: true });
}
await bench.run();
process.send?.(bench.tasks.map(({ result }) => ('latency' in result ? result.latency.samples : [])));
for (const strategy of lanes) await strategy.close();
process.disconnect?.();

async function run(strategy: Strategy): Promise<void> {
  const makeTasks = inputs.forLanes(strategy.laneKind, false);
  const records = await strategy.run(await makeTasks({ traced: false, verified: () => true }));
  const failed = records.find(({ reply }) => reply.status !== 'ok');
  if (failed !== undefined) throw new Error(`task ${failed.index + 1} was not done`);
}
