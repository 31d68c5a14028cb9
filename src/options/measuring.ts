/** Options of commands that measure: flags of `run` and `tune`, settings of the API and of a configuration file. */
import { LARGEST_POOL } from '../model/asked-strategy.ts';
import { REFERENCE, strategiesWith } from '../model/strategies.ts';
import { MOST_BLOCKS, MOST_ROUNDS, MOST_TASKS, PRESETS, type PresetName } from '../model/evidence.ts';
import { list, texts, oneOf, yesOrNo, anyText, count, fraction, rows, type Help, type Options } from './option.ts';
import { duration } from './quantity.ts';
import {
  anything,
  concurrency,
  inputs,
  json,
  params,
  fewPoolSizes,
  machineCounts,
  poolSizes,
  strategies,
  strategy,
} from './work-kinds.ts';

/** Also an option of `compare`. */
export const MIN_EFFECT = fraction('5%');

/** Also a setting of `doctor` in code. */
export const SEED = count(0);

const work = rows('What to measure:', 'code', 'file');
const evidence = rows('How much evidence:', 'code', 'file');
const comparing = rows('Comparing:', 'code', 'file');
const hosts = rows('How the work is run:', 'code', 'file');
/** Not in a configuration file, which others read: it contains a password. */
const server = rows('How the work is run:', 'code');

/** Not in a configuration file: somebody must go to the other machine. */
const spread = rows('How the work is run:', 'code');

/** Help that both commands share. */
const both = (...help: Help): { readonly run: Help; readonly tune: Help } => ({ run: help, tune: help });
/** Help that all commands share. */
const each = (...help: Help): { readonly run: Help; readonly tune: Help; readonly load: Help } => ({
  ...both(...help),
  load: help,
});

