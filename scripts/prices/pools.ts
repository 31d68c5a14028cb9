/**
 * Measures the overhead of measuring, and of Lanewise's pool of child processes beside those of libraries: no-op tasks
 * on one worker, one at a time.
 *
 *   npm run bench:overhead -- [--blocks 20] [--rounds 4] [--tasks 1500] [--json]
 *
 * A block opens every pool afresh and warms it up until it is steady, by the rule of `lanewise run`; in a round each
 * runs one burst, as long as a batch of a run (20 ms), in random order and then in its reverse. Ratios are compared
 * block by block, as in `lanewise run`. On Linux everything runs on one CPU first: on two, how deeply the idle one
 * sleeps varies from pool to pool, and identical pools differ by up to a factor of three. There, threads are compared
 * by CPU time: on a CPU of their own it is the time that passes, and neighbors do not lengthen it.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker as JestWorker } from 'jest-worker';
import { Piscina } from 'piscina';
import { FixedClusterPool } from 'poolifier';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';
import { median } from '../../src/stats/quantile.ts';
import { pseudoMedian, signedRankInterval, type Interval } from '../../src/stats/exact-tests.ts';
import { isSteady } from '../../src/measure/prepare.ts';
import { openChildProcesses } from '../../src/lanes/child-processes.ts';
import type { OpenStrategy } from '../../src/lanes/strategy.ts';
import { openWorkerThreads } from '../../src/lanes/worker-threads.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { Nanoseconds, Task } from '../../workers/contract.ts';
import { scriptOptions } from '../script-options.ts';

export interface CompareOptions {
  readonly blocks: number;
  readonly rounds: number;
  readonly tasks: number;
  /** Compares pools of threads by CPU time. */
  readonly isOnOneCpu?: boolean;
}

export interface PoolRow {
  readonly name: string;
  readonly microsecondsPerTask: number;
  /** Ratio of this pool's time to Lanewise's; undefined for Lanewise itself. */
  readonly timesOurs?: { readonly estimate: number; readonly interval: Interval | undefined };
}

interface OpenPool {
  readonly name: string;
  /** Runs that many no-op tasks, one at a time; may call `whenDone` at the last result, as a strategy does. */
  readonly run: (tasks: number, whenDone: () => void) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

type Open = () => Promise<OpenPool>;

const US_PER_MS = 1000;
const NS_PER_US = 1000;
/** As many as the preset `standard` has. */
const LEAST_WARM_UPS = 2;
const LEVEL = 0.05;

type Clock = () => Nanoseconds;

/** CPU time of this process and its threads; that of a child is unknown until it ends. */
const cpuNs: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * NS_PER_US;
};
const ONE_LANE = {
  minThreads: 1,
  maxThreads: 1,
  idleTimeout: Number.POSITIVE_INFINITY,
  concurrentTasksPerWorker: 1,
} as const;
const PISCINA = { ...ONE_LANE, atomics: 'sync', recordTiming: false, stricterFIFO: true } as const;

const THREADS: readonly Open[] = [
  () => ours('lanewise worker-threads@1', openWorkerThreads),
  async () => {
    const pool = new Piscina<undefined, undefined>({ ...PISCINA, filename: peer('noop.mjs') });
    return {
      name: 'Piscina, for … await',
      run: (tasks) => loop(tasks, () => pool.run(undefined)),
      close: () => pool.destroy(),
    };
  },
  async () => {
    const pool = new Piscina<undefined, undefined>({ ...PISCINA, filename: peer('noop.mjs') });
    const run = (tasks: number): Promise<unknown> =>
      Promise.all(Array.from({ length: tasks }, () => pool.run(undefined)));
    return { name: 'Piscina, Promise.all', run, close: () => pool.destroy() };
  },
];

