import type { MeasuredGroup } from '../model/measured.ts';
import type { MeasuredCell, Options, Prediction, Sample, Timeline } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { estimateOf } from './compare.ts';
import { median, seededRandom, resample, percentileInterval95, type Random } from './quantile.ts';
import { byCurve } from './groups.ts';

const SIMULATIONS = 100;
const SEED = 1;
/** Fewest tasks per worker in a simulated batch: with fewer, idle workers at its end would dominate. */
const TASKS_PER_LANE = 8;
/** Most tasks of a simulated batch, unless there are many workers: more would no longer matter. */
const MOST_TASKS = 10_000;

type Asked = NonNullable<Options['predict']>;

/** Measurements of a pool with a concurrency of 1, ready to be resampled. */
interface Pool {
  readonly cell: MeasuredCell;
  /** Tasks per batch. */
  readonly tasks: number;
  /** Duration of each task of the traced batch, relative to their mean. */
  readonly shapes: readonly number[];
  /** Share of a task in which it runs; in the rest it waits. */
  readonly runShare: number;
}

/** Long work that pauses at each `yield`, so that the caller can do something else or stop it. */
export type Stepwise<Found> = Generator<undefined, Found>;

/**
 * Predicts pools of other sizes, on this machine or a larger one: for each curve from the smallest measured pool with a
 * concurrency of 1. Beside each prediction stands how far the same simulation is from the measurements here.
 */
export function* predictAll(
  { group, timelines }: MeasuredGroup,
  cells: readonly MeasuredCell[],
  asked: Asked,
  cores: number,
): Stepwise<readonly Prediction[]> {
  const simple = cells.filter(
    (cell) => cell.concurrency === 1 && cell.twin === undefined && traitsOf(cell).isSimulated,
  );
  const predictions: Prediction[] = [];
  for (const curve of byCurve(simple)) {
    const [from, ...others] = curve.cells;
    const timeline = timelines.find(({ cell }) => cell === from.id);
    if (timeline === undefined) continue;
    const pool = poolOf(from, group.workload.tasks, timeline);
    const checks: Prediction['checks'] = [];
    for (const { id, poolSize, samples } of others) {
      const predicted = median(yield* simulatedGains(pool, { lanes: poolSize, cores }, 0));
      const gain = estimateOf(from.samples, samples);
      if (gain === undefined) continue;
      const measured = Math.exp(gain);
      checks.push({ cell: id, lanes: poolSize, predicted, measured, error: predicted / measured - 1 });
    }
    for (const lanes of asked.lanes) {
      const simulated = { lanes, cores: asked.cores ?? Math.max(lanes, cores) };
      const gains = yield* simulatedGains(pool, simulated, lanes * TASKS_PER_LANE);
      predictions.push({
        workload: group.workload.name,
        params: group.params,
        from: from.id,
        ...simulated,
        speedup: { estimate: median(gains), ...percentileInterval95(gains) },
        checks,
      });
    }
  }
  return predictions;
}

function poolOf(cell: MeasuredCell, tasks: number, timeline: Timeline): Pool {
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
  };
}

/**
 * Throughput of the simulated pool relative to the measured one: one number for each simulation.
 *
 * @param least fewest tasks of the simulated batch
 */
function* simulatedGains(pool: Pool, simulated: PoolToSimulate, least: number): Stepwise<readonly number[]> {
  const tasks = Math.max(Math.min(pool.tasks, MOST_TASKS), least);
  const random = seededRandom(SEED);
  const gains: number[] = [];
  while (gains.length < SIMULATIONS) {
    const samples = resample(pool.cell.samples, random);
    const wallMs = simulatePool(drawTasks(pool, samples, tasks, random), simulated);
    const measuredMs = median(samples.map((sample) => sample.wallMs)) / pool.tasks;
    gains.push(measuredMs / (wallMs / tasks));
    yield;
  }
  return gains;
}

function drawTasks(pool: Pool, samples: readonly Sample[], tasks: number, random: Random): readonly TaskTimes[] {
  return Array.from({ length: tasks }, () => {
    const sample = samples[random(samples.length)] as Sample;
    const shape = pool.shapes[random(pool.shapes.length)] ?? 1;
    return timesOf(pool, sample, shape);
  });
}

/**
 * With a concurrency of 1 a worker is always in a task or between two: its time minus that of its tasks is dispatch.
 * CPU time outside of tasks counts as the main thread's, which is serial.
 */
