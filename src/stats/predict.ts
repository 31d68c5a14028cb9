import type { Measured, MeasuredGroup } from '../model/measured.ts';
import type { MeasuredCell, Options, Prediction, Sample, Timeline } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { blockDifferences, estimateOf } from './compare.ts';
import { pseudoMedian } from './exact-tests.ts';
import { median, seededRandom, resample, percentileInterval95 } from './quantile.ts';
import { concludeGroup } from './conclude.ts';
import { byCurve } from './groups.ts';
import { simulatePool, type PoolSize, type Slowdown, type TaskTimes } from './simulate-pool.ts';

const RESAMPLES = 100;
const SEED = 1;
/** Fewest tasks per worker in a simulated batch: with fewer, idle workers at its end would dominate. */
const TASKS_PER_LANE = 8;
/** Most tasks of a simulated batch, unless there are many workers: more would no longer matter. */
const MOST_TASKS = 10_000;
/**
 * Errors (predicted / measured - 1) between which the model was in all cases without a doubt that were recorded on
 * 2026-11-26 (docs/method.md).
 */
const ERRORS = { least: -0.1, most: 0.15 } as const;

type Asked = NonNullable<Options['predict']>;

/** Measurements of a pool with a concurrency of 1, ready to be simulated. */
interface Pool {
  readonly cell: MeasuredCell;
  /** Tasks per batch. */
  readonly tasks: number;
  /** Duration of each task of the traced batch, relative to their mean. */
  readonly shapes: readonly number[];
  /** Share of a task in which it runs; in the rest it waits. */
  readonly runShare: number;
  /** CPUs that other programs kept busy, by block. */
  readonly takenCpus: ReadonlyMap<number, number>;
  readonly slowdown: Slowdown;
}

/** Long work that pauses at each `yield`, so that the caller can do something else or stop it. */
export type Stepwise<Found> = Generator<undefined, Found>;

/** Predicts pools that were not measured. Loaded when asked for: it takes long, and nothing else depends on it. */
export function* predict({ groups }: Measured, options: Options, cores: number): Stepwise<Prediction[]> {
  const asked = options.predict;
  const predictions: Prediction[] = [];
  if (asked === undefined) return predictions;
  for (const measured of groups.filter(({ group }) => group.compares === 'with-baseline'))
    predictions.push(...(yield* predictAll(measured, concludeGroup(measured, options, cores).ok, asked, cores)));
  return predictions;
}

/**
 * Predicts pools of other sizes, on this machine or a larger one: for each curve from the smallest measured pool with a
 * concurrency of 1. Beside each prediction stands how far the same simulation is from the measurements here.
 */
export function* predictAll(
  measured: MeasuredGroup,
  cells: readonly MeasuredCell[],
  asked: Asked,
  cores: number,
): Stepwise<readonly Prediction[]> {
  const { workload, params } = measured.group;
  const simple = cells.filter(
    (cell) => cell.concurrency === 1 && cell.twin === undefined && traitsOf(cell).isSimulated,
  );
  const predictions: Prediction[] = [];
  for (const curve of byCurve(simple)) {
    const [from, ...others] = curve.cells;
    const timeline = measured.timelines.find(({ cell }) => cell === from.id);
    if (timeline === undefined) continue;
    const pool = poolOf(from, measured, timeline);
    const checks: Prediction['checks'] = [];
    for (const { id, poolSize, samples } of others) {
      const predicted = Math.exp(pseudoMedian(yield* simulatedGains(pool, { lanes: poolSize, cores }, 0)));
      const gain = estimateOf(from.samples, samples);
      if (gain === undefined) continue;
      const measuredGain = Math.exp(gain);
      checks.push({
        cell: id,
        lanes: poolSize,
        predicted,
        measured: measuredGain,
        error: predicted / measuredGain - 1,
      });
    }
    for (const lanes of asked.lanes) {
      const simulated = { lanes, cores: asked.cores ?? Math.max(lanes, cores) };
      const gains = yield* simulatedGains(pool, simulated, lanes * TASKS_PER_LANE);
      const speedup = speedupOf(gains);
      const doubt =
        doubtAbout(pool, checks, { lanes, gainPerCpu: speedup.estimate / simulated.cores }) ??
        (simulated.cores > cores ? 'larger-machine' : undefined);
      predictions.push({
        workload: workload.name,
        params,
        from: from.id,
        ...simulated,
        speedup,
        ...(doubt === undefined ? { range: rangeOf(speedup.estimate) } : { doubt }),
        checks,
      });
    }
  }
  return predictions;
}

/** @param asked the predicted pool, with its speedup / CPUs */
function doubtAbout(
  { cell, tasks, runShare }: Pool,
  checks: Prediction['checks'],
  { lanes, gainPerCpu }: Readonly<Record<'lanes' | 'gainPerCpu', number>>,
): Prediction['doubt'] {
  const inTasks = median(cell.samples.map(({ tasksInFlight }) => tasksInFlight / Math.min(cell.poolSize, tasks)));
  // Then the time goes into dispatch, and how its parts overlap is not measured.
  if (inTasks < 1 / 2) return 'short-tasks';
  // With many workers, each of which runs few tasks, a task that waits takes more CPU time than in the measured pool.
  if (runShare < 1 / 2 && cell.summary.cpusUsed * gainPerCpu > 1 / 2) return 'cpu-bound';
  const errors = checks.map((check) => errorOnTheWay(check, cell.poolSize, lanes));
  return errors.every((error) => ERRORS.least <= error && error <= ERRORS.most) ? undefined : 'checks';
}