const PROCESSES: readonly Open[] = [
  () => ours('lanewise child-processes@1', openChildProcesses),
  async () => {
    const pool = new Tinypool({ ...ONE_LANE, runtime: 'child_process', filename: peer('noop.mjs') });
    return {
      name: 'tinypool child_process',
      run: (tasks) => loop(tasks, () => pool.run(undefined)),
      close: () => pool.destroy(),
    };
  },
  async () => {
    const pool = workerpool.pool(peer('noop-workerpool.cjs'), { workerType: 'process', minWorkers: 1, maxWorkers: 1 });
    return {
      name: 'workerpool process',
      run: (tasks) => loop(tasks, async () => pool.exec('noop')),
      close: async () => pool.terminate(),
    };
  },
  async () => {
    const options = { numWorkers: 1, enableWorkerThreads: false, exposedMethods: ['noop'] };
    // jest-worker makes a method of every exposed name.
    const pool = new JestWorker(peer('noop-jest-worker.cjs'), options) as JestWorker & { noop: () => Promise<unknown> };
    return { name: 'jest-worker process', run: (tasks) => loop(tasks, () => pool.noop()), close: () => pool.end() };
  },
  async () => {
    const pool = new FixedClusterPool<undefined, undefined>(1, peer('noop-poolifier.cjs'));
    return {
      name: 'poolifier cluster',
      run: (tasks) => loop(tasks, () => pool.execute()),
      close: () => pool.destroy(),
    };
  },
];

/** Pools of both groups, each with Lanewise first. */
export async function comparePools(options: CompareOptions): Promise<readonly (readonly PoolRow[])[]> {
  const clock = options.isOnOneCpu === true ? cpuNs : nowNs;
  return [await compareGroup(THREADS, options, clock), await compareGroup(PROCESSES, options, nowNs)];
}

async function compareGroup(
  group: readonly Open[],
  options: CompareOptions,
  clock: Clock,
): Promise<readonly PoolRow[]> {
  const found = new Map<string, { times: number[]; logRatios: number[] }>();
  for (let block = 0; block < options.blocks; block++) {
    const times = await measureBlock(group, options, clock);
    const [own = []] = times.values();
    for (const [name, its] of times) {
      const row = found.get(name) ?? { times: [], logRatios: [] };
      found.set(name, row);
      row.times.push(...its);
      row.logRatios.push(median(its.map((time, round) => Math.log(time / (own[round] ?? Number.NaN)))));
    }
  }
  return [...found].map(([name, { times, logRatios }], index) => {
    const interval = signedRankInterval(logRatios, LEVEL);
    const timesOurs = {
      estimate: Math.exp(pseudoMedian(logRatios)),
      interval: interval && { lo: Math.exp(interval.lo), hi: Math.exp(interval.hi) },
    };
    return { name, microsecondsPerTask: median(times), ...(index > 0 && { timesOurs }) };
  });
}

/** Microseconds per task by pool, one per round. */
async function measureBlock(
  group: readonly Open[],
  { rounds, tasks }: CompareOptions,
  clock: Clock,
): Promise<ReadonlyMap<string, number[]>> {
  const pools: OpenPool[] = [];
  try {
    for (const open of group) pools.push(await open());
    for (const pool of pools) await warm(pool, tasks, clock);
    const times = new Map<string, number[]>(pools.map(({ name }) => [name, []]));
    let order = shuffled(pools);
    for (let round = 0; round < rounds; round++) {
      order = round % 2 === 0 ? shuffled(pools) : order.toReversed();
      for (const pool of order) times.get(pool.name)?.push(((await burstMs(pool, tasks, clock)) / tasks) * US_PER_MS);
    }
    return times;
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
}

async function warm(pool: OpenPool, tasks: number, clock: Clock): Promise<void> {
  const wallsMs: number[] = [];
  while (wallsMs.length < LEAST_WARM_UPS || !isSteady(wallsMs)) wallsMs.push(await burstMs(pool, tasks, clock));
}

/** Until the last result, as a batch is measured: the records of a batch are made afterwards. */
async function burstMs({ run }: OpenPool, tasks: number, clock: Clock): Promise<number> {
  let endNs: number | undefined;
  const startedNs = clock();
  await run(tasks, () => {
    endNs = clock();
  });
  return ((endNs ?? clock()) - startedNs) / NS_PER_MS;
}

const generator = xoroshiro128plus(1);

function shuffled<Item>(items: readonly Item[]): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(uniformInt(generator, 0, left.length - 1), 1));
}

