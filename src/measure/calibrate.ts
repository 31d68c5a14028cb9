import { orAborted } from '../../workers/deferred.ts';
import {
  attempt,
  closeUnmeasured,
  eligible,
  isRunning,
  newLogs,
  startHosts,
  startsEachTask,
  type CellHost,
  type GroupContext,
} from './cell-hosts.ts';
import { canStartTogether, createReadying } from './prepare.ts';
import { EqualWork } from './equal-work.ts';
import type { GroupEstimate } from './events.ts';
import { windowMs } from '../model/arrivals.ts';
import { LEAST_FACTOR, screeningOf, PULSE, warmUpOf } from '../model/evidence.ts';
import { paceOf, type CellLog } from '../model/measured.ts';
import type { Block, CalibratedBatches, Group, Turn } from '../model/plan.ts';
import type { Options } from '../model/results.ts';

/** The result of calibrating a group, before anything is measured. */
export interface Calibration {
  /** Tasks in a batch: the workload's own number, or a multiple so that no batch is too short. */
  readonly tasks: number;
  /** Time to start, open and warm up all cells. */
  readonly preparingMs: number;
}

/** In shorter batches, noise and overhead weigh too much. */
const SHORTEST_BATCH_MS = 20;
/** Reserve, since code still being compiled gets faster. */
const HEADROOM = 1.15;
/** While code is compiled, a batch gets shorter by up to this factor: 6 was seen, after these batches. */
const MOST_FASTER = 8;
const HOT_BATCHES = 8;
const HOT_MS = 200;
/** A batch is not made longer than this because of a faster cell. */
const LONGEST_BATCH_MS = 1000;
/** Attempts, since twice as many tasks may take less than twice as long. */
const MOST_TRIES = 4;
/** Startup times do not count here, so hosts may share the machine. */
const OPENING_TOGETHER = 2;

/**
 * Calibrates a group: runs a warm batch of every cell to find how many tasks make a batch long enough in the fastest
 * cell, the same for all cells, and how long a block will take. The workload's own number is doubled until it is
 * enough. A cell that fails here counts as failed. Runs nothing if all of it is known.
 */
export async function calibrate(context: GroupContext): Promise<Calibration> {
  const { group } = context;
  if (group.calibrated !== undefined) return recall(context, group.calibrated);
  let tasks = group.workload.tasks;
  let preparingMs = 0;
  for (let time = 0; time < MOST_TRIES && !context.signal.aborted; time++) {
    const workload = { ...group.workload, tasks };
    // Announced the first time, so that a task which blocks or ends its host is known.
    const { factor, batchMs, ...found } = await timeBatches({ ...context, group: { ...group, workload } }, time === 0);
    preparingMs = found.preparingMs;
    for (const [id, wallMs] of batchMs) noteBatch(context, id, wallMs * factor, factor === 1);
    if (factor === 1) break;
    tasks *= factor;
  }
  return { tasks, preparingMs };
}

function recall(context: GroupContext, calibrated: CalibratedBatches): Calibration {
  const { cells, workload } = context.group;
  let preparingMs = 0;
  for (const { id } of cells) {
    const known = calibrated[id];
    if (known === undefined) continue;
    noteBatch(context, id, known.batchMs, false);
    preparingMs += known.preparingMs;
  }
  return { tasks: workload.tasks, preparingMs };
}

/** Only a batch of the final size counts as a start in a race. */
function noteBatch({ group, logs }: GroupContext, id: string, batchMs: number, isStart: boolean): void {
  const log = logs.get(id);
  if (log === undefined) return;
  log.batchMs = batchMs;
  if (isStart && group.isRace === true) log.startsMs.push(batchMs);
}

/** A power of two, so that a repeated run is likely to find the same. */
function enlargement(walls: readonly number[], hotMs: number): number {
  const fastest = Math.min(hotMs, ...walls) || SHORTEST_BATCH_MS;
  if (fastest >= SHORTEST_BATCH_MS) return 1;
  const slowest = Math.max(...walls);
  let factor = 1;
  while (fastest * factor < SHORTEST_BATCH_MS * HEADROOM && slowest * factor * 2 <= LONGEST_BATCH_MS) factor *= 2;
  return factor;
}

