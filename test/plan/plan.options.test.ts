import { expect, it } from 'vitest';
import type { Settings } from '../../dist/src/options/config.js';
import { planRun } from '../../dist/src/plan/plan.js';
import { runRequest, type RunAsked } from '../support/requests.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };

/** What is read when modules, versions and binaries are found, or when machines join. */
type ReadBefore =
  | 'queueUrl'
  | 'queueServer'
  | 'insecure'
  | 'workloads'
  | 'workerData'
  | 'runtimes'
  | 'nodeOptions'
  | 'versus'
  | 'versusRef';

/** A value of each option that a plan cannot have by itself. The compiler asks for one with every new row. */
const ASKED: { readonly [Name in Exclude<keyof Settings, ReadBefore>]-?: RunAsked } = {
  strategies: { strategies: ['event-loop'] },
  poolSizes: { poolSizes: [3] },
  concurrency: { concurrency: [7] },
  tasks: { tasks: 77 },
  params: { params: { bytes: 2 } },
  input: { input: 5 },
  inputs: { inputs: [5, 6] },
  baseline: { baseline: 'sequential' },
  preset: { preset: 'rigorous' },
  blocks: { blocks: 17 },
  rounds: { rounds: 3 },
  untilDecided: { untilDecided: true },
  upperBound: { upperBound: false },
  minEffect: { minEffect: 0.2 },
  aa: { aa: true },
  cpuProf: { cpuProf: true },
  predict: { predict: [8] },
  predictCores: { predict: [8], predictCores: 4 },
  seed: { seed: 5 },
  verify: { verify: 'off' },
  timeoutMs: { timeoutMs: 1234 },
  startTimeoutMs: { startTimeoutMs: 1234 },
  timeLimitMs: { timeLimitMs: 1234 },
  atomics: { atomics: 'disabled' },
  uvThreads: { uvThreads: 9 },
  machines: { strategies: ['event-loop', 'bullmq'], machines: [0, 2] },
};

function planned(asked: RunAsked): string {
  const request = runRequest(asked, MACHINE);
  const found = foundWorkload({ params: { bytes: 1 } });
  return JSON.stringify(planRun([found], request, request.seed ?? 1, MACHINE));
}

it.each(Object.entries(ASKED))('%s changes what is planned', (name, asked) => {
  const { [name as keyof RunAsked]: _asked, ...without } = asked;
  expect(planned(asked)).not.toBe(planned(without));
});

it('a number of machines adds as many workers as a pool has here, for bullmq only', () => {
  const request = runRequest(
    { strategies: ['event-loop', 'worker-threads', 'bullmq'], poolSizes: [3], machines: [0, 2] },
    MACHINE,
  );
  const [group] = planRun([foundWorkload({})], request, 1, MACHINE).groups;
  expect(group?.cells.map(({ id, poolSize, machines }) => [id.split('/')[1], poolSize, machines])).toEqual([
    ['event-loop', 1, undefined],
    ['worker-threads@3', 3, undefined],
    ['bullmq@3', 3, undefined],
    ['bullmq@9~machines2', 9, 2],
  ]);
});

it('a configuration on several machines can be given by its id, if its workers can be shared equally', () => {
  const cellsOf = (strategy: string): readonly unknown[] =>
    planRun([foundWorkload({})], runRequest({ strategies: ['event-loop', strategy] }, MACHINE), 1, MACHINE).groups[0]
      ?.cells ?? [];
  expect(cellsOf('bullmq@4~machines1').at(-1)).toMatchObject({ poolSize: 4, machines: 1 });
  expect(() => cellsOf('bullmq@3~machines1')).toThrow(
    /2 machines share the workers equally\. Write bullmq@4~machines1/,
  );
  expect(() => cellsOf('worker-threads@4~machines1')).toThrow(/only bullmq runs on several machines/);
});
