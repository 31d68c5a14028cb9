import { orAborted } from '../../workers/deferred.ts';
import { attempt, eligible, newLogs, prepare, startHosts, type Contestant, type GroupContext } from './contestants.ts';
import { traitsOf } from '../model/strategies.ts';
import { EqualWork } from './equal-work.ts';

/** What a group was found to take before anything was measured. */
export interface TryOut {
  /** Tasks in a batch: the workload's own number, or so many times as many that no batch is too short. */
  readonly tasks: number;
  /** What one block will take, about. */
  readonly blockMs: number;
}

/** In a shorter batch, the noise of the system and the measuring itself weigh too much. */
const SHORTEST_BATCH_MS = 20;
/** Code that is still being compiled gets faster: a batch must have this much to spare. */
const HEADROOM = 1.15;
/** No batch is made longer than this for the sake of a faster cell's. */
const LONGEST_BATCH_MS = 1000;
/** A batch of twice as many tasks may take less than twice as long, so that it has to be looked at again. */
const MOST_TRIES = 4;
/** No start-up is a result here. */
const OPENING_TOGETHER = 2;
const CLOSING_MS = 100;

/**
 * Runs a batch of every cell, when it is warm, to find out how many tasks make a batch long enough in the fastest cell, the same
 * for all cells, and how long a block will take. The workload's own number is doubled until it is enough. A cell that
 * fails here has failed.
 */
export async function tryOut(context: GroupContext): Promise<TryOut> {
  const { group } = context;
  let tasks = group.workload.tasks;
  let blockMs = 0;
  for (let time = 0; time < MOST_TRIES && !context.signal.aborted; time++) {
    const workload = { ...group.workload, tasks };
    // The first time is every task's first: if one of them blocks or ends its host for good, it is known which.
    const found = await timeBatches({ ...context, group: { ...group, workload } }, time === 0);
    const walls = [...found.batchMs.values()];
    const turnsMs = walls.reduce((sum, wall) => sum + wall, 0);
    const rounds = Math.max(0, ...group.blocks.map((block) => block.length));
    blockMs = found.preparingMs + turnsMs * rounds + CLOSING_MS;
    // More look-ups, or more work that nobody waits for, would not be more of the work.
    const factor = group.workload.tasksAreFixed || found.isDoubted ? 1 : enlargement(walls);
    if (factor === 1) break;
    tasks *= factor;
  }
  return { tasks, blockMs };
}

/** A power of two, so that a run that is repeated is likely to find the same. */
function enlargement(walls: readonly number[]): number {
  const fastest = Math.min(...walls) || SHORTEST_BATCH_MS;
  if (fastest >= SHORTEST_BATCH_MS) return 1;
  const slowest = Math.max(...walls);
  let factor = 1;
  while (fastest * factor < SHORTEST_BATCH_MS * HEADROOM && slowest * factor * 2 <= LONGEST_BATCH_MS) factor *= 2;
  return factor;
}

interface Timed {
  readonly batchMs: ReadonlyMap<string, number>;
  readonly preparingMs: number;
  /** What takes so long may not be the work. */
  readonly isDoubted: boolean;
}

async function timeBatches(context: GroupContext, announced: boolean): Promise<Timed> {
  const { group, logs, signal } = context;
  const cells = group.cells.filter(({ id }) => logs.get(id)?.error === undefined);
  // What is read here is no result: it goes with these logs.
  const trial: GroupContext = { ...context, logs: newLogs(cells), equalWork: new EqualWork() };
  const batchMs = new Map<string, number>();
  const startedMs = performance.now();
  let preparingMs = 0;
  const contestants = await startHosts(trial, cells);
  try {
    const work = async (): Promise<void> => {
      await prepare(trial, contestants, cells, { rounds: 1, openingTogether: OPENING_TOGETHER, announced });
      preparingMs = performance.now() - startedMs + startupsMs(trial) * (1 - 1 / OPENING_TOGETHER);
      for (const contestant of eligible(contestants, cells)) {
        if (signal.aborted) return;
        await attempt(trial, contestant, async () => {
          batchMs.set(contestant.log.cell.id, await timeBatch(trial, contestant));
        });
      }
    };
    await orAborted(work(), signal, () => undefined);
    // One cell is enough: in pools a worker may have met few of the inputs twice by then.
    const isDoubted = [...trial.logs.values()].some(({ doubts }) => doubts.length > 0);
    return { batchMs, preparingMs, isDoubted };
  } finally {
    for (const [id, log] of logs) {
      const found = trial.logs.get(id);
      log.error ??= found?.error;
      // Looked for here only, where nothing is timed; whether results are kept, every block tells by itself.
      log.doubts.push(...(found?.doubts.filter(({ kind }) => kind === 'unawaited') ?? []));
    }
    await Promise.all([...contestants.values()].map(({ host }) => host.kill()));
    context.leftBehind.sweep();
  }
}

async function timeBatch({ group }: GroupContext, { log, host }: Contestant): Promise<number> {
  if (traitsOf(log.cell).lanes === 'per-task') {
    // One task is told from its warm-up, and a batch takes as many as there are: no need to sit through it.
    const startedMs = performance.now();
    await host.warm(1);
    return ((performance.now() - startedMs) * group.workload.tasks) / log.cell.poolSize;
  }
  const { reading, doubts = [] } = await host.measure(true);
  log.doubts.push(...doubts);
  return reading.wallMs;
}

function startupsMs({ logs }: GroupContext): number {
  return [...logs.values()].reduce((sum, { startupMs }) => sum + (startupMs[0] ?? 0), 0);
}
