import type { Options } from 'yargs';
import { list, once, RUN_FLAGS } from './run-flags.ts';

const AIM = { group: 'What to look for:' };
const {
  tasks,
  param,
  input,
  inputs,
  'worker-data': workerData,
  preset,
  blocks,
  rounds,
  seed,
  timeout,
  atomics,
} = RUN_FLAGS;

/** The flags of `tune`, as text: the planner checks them and says what would do instead. */
export const TUNE_FLAGS = {
  for: once('throughput, latency (p99 of a task), responsiveness (event-loop delay p99) or memory [throughput]', AIM),
  current: once('your present setting: worker-threads@8x1 is 8 threads with 1 task in flight in each', AIM),
  'min-throughput': once('with all but throughput: at least so much of the best throughput [90%]', AIM),
  'max-memory': once('of the process and its children: 512MiB, 2GiB [no limit]', AIM),
  'max-pool-size': once('lanes [2 for each core; where tasks wait 4; at most 32]', AIM),
  strategy: list(
    'strategies, or configurations as event-loop@1x8, to try [event-loop,worker-threads,child-processes]',
    {
      alias: 's',
    },
  ),
  'pool-size': list('lanes to try: 1,2,4 or 1..8 or cores or 2*cores [powers of two, and the cores]', { alias: 'p' }),
  'in-flight': list('tasks at once in each worker of a pool, to try: 1,4,all [one, several and all]', { alias: 'c' }),
  'uv-threads': list(
    'sizes of libuv’s own pool to try: 4,16 [UV_THREADPOOL_SIZE, or Node’s 4; on the event loop also 16]',
  ),
  node: list('the Node to tune for, if not this one: the path of a binary, or a name on PATH'),
  'node-option': list('flags of Node for all hosts, in one text: --node-option=--max-semi-space-size=64'),
  tasks: { ...tasks, description: 'tasks in a batch [the workload’s own, or more: 4 for each lane, and 20 ms]' },
  param: { ...param, description: 'name=value of the workload' },
  input,
  inputs,
  'worker-data': workerData,
  preset: { ...preset, description: 'of the finalists: quick, standard or rigorous [standard]' },
  blocks: { ...blocks, description: 'of the finalists: fresh starts, which decide how small a difference shows' },
  rounds: {
    ...rounds,
    description: 'of the finalists: measured batches in a block [of the preset, or more until they take 400 ms]',
  },
  'min-effect': once('a setting that is better by less counts as the same [5%]', { group: 'How much evidence:' }),
  seed,
  timeout,
  'start-timeout': RUN_FLAGS['start-timeout'],
  verify: RUN_FLAGS.verify,
  ceiling: RUN_FLAGS.ceiling,
  atomics,
} as const satisfies Record<string, Options>;
