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

type Stage = 'main' | 'dispatch' | 'run' | 'wait';

/** A task in a lane. */
interface UnderWay {
  stage: Stage;
  leftMs: number;
  readonly times: TaskTimes;
}

const AFTER: Readonly<Record<Stage, Stage | undefined>> = {
  main: 'dispatch',
  dispatch: 'run',
  run: 'wait',
  wait: undefined,
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
    const task: UnderWay = { stage: 'main', leftMs: times.mainMs, times };
    underWay.add(task);
    main.push(task);
  };
  for (let lane = 0; lane < lanes; lane++) start();
  while (underWay.size > 0) {
    const active = [...underWay].filter((task) => task.stage !== 'main' || task === main[0]);
    const onCores = active.filter(({ stage }) => stage === 'run' || stage === 'main').length;
    const speed = Math.min(1, cores / Math.max(1, onCores));
    const speedOf = ({ stage }: UnderWay): number => (stage === 'run' || stage === 'main' ? speed : 1);
    const stepMs = Math.min(...active.map((task) => task.leftMs / speedOf(task)));
    nowMs += stepMs;
    for (const task of active) {
      task.leftMs -= stepMs * speedOf(task);
      if (task.leftMs > ROUNDING_MS) continue;
      if (task.stage === 'main') main.shift();
      const stage = AFTER[task.stage];
      if (stage === undefined) {
        underWay.delete(task);
        start();
      } else {
        task.stage = stage;
        task.leftMs = leftIn(stage, task.times);
      }
    }
  }
  return nowMs;
}

/** What is left of a subtraction. */
const ROUNDING_MS = 1e-9;

function leftIn(stage: Stage, { mainMs, dispatchMs, runMs, waitMs }: TaskTimes): number {
  return { main: mainMs, dispatch: dispatchMs, run: runMs, wait: waitMs }[stage];
}