interface Timed {
  readonly batchMs: ReadonlyMap<string, number>;
  readonly preparingMs: number;
  /** How many times as many tasks the batches need. */
  readonly factor: number;
}

async function timeBatches(context: GroupContext, announced: boolean): Promise<Timed> {
  const { group, logs, signal } = context;
  // In a race this is the first start, so its order is random too.
  const order = (group.isRace === true ? group.blocks.at(-1)?.[0] : undefined) ?? group.cells;
  const cells = order.filter(({ id }) => logs.get(id)?.error === undefined);
  // Readings here are not results, so they go to temporary logs.
  const trial: GroupContext = { ...context, logs: newLogs(cells), equalWork: new EqualWork() };
  const batchMs = new Map<string, number>();
  const startedMs = performance.now();
  let preparingMs = 0;
  let factor = 1;
  const preparation = { rounds: 1, openingTogether: OPENING_TOGETHER, announced, keepsStartups: false };
  const { ready, readyAll } = createReadying(trial, preparation);
  const hosts = await startHosts(trial, cells, canStartTogether(cells, context.cpus) ? ready : undefined);
  try {
    const work = async (): Promise<void> => {
      await readyAll(hosts, cells);
      preparingMs = performance.now() - startedMs;
      const timeAll = async (areOfEachTask: boolean, time: (cellHost: CellHost) => Promise<number>): Promise<void> => {
        for (const cellHost of eligible(hosts, cells).filter(({ log }) => startsEachTask(log.cell) === areOfEachTask)) {
          if (signal.aborted) return;
          await attempt(trial, cellHost, async () => {
            batchMs.set(cellHost.log.cell.id, await time(cellHost));
          });
        }
      };
      // More cache lookups, or more work that is not awaited, would not be more of the work.
      let hotMs = Infinity;
      const isFixed = (): boolean => group.workload.tasksAreFixed || isDoubted(trial);
      const factorNow = (): number => (isFixed() ? 1 : enlargement([...batchMs.values()], hotMs));
      await timeAll(false, timeBatch);
      const fastestMs = Math.min(...batchMs.values());
      const fastest = eligible(hosts, cells).find(({ log }) => batchMs.get(log.cell.id) === fastestMs);
      const mayBeShort = !isFixed() && factorNow() === 1 && fastestMs < SHORTEST_BATCH_MS * MOST_FASTER;
      if (fastest !== undefined && mayBeShort && !signal.aborted)
        hotMs = (await attempt(trial, fastest, () => timeHotBatch(fastest))) ?? Infinity;
      // Whole batches of these take long, so one is run only where it counts as a start.
      if (group.isRace !== true || factorNow() > 1) await timeAll(true, (cellHost) => guessBatch(group, cellHost));
      factor = factorNow();
      if (group.isRace === true && factor === 1)
        await timeAll(true, async ({ host }) => (await host.measure()).reading.wallMs);
    };
    await orAborted(work(), signal, () => undefined);
    await closeUnmeasured(
      eligible(hosts, cells).map(({ host }) => host),
      context,
    );
    return { batchMs, preparingMs, factor };
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

/** The timed work may not be the real work. One cell is enough: in a pool, a worker may have had few inputs twice so far. */
function isDoubted({ logs }: GroupContext): boolean {
  return [...logs.values()].some(({ doubts }) => doubts.length > 0);
}

async function timeBatch({ log, host }: CellHost): Promise<number> {
  const { reading, doubts = [] } = await host.measure(true);
  log.doubts.push(...doubts);
  return reading.wallMs;
}

/** The shortest of further batches: by then, most of the code is compiled. */
async function timeHotBatch({ host }: CellHost): Promise<number> {
  let [hotMs, spentMs] = [Infinity, 0];
  for (let batch = 0; batch < HOT_BATCHES && spentMs < HOT_MS; batch++) {
    const { wallMs } = await host.warm(1);
    hotMs = Math.min(hotMs, wallMs);
    spentMs += wallMs;
  }
  return hotMs;
}

/** One task that starts a worker is enough to estimate the time of a whole batch. */
async function guessBatch({ workload }: Group, { log, host }: CellHost): Promise<number> {
  const startedMs = performance.now();
  await host.warm(1);
  return ((performance.now() - startedMs) * workload.tasks) / log.cell.poolSize;
}

const CLOSING_MS = 100;

interface Calibrated {
  readonly group: Group;
  readonly options: Pick<Options, 'warmups'>;
  readonly logs: ReadonlyMap<string, CellLog>;
  readonly preparingMs: number;
}

/**
 * Estimates how long each block of a group will take, from its calibration. Before a race has been run, its
 * confirmation is taken to measure what looks close now.
 */
export function estimateOf(calibrated: Calibrated, done = 0): GroupEstimate {
  const { group, logs, preparingMs } = calibrated;
  const likely = group.isRace === true && done < screeningOf(group) ? closeNow(calibrated) : undefined;
  const blocksMs = group.blocks.map((block, index) => {
    const isLikely = (id: string): boolean => index < screeningOf(group) || likely === undefined || likely.has(id);
    const running = (block[0] ?? []).flatMap(({ id }) => {
      const log = logs.get(id);
      return log !== undefined && isRunning(log) && isLikely(id) ? [log] : [];
    });
    const turnsMs = turnsMsOf(calibrated, block, index) ?? batchesMsOf(calibrated, running, { block, index });
    const started = new Set(running.map(({ cell }) => cell.id)).size;
    return (preparingMs * started) / Math.max(1, group.cells.length) + turnsMs + CLOSING_MS;
  });
  return { group, blocksMs, done };
}

/** Reading counters and passing a batch on, beside its time. */
const BETWEEN_BATCHES_MS = 4;

/** Duration of the batches of a block, and of the upper bound. */
function batchesMsOf(
  { group, options: { warmups }, logs }: Calibrated,
  running: readonly CellLog[],
  { block, index }: { readonly block: Block; readonly index: number },
): number {
  const { upperBoundLanes, upperBoundBlocks = Infinity, upperBoundRounds = Infinity, isRace, selectBy } = group;
  const onceMs = running.reduce((sum, { batchMs = 0 }) => sum + batchMs, 0);
  const ownMs = (onceMs + running.length * BETWEEN_BATCHES_MS) * block.length;
  // The first block of a race traces what it drops, which takes longest.
  if (index < screeningOf(group))
    return ownMs + (index === 0 && isRace === true && selectBy === undefined ? onceMs : 0);
  if (upperBoundLanes.length === 0 || index >= upperBoundBlocks) return ownMs;
  // An independent process takes about as long for a batch as the baseline, which is on the event loop if that is there.
  const rounds = Math.min(block.length, upperBoundRounds) * upperBoundLanes.length + warmups;
  return ownMs + rounds * (logs.get(group.baseline)?.batchMs ?? 0);
}

/** Where a search looks on average, as a share of the capacity. */
const SEARCHED_SHARE = 0.7;

/** Duration of all windows and pulses of a block, and of what warms up for them; undefined for batches. */
function turnsMsOf(
  { group: { load, workload }, options: { warmups }, logs }: Calibrated,
  block: Block,
  index: number,
): number | undefined {
  if (load === undefined || !('ratings' in load)) return undefined;
  const { rates, ratings, pulsesMs = 0 } = load;
  const rateOf = ({ id, rateIndex }: Turn): number =>
    rateIndex === undefined ? SEARCHED_SHARE * (ratings[id]?.capacity ?? Infinity) : (rates[rateIndex] ?? Infinity);
  const turns = block.flat();
  const ownMs = turns.reduce((sum, turn) => sum + windowMs(load, rateOf(turn)), 0);
  const warmingMs = [...logs.values()].map((log) => {
    const own = turns.filter(({ id }) => id === log.cell.id).length;
    return own === 0 ? 0 : warmUpOf(paceOf(load, log, workload.tasks), load, { turns: own, warmups }).ms;
  });
  return ownMs + warmingMs.reduce((sum, ms) => sum + ms, 0) + (index < PULSE.blocks ? pulsesMs : 0);
}

function closeNow({ group, logs }: Calibrated): ReadonlySet<string> {
  const cells = [...logs.values()].flatMap(({ cell: { id }, batchMs }) =>
    batchMs === undefined ? [] : [{ id, batchMs }],
  );
  const fastestMs = Math.min(...cells.map(({ batchMs }) => batchMs));
  return new Set(
    cells.filter(({ id, batchMs }) => id === group.baseline || batchMs < fastestMs * LEAST_FACTOR).map(({ id }) => id),
  );
}