export const MEASURING = {
  /** Names, globs of names, or paths of modules. Default: the default suite. */
  workloads: work(
    texts,
    { run: ['names, globs or module paths', 'default suite'] },
    { flag: 'workload', isPositional: true },
  ),
  /**
   * Strategies, single configurations or paths of modules, in the order of the report; one given twice is an A/A test.
   * Default: all built-in ones; in `tune` and `load` the event loop, worker threads and child processes.
   */
  strategies: work(
    strategies,
    {
      run: ['strategies, or event-loop@1x8', 'all'],
      tune: ['candidate strategies', strategiesWith(({ isTuned }) => isTuned).join()],
      load: ['strategies, or event-loop@1x8', strategiesWith(({ isTuned }) => isTuned).join()],
    },
    { flag: 'strategy', alias: 's', isRecorded: true, isCommon: true },
  ),
  /**
   * Workers of a pool: numbers, `'cores'`, `'2*cores'`, `'1..8'`. Default: 1 and the number of cores; in `load` the number
   * of cores, in `tune` several.
   */
  poolSizes: work(
    poolSizes,
    {
      run: ['workers of a pool: 1,2,4 or 1..8 or 2*cores', '1,cores'],
      tune: ['candidate pool sizes: 1,2,4 or 1..8 or 2*cores', 'several'],
      load: ['workers of a pool: 1,2,4 or 1..8 or 2*cores', 'cores'],
    },
    { flag: 'pool-size', alias: 'p', isRecorded: true, isCommon: true },
  ),
  /**
   * Concurrency: tasks at once in each worker of a pool. Default: 1, and if tasks wait also all; in `load` 1, in `tune`
   * several. The event loop runs all; with a limit it is the configuration `event-loop@1x8`.
   */
  concurrency: work(
    concurrency,
    {
      run: ['tasks at once in each worker: 1,4,all', '1; if tasks wait also all'],
      tune: ['concurrencies per worker of a pool: 1,4,all', 'several'],
      load: ['tasks at once in each worker: 1,4,all', '1'],
    },
    { alias: 'c', isRecorded: true, isCommon: true },
  ),
  /**
   * Tasks per batch. Default: those of the workload, doubled until a batch takes 20 ms in the fastest configuration, but
   * not beyond a second in the slowest.
   */
  tasks: work(
    count(1, MOST_TASKS),
    {
      run: ['tasks per batch', 'for 20 ms; fewer if tasks are long'],
      tune: ['tasks per batch', 'enough for 20 ms, and 4 per worker'],
    },
    { alias: 'n', isRecorded: true, isCommon: true },
  ),
  /** Values of the workload’s params; `run` measures each value of a list, `tune` and `load` take one. */
  params: work(
    params,
    {
      run: ['set a parameter: name=value; name=v1,v2 measures each'],
      tune: ['set a parameter: name=value'],
      load: ['set a parameter: name=value'],
    },
    { flag: 'param', isCommon: true },
  ),
  /** Input of every task, for a workload without `input`. */
  input: work(anything, each('input of every task, as JSON'), { isCommon: true }),
  /** Inputs, one for each task; with more tasks than inputs, they repeat. */
  inputs: work(inputs, each('file of inputs, one per task: .json, .ndjson or .jsonl'), { isCommon: true }),
  /** Value of `workerData` of `node:worker_threads` in the module, as JSON. */
  workerData: work(json, each('workerData of node:worker_threads, as JSON', 'none')),
  /** The strategy or configuration that counts as 1.00×. Default: the event loop. */
  baseline: work(
    strategy,
    {
      run: ['strategy or configuration that counts as 1.00×', REFERENCE],
      load: ['strategy or configuration that counts as 1.00×', REFERENCE],
    },
    { isRecorded: true },
  ),
  /** How much evidence. Default: `'standard'`. */
  preset: evidence(
    oneOf(Object.keys(PRESETS) as PresetName[]),
    {
      run: ['how much to measure: quick, standard or rigorous', 'standard'],
      tune: ['how much to measure: quick, standard or rigorous', 'standard'],
      load: ['how much to measure: quick, standard or rigorous', 'standard'],
    },
    { isRecorded: true, isCommon: true },
  ),
  /** Repetitions, each in fresh processes, at least as many as a verdict needs: more show smaller differences. Default: those of the preset. */
  blocks: evidence(count(1, MOST_BLOCKS), {
    run: ['repetitions in fresh processes, at least as many as a verdict needs', 'of the preset'],
    tune: ['repetitions of the finalists, each in fresh processes', 'of the preset'],
    load: ['repetitions in fresh processes, at least as many as a verdict needs', 'of the preset'],
  }),
  /** Measured batches per repetition. Default: those of the preset. */
  rounds: evidence(
    count(1, MOST_ROUNDS),
    {
      run: ['measured batches per repetition', 'of the preset'],
      tune: ['measured batches per repetition of the finalists', 'of the preset, at least 400 ms'],
    },
    { isRecorded: true },
  ),
  /** Stop early once every comparison is decided. */
  untilDecided: evidence(yesOrNo, {
    run: ['stop once every comparison is decided; looks after 1, 2 and 4 times the repetitions'],
  }),
  /** Measure the upper bound of CPU-bound work: independent processes without messaging. Default: true. */
  upperBound: evidence(
    yesOrNo,
    both('measure the upper bound: independent processes without messaging; --no-upper-bound skips it', 'yes'),
  ),
  /** Minimum effect, as a fraction: `same` is shown to differ by less. Default: 0.05. */
  minEffect: evidence(
    MIN_EFFECT,
    {
      run: ['smallest difference that matters: "same" is shown to be below it', '5%'],
      tune: ['smallest difference that matters: "same" is shown to be below it', '5%'],
      load: ['smallest difference that matters: "same" is shown to be below it', '5%'],
    },
    { isRecorded: true },
  ),
  /** Pool sizes to predict with a model of the measured ones. */
  predict: evidence(fewPoolSizes, {
    run: ['pool sizes to predict with a model of the measured ones, which is checked against them'],
  }),
  /** Cores of the machine to predict for. Default: one per worker. */
  predictCores: evidence(count(1, LARGEST_POOL), { run: ['cores of the machine to predict for', 'one per worker'] }),
  /** Seed of inputs and order: the same seed gives the same work. Default: random. */
  seed: evidence(SEED, each('seed of inputs and order', 'random')),
  /**
   * Outputs to verify. `'sample'`: all in untimed batches, and in timed ones as many as cost next to nothing; `'all'`:
   * all in timed ones too; `'off'`: none, for work whose results may differ. Default: `'sample'`.
   */
  verify: evidence(
    oneOf(['all', 'sample', 'off']),
    each('outputs to verify: sample, all, or off where results may differ', 'sample'),
    { isRecorded: true },
  ),
  /** Compare the two workloads as an old and a new version. */
  versus: comparing(
    yesOrNo,
    {
      run: ['compare two paths: the old version, and the new one'],
      load: ['compare two paths: the old and the new version'],
    },
    { isCommon: true },
  ),
  /** A branch, tag or commit: compare the workloads with their version there. */
  versusRef: comparing(
    anyText,
    {
      run: ['compare with the version at a branch, tag or commit'],
      load: ['compare with the version at a branch, tag or commit'],
    },
    { isCommon: true },
  ),
  /** A/A test: measure every configuration twice and compare it with itself, which shows the error rate here. */
  aa: comparing(
    yesOrNo,
    { run: ['A/A test: measure every configuration twice, and compare it with itself'] },
    { isRecorded: true },
  ),
  /** Record CPU profiles of all workers and the main thread in extra batches. Files come with a report folder only. */
  cpuProf: evidence(
    yesOrNo,
    both('record CPU profiles in extra batches: where the time of every worker goes, and .cpuprofile files'),
    { isRecorded: true },
  ),
  /** Time a batch may take before its configuration fails. Default: 60,000. */
  timeoutMs: hosts(duration, each('time a batch may take before its configuration fails: 500ms, 60s, 2m', '60s'), {
    flag: 'timeout',
  }),
  /** Time a configuration may take to start its process and workers. Default: 30,000. */
  startTimeoutMs: hosts(duration, each('time a configuration may take to start', '30s'), {
    flag: 'start-timeout',
  }),
  /** Time limit of the run; partial results are kept. Default: none. */
  timeLimitMs: evidence(
    duration,
    {
      run: ['stop after this long; partial results are kept', 'none'],
      tune: ['stop after this long; partial results are kept', 'none'],
      load: ['stop after this long; partial results are kept', 'none'],
    },
    { flag: 'time-limit', isCommon: true },
  ),
  /** How an idle Piscina worker waits. Default: `'sync'`, as Piscina’s. */
  atomics: hosts(
    oneOf(['sync', 'async', 'disabled']),
    each('how an idle Piscina worker waits: sync, async or disabled', 'sync'),
    { isRecorded: true },
  ),
  /**
   * Binaries of Node, Bun or Deno: paths, or names on PATH or in `node_modules/.bin`; `run` takes
   * several, and measures all configurations with each. Default: this one.
   */
  runtimes: hosts(
    list<string, readonly string[]>({ type: 'string', of: (items) => items.map(String) }),
    {
      run: ['Node, Bun or Deno to measure with, as node,bun,./path; several are compared', 'this one'],
      tune: ['Node, Bun or Deno to tune for', 'this one'],
    },
    { flag: 'runtime' },
  ),
  /** Flags for Node, separated by spaces; `run` takes several texts, and measures all configurations with each. */
  nodeOptions: hosts(
    texts,
    {
      run: ['flags for Node, as --node-option=--max-semi-space-size=64; repeat it to compare several'],
      tune: ['flags for Node, as --node-option=--max-semi-space-size=64'],
    },
    { flag: 'node-option' },
  ),
  /** Threads of libuv’s pool in each process. Default: the inherited UV_THREADPOOL_SIZE, or Node’s 4. */
  uvThreads: hosts(count(1, LARGEST_POOL), {
    run: ['libuv threads in each process', 'UV_THREADPOOL_SIZE, or Node’s 4'],
  }),
  /** Address of your server for the strategy bullmq, or LANEWISE_QUEUE_URL. Default: each configuration starts its own. */
  queueUrl: server(anyText, each('your server for bullmq: redis://, rediss:// or postgres://', 'LANEWISE_QUEUE_URL')),
  /** Kind of the server that bullmq starts. Default: the first that is installed. */
  queueServer: hosts(
    oneOf(['redis', 'valkey', 'postgres']),
    each('server that bullmq starts: redis, valkey or postgres', 'the first that is installed'),
    { isRecorded: true },
  ),
  /**
   * Numbers of other machines that join the run, each with as many workers as this one. On the command line only: it
   * prints what to run there.
   */
  machines: spread(
    machineCounts,
    { run: ['for bullmq: how many joined machines run its workers beside this one, as 0,1', '0'] },
    { isRecorded: true },
  ),
  /** Whether those machines may use a server without TLS or a password beyond this machine. */
  insecure: spread(yesOrNo, { run: ['with --machines: use a server without TLS or a password in a trusted network'] }),
} satisfies Options;
