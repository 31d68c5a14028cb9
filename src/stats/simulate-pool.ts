/** Cost of one task, in milliseconds, as measured in a pool that lacked no CPU. */
export interface TaskTimes {
  /** On the main thread, which dispatches one task at a time. */
  readonly mainMs: number;
  /** From there to the worker and back. */
  readonly dispatchMs: number;
  /** On a CPU, in the worker. */
  readonly runMs: number;
  /** In the worker, waiting. */
  readonly waitMs: number;
  /** On a CPU, by a thread of the runtime for which no task waits. */
  readonly besideMs: number;
}

export interface PoolSize {
  readonly lanes: number;
  /** Need not be whole: without those that other programs take. */
  readonly cores: number;
}

/** How many times as long work takes if that many CPUs are busy: they may share memory bandwidth or clock speed. */
export type Slowdown = (busyCpus: number) => number;

export interface PoolToSimulate extends PoolSize {
  readonly slowdown?: Slowdown;
}

/**
 * Discrete-event simulation of a pool with a concurrency of 1: the main thread dispatches tasks one at a time, in
 * order; all that runs shares the CPUs evenly if it is more than there are CPUs; waiting and dispatch take no CPU.
 *
 * @param tasks cost of each task of the batch, in dispatch order
 * @returns the wall time of the batch, ms
 */
export function simulatePool(
  tasks: readonly TaskTimes[],
  { lanes, cores, slowdown = () => 1 }: PoolToSimulate,
): number {
  /** Clocks in milliseconds: of the world, and of a running task, which slows down when CPUs are short. */
  let nowMs = 0;
  let onCoreMs = 0;
  const off: RunningTask[] = [];
  const onCore: RunningTask[] = [];
  /** Tasks waiting for the main thread, which serves one at a time. */
  const queue = tasks.values();
  let waiting = Math.min(lanes, tasks.length);
  let isMainBusy = false;
  /** Work beside the tasks, which a single thread does whenever there is any. */
  let besideMs = 0;
  let isBesideBusy = false;
  let ended = 0;

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
  const workBeside = (times: TaskTimes): void => {
    if (isBesideBusy || besideMs === 0) return;
    isBesideBusy = true;
    enter('besideMs', { ...times, besideMs });
    besideMs = 0;
  };
  for (handOver(); ended < tasks.length; handOver()) {
    const [first, core] = [off.at(-1), onCore.at(-1)];
    const busy = Math.max(1, onCore.length);
    const speed = Math.min(1, cores / busy) / slowdown(Math.min(cores, busy));
    const coreMs = core === undefined ? Number.POSITIVE_INFINITY : nowMs + (core.endsAt - onCoreMs) / speed;
    const endMs = Math.min(coreMs, first?.endsAt ?? Number.POSITIVE_INFINITY);
    onCoreMs += (endMs - nowMs) * speed;
    nowMs = endMs;
    const last = (coreMs === endMs ? onCore : off).pop();
    if (last === undefined) break;
    const { stage, times } = last;
    const next = AFTER[stage];
    if (stage === 'mainMs') isMainBusy = false;
    if (stage === 'besideMs') isBesideBusy = false;
    else if (next !== undefined) enter(next, times);
    else {
      ended += 1;
      waiting += 1;
      besideMs += times.besideMs;
    }
    workBeside(times);
  }
  return nowMs;
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
  besideMs: undefined,
};

function isOnCore(stage: Stage): boolean {
  return stage === 'runMs' || stage === 'mainMs' || stage === 'besideMs';
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
