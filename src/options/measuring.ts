/** What can be asked of whatever measures: flags of `run` and `tune`, settings of the API and of a configuration file. */
import { LARGEST_POOL } from '../model/asked-strategy.ts';
import { REFERENCE, strategiesWith } from '../model/strategies.ts';
import { PRESETS, type PresetName } from '../model/presets.ts';
import { texts, oneOf, yesOrNo, anyText, count, duration, fraction, rows, type Help, type Options } from './option.ts';
import { anything, inFlight, inputs, json, params, poolSizes, strategies, strategy } from './work-kinds.ts';

/** Every input is made before the first batch and held until the last. */
const MOST_TASKS = 1_000_000;

/** Of `compare`, too. */
export const MIN_EFFECT = fraction((given) => `"${given}" is no smallest effect`, '5%');

/** Of `doctor` in code, too. */
export const SEED = count(0);

const work = rows('What to measure:', 'code', 'file');
const evidence = rows('How much evidence:', 'code', 'file');
const comparing = rows('Comparing:', 'code', 'file');
const hosts = rows('How the work is run:', 'code', 'file');

/** The same of both. */
const both = (...help: Help): { readonly run: Help; readonly tune: Help } => ({ run: help, tune: help });

export const MEASURING = {
  /** Names, globs of names, or paths of modules; none: the default suite. */
  workloads: work(
    texts,
    { run: ['names, globs of names, or paths to modules', 'primes http fetch-and-parse'] },
    { flag: 'workload', isPositional: true },
  ),
  /** Strategies, single configurations or paths of modules, in the order to be shown; one that is there twice is an A/A test. Default: all that ship. */
  strategies: work(
    strategies,
    {
      run: [
        'strategies, or configurations as event-loop@1x8, comma-separated or repeated; one given twice is an A/A test',
        'all',
      ],
      tune: [
        'strategies, or configurations as event-loop@1x8, to try',
        strategiesWith(({ isTuned }) => isTuned).join(),
      ],
    },
    { flag: 'strategy', alias: 's', isRecorded: true },
  ),
  /** Lanes of a pool: numbers, `'cores'`, `'2*cores'`, `'1..8'`. Default: 1 and the cores. */
  poolSizes: work(
    poolSizes,
    {
      run: ['lanes of a pool: 1,2,4 or 1..8 or cores or 2*cores', '1,cores'],
      tune: ['lanes to try: 1,2,4 or 1..8 or cores or 2*cores', 'powers of two, and the cores'],
    },
    { flag: 'pool-size', alias: 'p', isRecorded: true },
  ),
  /** Tasks at once in each worker of a pool. Default: 1, and where tasks wait also all. The event loop runs all; a limited one is the configuration `event-loop@1x8`. */
  inFlight: work(
    inFlight,
    {
      run: ['tasks at once in each worker of a pool: 1,4,all', '1; where tasks wait also all'],
      tune: ['tasks at once in each worker of a pool, to try: 1,4,all', 'one, several and all'],
    },
    { alias: 'c', isRecorded: true },
  ),
  /** In a batch. Default: the workload’s own, doubled until a batch takes 20 ms. */
  tasks: work(
    count(1, MOST_TASKS),
    {
      run: ['tasks in a batch', 'the workload’s own, or more until a batch takes 20 ms'],
      tune: ['tasks in a batch', 'the workload’s own, or more: 4 for each lane, and 20 ms'],
    },
    { alias: 'n', isRecorded: true },
  ),
  /** Values of the workload’s params; a list measures each of its items. */
  params: work(
    params,
    { run: ['name=value of the workload; name=v1,v2 measures each'], tune: ['name=value of the workload'] },
    { flag: 'param' },
  ),
  /** Of every task of a workload that makes none. */
  input: work(anything, both('JSON: the input of every task of a workload that makes none')),
  /** One for each task instead; if there are more tasks, again from the first. */
  inputs: work(
    inputs,
    both('a file with an input for each task instead: .json holds a list, .ndjson and .jsonl a value a line'),
  ),
  /** JSON: what the module finds as `workerData` of `node:worker_threads`. */
  workerData: work(json, both('JSON: what the module finds as workerData of node:worker_threads', 'nothing')),
  /** The strategy or configuration that is 1.00x. Default: the event loop. */
  baseline: work(strategy, { run: ['the strategy or configuration that is 1.00x', REFERENCE] }, { isRecorded: true }),
  /** How much evidence. Default: `'standard'`. */
  preset: evidence(
    oneOf(
      Object.keys(PRESETS) as PresetName[],
      (given, hint) => `Unknown preset "${given}".${hint} There are: ${Object.keys(PRESETS).join(', ')}.`,
    ),
    {
      run: ['quick, standard or rigorous', 'standard'],
      tune: ['of the finalists: quick, standard or rigorous', 'standard'],
    },
    { isRecorded: true },
  ),
  /** Fresh starts of every way: they decide how small a difference shows. Default: that of the preset. */
  blocks: evidence(count(1), {
    run: ['fresh starts of every way: decides how small a difference shows'],
    tune: ['of the finalists: fresh starts, which decide how small a difference shows'],
  }),
  /** Measured batches in a block. Default: that of the preset. */
  rounds: evidence(
    count(1),
    {
      run: ['measured batches in a block'],
      tune: ['of the finalists: measured batches in a block', 'of the preset, or more until they take 400 ms'],
    },
    { isRecorded: true },
  ),
  /** Stop early once all is decided. */
  untilDecided: evidence(yesOrNo, {
    run: ['stop early once all is decided: looked at after as many blocks, twice and four times as many'],
  }),
  /** Measure what plain processes can give with CPU work. Default: true. */
  ceiling: evidence(yesOrNo, both('measure what plain processes can give with CPU work; --no-ceiling does not', 'yes')),
  /** Smaller differences count as the same: a fraction. Default: 0.05. */
  minEffect: evidence(
    MIN_EFFECT,
    {
      run: ['smaller differences count as the same', '5%'],
      tune: ['a setting that is better by less counts as the same', '5%'],
    },
    { isRecorded: true },
  ),
  /** Pool sizes that are not measured: what a simulation makes of those that are. */
  predict: evidence(poolSizes, {
    run: ['pool sizes that are not measured: what a simulation makes of those that are; a model, checked here'],
  }),
  /** Of the machine that is simulated. Default: as many as lanes. */
  predictCores: evidence(count(1, LARGEST_POOL), { run: ['cores of the machine to predict for', 'as many as lanes'] }),
  /** Of inputs and order: the same seed gives the same work. Default: random. */
  seed: evidence(SEED, both('of inputs and order; the same seed gives the same work', 'random')),
  /**
   * Which outputs must be equal everywhere. `'sample'`: all in batches that are not timed, and as many in timed ones as cost next to nothing;
   * `'all'`: all in timed ones too; `'off'`: none, for work whose results may differ. Default: `'sample'`.
   */
  verify: evidence(
    oneOf(
      ['all', 'sample', 'off'],
      (given, hint, name) => `Invalid ${name} "${given}": use all, sample or off.${hint}`,
    ),
    both('outputs to compare: sample (all of untimed batches), all, or off where results may differ', 'sample'),
  ),
  /** The two workloads are an older and a newer version of one. */
  versus: comparing(yesOrNo, {
    run: ['the two paths are an older and a newer version: measured in the same blocks, compared way by way'],
  }),
  /** A branch, tag or commit: the workloads of the working tree against their version there. */
  versusRef: comparing(anyText, {
    run: ['branch, tag or commit: measure each path and its version there, from git, as --versus does'],
  }),
  /** Of a batch; past it the cell has failed. Default: 60,000. */
  timeoutMs: hosts(duration, both('per batch; past it the cell has failed: 500ms, 60s, 2m', '60s'), {
    flag: 'timeout',
  }),
  /** For a host to start and its lanes to be ready. Default: 30,000. */
  startTimeoutMs: hosts(duration, both('for a host to start and its lanes to be ready', '30s'), {
    flag: 'start-timeout',
  }),
  /** Of the whole run: what was measured until then is kept. Default: none. */
  timeLimitMs: evidence(
    duration,
    { run: ['of the whole run: it ends after the batch in hand, and what it has measured is kept', 'none'] },
    { flag: 'time-limit' },
  ),
  /** How an idle Piscina worker waits. Default: `'sync'`, as Piscina’s. */
  atomics: hosts(
    oneOf(
      ['sync', 'async', 'disabled'],
      (given, hint, name) =>
        `"${given}" is no way for an idle worker to wait.${hint} ${name} takes: sync, async, disabled.`,
    ),
    both('how an idle Piscina worker waits: sync, async or disabled', 'sync'),
    { isRecorded: true },
  ),
  /** Paths of Node binaries, or names on PATH: each way is measured on each of them. Default: this one. */
  nodes: hosts(
    texts,
    {
      run: ['path of a Node binary, or its name on PATH; repeated: each way is measured on each', 'this one'],
      tune: ['the Node to tune for, if not this one: the path of a binary, or a name on PATH'],
    },
    { flag: 'node' },
  ),
  /** Flags of Node for all hosts, several in one text parted by spaces; with several texts, each way is measured with each. */
  nodeOptions: hosts(
    texts,
    {
      run: [
        'flags of Node for all hosts: --node-option=--max-semi-space-size=64; repeated: each way with each; "" is none',
      ],
      tune: ['flags of Node for all hosts, in one text: --node-option=--max-semi-space-size=64'],
    },
    { flag: 'node-option' },
  ),
  /** Threads of libuv’s own pool in each process. Default: UV_THREADPOOL_SIZE as it is inherited, or else Node’s 4. */
  uvThreads: hosts(count(1, LARGEST_POOL), {
    run: ['threads of libuv’s own pool in each process', 'UV_THREADPOOL_SIZE, or Node’s 4'],
  }),
} satisfies Options;
