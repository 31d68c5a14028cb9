import type { MeasuredGroup } from '../model/measured.ts';
import type { MeasuredCell, Options, Prediction, Sample, Timeline } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { median, diceOf, drawn, middle, type Dice } from './quantile.ts';
import { byCurve } from './scaling.ts';

const SIMULATIONS = 100;
const SEED = 1;
/** In a simulated batch: with fewer, how the last ones come out even would be most of it. */
const TASKS_PER_LANE = 8;

type Asked = NonNullable<Options['predict']>;

/** What was measured of a pool with one task in flight in each lane, ready to be resampled. */
interface Pool {
  readonly cell: MeasuredCell;
  /** Of a batch. */
  readonly tasks: number;
  /** What each task of the traced batch took, relative to their mean. */
  readonly shapes: readonly number[];
  /** Of a task, the part in which it ran: the rest it waited. */
  readonly runShare: number;
}

/**
 * What pools of other sizes would do, on this machine or a larger one: for each curve from the smallest pool that was
 * measured with one task in flight, and beside each prediction how far the same simulation is from what was measured here.
 */
export function predictAll(
  { group, timelines }: MeasuredGroup,
  cells: readonly MeasuredCell[],
  asked: Asked,
  cores: number,
): readonly Prediction[] {
  const simple = cells.filter((cell) => cell.inFlight === 1 && cell.twin === undefined && traitsOf(cell).isSimulated);
  return byCurve(simple).flatMap(({ cells: [from, ...others] }) => {
    const timeline = timelines.find(({ cell }) => cell === from.id);
    if (timeline === undefined) return [];
    const pool = poolOf(from, group.workload.tasks, timeline);
    const { tasks } = pool;
    const checks = others.map(({ id, poolSize, summary }) => {
      const predicted = median(simulatedGains(pool, { lanes: poolSize, cores }, tasks));
      const measured = from.summary.wallMs.median / summary.wallMs.median;
      return { cell: id, lanes: poolSize, predicted, measured, error: predicted / measured - 1 };
    });
    return asked.lanes.map((lanes): Prediction => {
      const simulated = { lanes, cores: asked.cores ?? Math.max(lanes, cores) };
      const gains = simulatedGains(pool, simulated, Math.max(tasks, lanes * TASKS_PER_LANE));
      return {
        workload: group.workload.name,
        params: group.params,
        from: from.id,
        ...simulated,
        speedup: { estimate: median(gains), ...middle(gains) },
        checks,
      };
    });
  });
}

function poolOf(cell: MeasuredCell, tasks: number, { slices }: Timeline): Pool {
  const times = Array.from({ length: tasks }, (_, task) => {
    const own = slices.filter((slice) => slice.task === task);
    const sum = (kind: 'run' | 'wait'): number =>
      own.filter((slice) => slice.kind === kind).reduce((total, { startMs, endMs }) => total + endMs - startMs, 0);
    return { runMs: sum('run'), waitMs: sum('wait') };
  });
  const total = times.reduce((sum, { runMs, waitMs }) => sum + runMs + waitMs, 0);
  const run = times.reduce((sum, { runMs }) => sum + runMs, 0);
  const isKnown = total > 0;
  return {
    cell,
    tasks,
    shapes: isKnown ? times.map(({ runMs, waitMs }) => ((runMs + waitMs) * tasks) / total) : [1],
    runShare: isKnown ? run / total : 1,
  };
}

/** How many times as many tasks a second the simulated pool does as the one that was measured: one number for each simulation. */
function simulatedGains(pool: Pool, simulated: PoolToSimulate, tasks: number): readonly number[] {
  const dice = diceOf(SEED);
  return Array.from({ length: SIMULATIONS }, () => {
    const samples = drawn(pool.cell.samples, dice);
    const wallMs = simulatePool(drawTasks(pool, samples, tasks, dice), simulated);
    const measuredMs = median(samples.map((sample) => sample.wallMs)) / pool.tasks;
    return measuredMs / (wallMs / tasks);
  });
}

function drawTasks(pool: Pool, samples: readonly Sample[], tasks: number, dice: Dice): readonly TaskTimes[] {
  return Array.from({ length: tasks }, () => {
    const sample = samples[dice(samples.length)] as Sample;
    const shape = pool.shapes[dice(pool.shapes.length)] ?? 1;
    return timesOf(pool, sample, shape);
  });
}

/**
 * In a pool with one task in flight a lane is always in one task or between two: what a lane took, less what its tasks took, is
 * the dispatch. CPU time that is in no task is the main thread's, which is serial; it is counted for that as a whole.
 */
function timesOf({ cell, tasks, runShare }: Pool, { wallMs, inProgress, cpuMs }: Sample, shape: number): TaskTimes {
  const taskMs = (inProgress * wallMs) / tasks;
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

/** What one task takes, in milliseconds, as it was measured in a pool of which nothing was short. */
export interface TaskTimes {
  /** On the main thread, which hands over one task at a time. */
  readonly mainMs: number;
  /** From there to the lane and back. */
  readonly dispatchMs: number;
  /** On a core. */
  readonly runMs: number;
  /** In the lane, on no core. */
  readonly waitMs: number;
}

export interface PoolToSimulate {
  readonly lanes: number;
  readonly cores: number;
}

type Stage = keyof TaskTimes;

/** A task in a lane. */
interface UnderWay {
  stage: Stage;
  leftMs: number;
  readonly times: TaskTimes;
}

/** What is left of a subtraction. */
const ROUNDING_MS = 1e-9;

const AFTER: Readonly<Record<Stage, Stage | undefined>> = {
  mainMs: 'dispatchMs',
  dispatchMs: 'runMs',
  runMs: 'waitMs',
  waitMs: undefined,
};

/**
 * A discrete-event simulation of a pool with one task in flight in each lane: the main thread hands tasks over one at a time, in
 * order; what runs shares the cores evenly when there are fewer of them than there is to run; waiting and dispatch take no core.
 *
 * @param tasks what each task of the batch takes, in the order in which they are handed over
 * @returns the wall time of the batch, ms
 */
export function simulatePool(tasks: readonly TaskTimes[], { lanes, cores }: PoolToSimulate): number {
  let nowMs = 0;
  let next = 0;
  const underWay = new Set<UnderWay>();
  /** Waiting for the main thread, which works for the first of them. */
  const main: UnderWay[] = [];
  const start = (): void => {
    const times = tasks[next];
    if (times === undefined) return;
    next += 1;
    const task: UnderWay = { stage: 'mainMs', leftMs: times.mainMs, times };
    underWay.add(task);
    main.push(task);
  };
  for (let lane = 0; lane < lanes; lane++) start();
  while (underWay.size > 0) {
    const active = [...underWay].filter((task) => task.stage !== 'mainMs' || task === main[0]);
    const speed = Math.min(1, cores / Math.max(1, active.filter(isOnCore).length));
    const speedOf = (task: UnderWay): number => (isOnCore(task) ? speed : 1);
    const stepMs = Math.min(...active.map((task) => task.leftMs / speedOf(task)));
    nowMs += stepMs;
    for (const task of active) {
      task.leftMs -= stepMs * speedOf(task);
      if (task.leftMs > ROUNDING_MS) continue;
      if (task.stage === 'mainMs') main.shift();
      const stage = AFTER[task.stage];
      if (stage === undefined) {
        underWay.delete(task);
        start();
      } else {
        task.stage = stage;
        task.leftMs = task.times[stage];
      }
    }
  }
  return nowMs;
}

function isOnCore({ stage }: UnderWay): boolean {
  return stage === 'runMs' || stage === 'mainMs';
}
