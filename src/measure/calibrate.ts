import { orAborted } from '../../workers/deferred.ts';
import { attempt, eligible, newLogs, prepare, startHosts, type CellHost, type GroupContext } from './cell-hosts.ts';
import { traitsOf } from '../model/strategies.ts';
import { EqualWork } from './equal-work.ts';

/** The result of calibrating a group, before anything is measured. */
export interface Calibration {
  /** Tasks in a batch: the workload's own number, or a multiple so that no batch is too short. */
  readonly tasks: number;
  /** Estimated duration of one block. */
  readonly blockMs: number;
}

/** In shorter batches, noise and overhead weigh too much. */
const SHORTEST_BATCH_MS = 20;
/** Reserve, since code still being compiled gets faster. */
const HEADROOM = 1.15;
/** A batch is not made longer than this because of a faster cell. */
const LONGEST_BATCH_MS = 1000;
/** Attempts, since twice as many tasks may take less than twice as long. */
const MOST_TRIES = 4;
/** Startup times do not count here, so hosts may share the machine. */
const OPENING_TOGETHER = 2;
const CLOSING_MS = 100;

/**
 * Calibrates a group: runs a warm batch of every cell to find how many tasks make a batch long enough in the fastest
 * cell, the same for all cells, and how long a block will take. The workload's own number is doubled until it is
 * enough. A cell that fails here counts as failed.
 */
export async function calibrate(context: GroupContext): Promise<Calibration> {
  const { group } = context;
  let tasks = group.workload.tasks;
  let blockMs = 0;
  for (let time = 0; time < MOST_TRIES && !context.signal.aborted; time++) {
    const workload = { ...group.workload, tasks };
    // Announced the first time, so that a task which blocks or ends its host is known.
    const found = await timeBatches({ ...context, group: { ...group, workload } }, time === 0);
    const walls = [...found.batchMs.values()];
    const turnsMs = walls.reduce((sum, wall) => sum + wall, 0);
    const rounds = Math.max(0, ...group.blocks.map((block) => block.length));
    blockMs = found.preparingMs + turnsMs * rounds + CLOSING_MS;
    // More cache lookups, or more work that is not awaited, would not be more of the work.
    const factor = group.workload.tasksAreFixed || found.isDoubted ? 1 : enlargement(walls);
    if (factor === 1) break;
    tasks *= factor;
  }
  return { tasks, blockMs };
}

/** A power of two, so that a repeated run is likely to find the same. */
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
  /** The timed work may not be the real work. */
  readonly isDoubted: boolean;
}

async function timeBatches(context: GroupContext, announced: boolean): Promise<Timed> {
  const { group, logs, signal } = context;
  const cells = group.cells.filter(({ id }) => logs.get(id)?.error === undefined);
  // Readings here are not results, so they go to temporary logs.
  const trial: GroupContext = { ...context, logs: newLogs(cells), equalWork: new EqualWork() };
  const batchMs = new Map<string, number>();
  const startedMs = performance.now();
  let preparingMs = 0;
  const hosts = await startHosts(trial, cells);
  try {
    const work = async (): Promise<void> => {
      await prepare(trial, hosts, cells, { rounds: 1, openingTogether: OPENING_TOGETHER, announced });
      preparingMs = performance.now() - startedMs + startupsMs(trial) * (1 - 1 / OPENING_TOGETHER);
      for (const cellHost of eligible(hosts, cells)) {
        if (signal.aborted) return;
        await attempt(trial, cellHost, async () => {
          batchMs.set(cellHost.log.cell.id, await timeBatch(trial, cellHost));
        });
      }
    };
    await orAborted(work(), signal, () => undefined);
    // One cell is enough: in a pool, a worker may have had few inputs twice so far.
    const isDoubted = [...trial.logs.values()].some(({ doubts }) => doubts.length > 0);
    return { batchMs, preparingMs, isDoubted };
  } finally {
    for (const [id, log] of logs) {
      const found = trial.logs.get(id);
      log.error ??= found?.error;
      // Unawaited work is only looked for here, where nothing is timed; every block detects cached results.
      log.doubts.push(...(found?.doubts.filter(({ kind }) => kind === 'unawaited') ?? []));
    }
    await Promise.all([...hosts.values()].map(({ host }) => host.kill()));
    context.leftBehind.sweep();
  }
}

async function timeBatch({ group }: GroupContext, { log, host }: CellHost): Promise<number> {
  if (traitsOf(log.cell).lanes === 'per-task') {
    // The warm-up of one task is enough to estimate the time of a whole batch.
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