async function ours(name: string, open: OpenStrategy): Promise<OpenPool> {
  const workload = { url: new URL('../../bench/overhead/noop.js', import.meta.url).href };
  const settings = { poolSize: 1, atomics: 'sync', transferOf: undefined } as const;
  // Made in the first warm-up round only: in a measured batch, too, tasks are made before the timed window.
  let tasksOfBurst: readonly Task[] = [];
  const strategy = await open({ workload, params: {}, services: {}, cell: 'noop', concurrency: 1 }, settings);
  return {
    name,
    run: async (tasks, whenDone) => {
      if (tasksOfBurst.length !== tasks) tasksOfBurst = tasksOf(tasks);
      const records = await strategy.run(tasksOfBurst, undefined, whenDone);
      if (records.some(({ reply }) => reply.status !== 'ok')) throw new Error(`${name} did not finish its tasks`);
    },
    close: strategy.close,
  };
}

function tasksOf(count: number): readonly Task[] {
  return Array.from({ length: count }, (_, index) => ({ index, input: undefined, traced: false, verified: false }));
}

async function loop(tasks: number, runOne: () => Promise<unknown>): Promise<void> {
  for (let task = 0; task < tasks; task++) await runOne();
}

function peer(file: string): string {
  return fileURLToPath(new URL(`../../../scripts/prices/peers/${file}`, import.meta.url));
}

const THIS_FILE = fileURLToPath(import.meta.url);

if (process.argv[1] === THIS_FILE) {
  const values = scriptOptions({ blocks: 20, rounds: 4, tasks: 1500, json: false, pinned: false });
  const { blocks, rounds, tasks } = values;
  const options = { blocks, rounds, tasks, isOnOneCpu: values.pinned };
  if (!values.pinned && !values.json)
    runPinned(['--blocks', `${blocks}`, '--rounds', `${rounds}`, '--tasks', `${tasks}`]);
  const groups = await comparePools(options);
  console.log(
    values.json
      ? JSON.stringify(groups, undefined, 2)
      : render(groups, values.pinned ? 'on one CPU (CPU time of threads)' : 'on all CPUs', options),
  );
}

/** Runs the same on one CPU, where the system can confine a process to one. */
function runPinned(args: readonly string[]): void {
  if (process.platform !== 'linux') return console.log('on one CPU: not measured, only Linux has taskset');
  try {
    execFileSync('taskset', ['-c', '0', process.execPath, THIS_FILE, '--pinned', ...args], { stdio: 'inherit' });
  } catch (error) {
    console.log(`on one CPU: not measured (${error instanceof Error ? error.message : String(error)})`);
  }
}

function render(
  groups: readonly (readonly PoolRow[])[],
  where: string,
  { blocks, rounds, tasks }: CompareOptions,
): string {
  const title = `no-op tasks, one worker, one at a time, ${where}: ${blocks} blocks of ${rounds} rounds of ${tasks} tasks`;
  const rows = groups.flatMap((group) =>
    group.map(({ name, microsecondsPerTask, timesOurs }) => {
      const interval = timesOurs?.interval;
      const range = interval === undefined ? '' : ` (95% CI ${interval.lo.toFixed(2)}–${interval.hi.toFixed(2)})`;
      const ratio = timesOurs === undefined ? '' : `  ${timesOurs.estimate.toFixed(2)}× Lanewise’s time${range}`;
      return `  ${name.padEnd(27)}${microsecondsPerTask.toFixed(1).padStart(7)} µs a task${ratio}`;
    }),
  );
  return [title, ...rows].join('\n');
}