/** The part of an error at a measured size that is to be expected at the asked one, if nearer: each doubling adds as much. */
function errorOnTheWay({ lanes, error }: Prediction['checks'][number], from: number, asked: number): number {
  const share = Math.min(1, Math.log(asked / from) / Math.log(lanes / from));
  return Math.expm1(Math.max(0, share) * Math.log1p(error));
}

/** Speedups whose prediction would be that number with the usual errors. */
export function rangeOf(predicted: number): NonNullable<Prediction['range']> {
  return { lo: predicted / (1 + ERRORS.most), hi: predicted / (1 + ERRORS.least) };
}

/** @param gains ln(speedup) of each block */
function speedupOf(gains: readonly number[]): Prediction['speedup'] {
  const random = seededRandom(SEED);
  const estimates = Array.from({ length: RESAMPLES }, () => Math.exp(pseudoMedian(resample(gains, random))));
  return { estimate: Math.exp(pseudoMedian(gains)), ...percentileInterval95(estimates) };
}

function poolOf(cell: MeasuredCell, { group, noise, upperBounds }: MeasuredGroup, timeline: Timeline): Pool {
  const { tasks } = group.workload;
  const times = Array.from({ length: timeline.tasks ?? tasks }, () => ({ run: 0, wait: 0 }));
  for (const { task, kind, startMs, endMs } of timeline.slices) {
    const own = times[task];
    if (own !== undefined) own[kind] += endMs - startMs;
  }
  const run = times.reduce((sum, time) => sum + time.run, 0);
  const total = times.reduce((sum, time) => sum + time.wait, run);
  const isKnown = total > 0;
  return {
    cell,
    tasks,
    shapes: isKnown ? times.map((time) => ((time.run + time.wait) * times.length) / total) : [1],
    runShare: isKnown ? run / total : 1,
    takenCpus: new Map(noise.blocks.map(({ block, otherCores }) => [block, otherCores ?? 0])),
    slowdown: slowdownOf(upperBounds),
  };
}

/** A straight line from one independent process to as many as were measured beside it. */
function slowdownOf(upperBounds: MeasuredGroup['upperBounds']): Slowdown {
  const one = upperBounds.find(({ lanes }) => lanes === 1);
  const most = upperBounds.at(-1);
  if (one === undefined || most === undefined || most === one) return () => 1;
  // Both are times of one batch at the joint throughput, which is `lanes` times as high if nothing is shared.
  const gain = estimateOf(one.samples, most.samples);
  const factor = gain === undefined ? 1 : Math.max(1, most.lanes / Math.exp(gain));
  return (busyCpus) => 1 + ((factor - 1) * Math.max(0, busyCpus - 1)) / (most.lanes - 1);
}

/**
 * ln(speedup) of the simulated pool over the measured one, by block: every measured batch is simulated with its own
 * costs, so that what they have in common stays together.
 *
 * @param least fewest tasks of the simulated batch
 */
function* simulatedGains(pool: Pool, { lanes, cores }: PoolSize, least: number): Stepwise<readonly number[]> {
  const tasks = Math.max(Math.min(pool.tasks, MOST_TASKS), least);
  const random = seededRandom(SEED);
  const simulated: Sample[] = [];
  for (const sample of pool.cell.samples) {
    const taken = Math.min(pool.takenCpus.get(sample.block) ?? 0, cores / 2);
    const times = Array.from({ length: tasks }, () =>
      timesOf(pool, sample, pool.shapes[random(pool.shapes.length)] ?? 1),
    );
    const wallMs = simulatePool(times, { lanes, cores: cores - taken, slowdown: pool.slowdown });
    simulated.push({ ...sample, wallMs: (wallMs / tasks) * pool.tasks });
    yield;
  }
  return blockDifferences(pool.cell.samples, simulated);
}

/**
 * With a concurrency of 1 a worker is always in a task or between two: its time minus that of its tasks is dispatch.
 * CPU time outside of tasks is the main thread's, which is serial, and the worker's for its messages; what does not fit
 * between two tasks was used beside them, by the threads of the runtime that compile and collect garbage.
 */
function timesOf({ cell, tasks, runShare }: Pool, sample: Sample, shape: number): TaskTimes {
  const { wallMs, tasksInFlight, cpuMs } = sample;
  const taskMs = (tasksInFlight * wallMs) / tasks;
  const betweenMs = Math.max(0, wallMs / Math.ceil(tasks / cell.poolSize) - taskMs);
  const runMs = Math.min(taskMs * runShare, cpuMs / tasks);
  const outsideMs = cpuMs / tasks - runMs;
  // Where the system does not count a thread, all that fits.
  const mainMs = Math.min(betweenMs, outsideMs, (sample.mainMs ?? cpuMs) / tasks);
  const messageMs = Math.min(betweenMs - mainMs, outsideMs - mainMs);
  return {
    mainMs,
    dispatchMs: betweenMs - mainMs - messageMs,
    runMs: runMs * shape + messageMs,
    waitMs: (taskMs - runMs) * shape,
    besideMs: outsideMs - mainMs - messageMs,
  };
}
