import type { Options } from 'yargs';
import { last } from './args.ts';
import { COMPARE_FLAGS } from './compare-flags.ts';

/** A flag that may be given once: of several, the last one counts. */
export const once = (description: string, rest: Options = {}): Options => ({
  type: 'string',
  requiresArg: true,
  description,
  coerce: last,
  group: 'What to measure:',
  ...rest,
});
/** A flag that may be repeated, or hold a list. */
export const list = (description: string, rest: Options = {}): Options => ({
  type: 'string',
  array: true,
  requiresArg: true,
  description,
  group: 'What to measure:',
  ...rest,
});
const EVIDENCE = { group: 'How much evidence:' };
const COMPARING = { group: 'Comparing:' };
const HOSTS = { group: 'How the work is run:' };

/** The flags of `run`, as text: the planner checks them and says what would do instead. */
export const RUN_FLAGS = {
  strategy: list(
    'strategies, or configurations as event-loop@1x8, comma-separated or repeated; one given twice is an A/A test [all six strategies]',
    { alias: 's' },
  ),
  'pool-size': list('lanes of a pool: 1,2,4 or 1..8 or cores or 2*cores [1,cores]', { alias: 'p' }),
  'in-flight': list('tasks at once in each worker of a pool: 1,4,all [1; where tasks wait also all]', { alias: 'c' }),
  tasks: once('tasks in a batch [the workload’s own, or more until a batch takes 20 ms]', { alias: 'n' }),
  param: list('name=value of the workload; name=v1,v2 measures each'),
  input: once('JSON: the input of every task of a workload that makes none'),
  inputs: once('a file with an input for each task instead: .json holds a list, .ndjson and .jsonl a value a line'),
  'worker-data': once('JSON: what the module finds as workerData of node:worker_threads [nothing]'),
  baseline: once('the strategy or configuration that is 1.00x [event-loop]'),
  preset: once('quick, standard or rigorous [standard]', EVIDENCE),
  blocks: once('fresh starts of every way: decides how small a difference shows', EVIDENCE),
  rounds: once('measured batches in a block', EVIDENCE),
  'until-decided': {
    type: 'boolean',
    description: 'stop early once all is decided: looked at after as many blocks, twice and four times as many',
    ...EVIDENCE,
  },
  ceiling: {
    type: 'boolean',
    default: undefined,
    description: 'measure what plain processes can give with CPU work; --no-ceiling does not [yes]',
    ...EVIDENCE,
  },
  'min-effect': once('smaller differences count as the same [5%]', EVIDENCE),
  predict: list('pool sizes that are not measured: what a simulation makes of those that are; a model, checked here', {
    ...EVIDENCE,
  }),
  'predict-cores': once('cores of the machine to predict for [as many as lanes]', EVIDENCE),
  seed: once('of inputs and order; the same seed gives the same work [random]', EVIDENCE),
  verify: once(
    'outputs to compare: sample (all of untimed batches), all, or off where results may differ [sample]',
    EVIDENCE,
  ),
  versus: {
    type: 'boolean',
    description: 'the two paths are an older and a newer version: measured in the same blocks, compared way by way',
    ...COMPARING,
  },
  'versus-ref': once(
    'branch, tag or commit: measure each path and its version there, from git, as --versus does',
    COMPARING,
  ),
  against: once(
    'results.json of an earlier run, or its folder: report what changed since, with its seed and batch sizes',
    COMPARING,
  ),
  'fail-on': {
    ...COMPARE_FLAGS['fail-on'],
    description:
      'with --versus, --versus-ref and --against: status 4 if something is slower: slower, slower:10% or never [slower]',
  },
  force: { ...COMPARE_FLAGS.force, description: 'with --against: also a run of another machine' },
  timeout: once('per batch; past it the cell has failed: 500ms, 60s, 2m [60s]', HOSTS),
  'start-timeout': once('for a host to start and its lanes to be ready [30s]', HOSTS),
  'time-limit': once(
    'of the whole run: it ends after the batch in hand, and what it has measured is kept [none]',
    EVIDENCE,
  ),
  resume: once('resume a run that was interrupted or killed: its report folder, or a file in it', EVIDENCE),
  atomics: once('how an idle Piscina worker waits: sync, async or disabled [sync]', HOSTS),
  node: list('path of a Node binary, or its name on PATH; repeated: each way is measured on each [this one]', HOSTS),
  'node-option': list(
    'flags of Node for all hosts: --node-option=--max-semi-space-size=64; repeated: each way with each; "" is none',
    HOSTS,
  ),
  'uv-threads': once('threads of libuv’s own pool in each process [UV_THREADPOOL_SIZE, or Node’s 4]', HOSTS),
} as const satisfies Record<string, Options>;