function timesOf({ cell, tasks, runShare }: Pool, { wallMs, tasksInFlight, cpuMs }: Sample, shape: number): TaskTimes {
  const taskMs = (tasksInFlight * wallMs) / tasks;
  const betweenMs = Math.max(0, wallMs / Math.ceil(tasks / cell.poolSize) - taskMs);
  const runMs = taskMs * runShare;
  const mainMs = Math.min(betweenMs, Math.max(0, cpuMs / tasks - runMs));
  return {
    mainMs,
    dispatchMs: betweenMs - mainMs,
    runMs: runMs * shape,
    waitMs: (taskMs - runMs) * shape,
  };
}

/** Cost of one task, in milliseconds, as measured in a pool that lacked no CPU. */
export interface TaskTimes {
  /** On the main thread, which dispatches one task at a time. */
  readonly mainMs: number;
  /** From there to the worker and back. */
  readonly dispatchMs: number;
  /** On a CPU. */
  readonly runMs: number;
  /** In the worker, waiting. */
  readonly waitMs: number;
}

export interface PoolToSimulate {
  readonly lanes: number;
  readonly cores: number;
}

type Stage = keyof TaskTimes;

/** A task in one of its stages. */
interface RunningTask {
  readonly stage: Stage;
  readonly times: TaskTimes;
  /** On the clock of its stage. */
  readonly endsAt: number;
}

const AFTER: Readonly<Record<Stage, Stage | undefined>> = {
  mainMs: 'dispatchMs',
  dispatchMs: 'runMs',
  runMs: 'waitMs',
  waitMs: undefined,
};

/**
 * Discrete-event simulation of a pool with a concurrency of 1: the main thread dispatches tasks one at a time, in
 * order; running tasks share the CPUs evenly if there are more of them than CPUs; waiting and dispatch take no CPU.
 *
 * @param tasks cost of each task of the batch, in dispatch order
 * @returns the wall time of the batch, ms
 */
export function simulatePool(tasks: readonly TaskTimes[], { lanes, cores }: PoolToSimulate): number {
  /** Clocks in milliseconds: of the world, and of a running task, which slows down when CPUs are short. */
  let nowMs = 0;
  let onCoreMs = 0;
  const off: RunningTask[] = [];
  const onCore: RunningTask[] = [];
  /** Tasks waiting for the main thread, which serves one at a time. */
  const queue = tasks.values();
  let waiting = Math.min(lanes, tasks.length);
  let isMainBusy = false;

  const enter = (stage: Stage, times: TaskTimes): void => {
    if (isOnCore(stage)) insert(onCore, { stage, times, endsAt: onCoreMs + times[stage] });
    else insert(off, { stage, times, endsAt: nowMs + times[stage] });
  };
  const handOver = (): void => {
    if (isMainBusy || waiting === 0) return;
    const { value: times } = queue.next();
    waiting -= 1;
    if (times === undefined) return;
    isMainBusy = true;
    enter('mainMs', times);
  };
  for (handOver(); ; handOver()) {
    const [first, core] = [off.at(-1), onCore.at(-1)];
    if (first === undefined && core === undefined) return nowMs;
    const speed = Math.min(1, cores / Math.max(1, onCore.length));
    const coreMs = core === undefined ? Number.POSITIVE_INFINITY : nowMs + (core.endsAt - onCoreMs) / speed;
    const endMs = Math.min(coreMs, first?.endsAt ?? Number.POSITIVE_INFINITY);
    onCoreMs += (endMs - nowMs) * speed;
    nowMs = endMs;
    const ended = (coreMs === endMs ? onCore : off).pop();
    if (ended === undefined) continue;
    if (ended.stage === 'mainMs') isMainBusy = false;
    const stage = AFTER[ended.stage];
    if (stage === undefined) waiting += 1;
    else enter(stage, ended.times);
  }
}

function isOnCore(stage: Stage): boolean {
  return stage === 'runMs' || stage === 'mainMs';
}

/** Inserts into a list whose last item ends first. */
function insert(list: RunningTask[], task: RunningTask): void {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middleOf = (from + to) >>> 1;
    const other = list[middleOf];
    if (other !== undefined && other.endsAt > task.endsAt) from = middleOf + 1;
    else to = middleOf;
  }
  list.splice(from, 0, task);
}
