import { objectiveOf } from '../model/arrivals.ts';
import { pulsesMsOf } from '../model/pulse.ts';
import type { LoadPlan, PlannedCell, RatedLoad, Rating } from '../model/plan.ts';
import {
  attempt,
  closeUnmeasured,
  eligible,
  newLogs,
  startHosts,
  type CellHost,
  type GroupContext,
} from './cell-hosts.ts';
import { createReadying } from './prepare.ts';
import { EqualWork } from './equal-work.ts';
import { runUnjudged, warmWindows } from './warm-windows.ts';

/** Tasks that arrive far apart, to see how long one takes that meets no other. */
const ALONE_TASKS = 15;
/** Distance between two of them, as a multiple of how long one ran in a batch, in ms at least and at most. */
const ALONE_GAP = 2;
const SHORTEST_GAP_MS = 10;
const LONGEST_GAP_MS = 400;
/** So few tasks are slow if another program is busy just then: where they take much longer than in a batch, once more. */
const ALONE_TIMES = 3;
const MUCH_LONGER = 2;

/**
 * Finds what the windows of a group depend on: how long a task takes that meets no other, and how many a configuration
 * does in a second when all are there at once. From the baseline comes the objective, unless it was given; if it fails,
 * from the next configuration that does not. The others are rated only if their rates are searched for.
 *
 * @returns undefined if none could be rated, or the run was interrupted
 */
export async function rateGroup(context: GroupContext): Promise<RatedLoad | undefined> {
  const { group, logs, signal } = context;
  const { load, baseline } = group;
  if (load === undefined) return undefined;
  const cells = group.cells.filter(({ id }) => logs.get(id)?.error === undefined);
  const isFirst = ({ id }: PlannedCell): boolean => id === baseline;
  const oneByOne = [...cells.filter(isFirst), ...cells.filter((cell) => !isFirst(cell))].map((cell) => [cell]);
  let ratings: Readonly<Record<string, Rating>> = {};
  for (const together of load.rates === undefined ? [cells] : oneByOne)
    if (Object.keys(ratings).length === 0 && !signal.aborted) ratings = await ratingsOf(context, together, load);
  const own = ratings[baseline] ?? Object.values(ratings)[0];
  if (own === undefined || signal.aborted) return undefined;
  const { objective = objectiveOf(own.aloneMs, load.giveUpMs), rates = [], ...kept } = load;
  const capacities = Object.fromEntries(group.cells.map(({ id }) => [id, ratings[id] ?? own]));
  const pulsesMs = load.overload && pulsesMsOf(load.overload, capacities, { lowest: rates[0] });
  return { ...kept, ...own, objective, rates, ratings, ...(pulsesMs !== undefined && { pulsesMs }) };
}

/** Starts the cells and rates them in turn. A cell that fails has no rating. */
async function ratingsOf(
  context: GroupContext,
  cells: readonly PlannedCell[],
  load: LoadPlan | RatedLoad,
): Promise<Readonly<Record<string, Rating>>> {
  const trial: GroupContext = { ...context, logs: newLogs(cells), equalWork: new EqualWork() };
  const hosts = await startHosts(trial, cells);
  const ratings: Record<string, Rating> = {};
  try {
    await createReadying(trial, { rounds: 1, openingTogether: 1 }).readyAll(hosts, cells);
    for (const cellHost of eligible(hosts, cells)) {
      if (context.signal.aborted) break;
      const rating = await attempt(trial, cellHost, () => rate(trial, cellHost, load));
      if (rating !== undefined) ratings[cellHost.log.cell.id] = rating;
    }
    await closeUnmeasured(
      eligible(hosts, cells).map(({ host }) => host),
      context,
    );
    return ratings;
  } finally {
    for (const [id, { error }] of trial.logs) {
      const log = context.logs.get(id);
      if (log !== undefined) log.error ??= error;
    }
    await Promise.all([...hosts.values()].map(({ host }) => host.kill()));
    context.leftBehind.sweep();
  }
}

/** @returns undefined if it was interrupted */
async function rate(trial: GroupContext, cellHost: CellHost, load: LoadPlan | RatedLoad): Promise<Rating | undefined> {
  const { wallMs, runningMs } = (await cellHost.host.measure()).reading;
  const inBatch = (trial.group.workload.tasks / wallMs) * 1000;
  const cold = await perSecondAtOnce(trial, cellHost, load, inBatch);
  await warmWindows(trial, cellHost, load, { capacity: capacityOf(inBatch, cold) });
  const atOnce = await perSecondAtOnce(trial, cellHost, load, Math.max(inBatch, cold ?? 0));
  const aloneMs = await latencyAlone(trial, cellHost, load, runningMs?.p50 ?? 0);
  return aloneMs === undefined ? undefined : { aloneMs, capacity: capacityOf(inBatch, atOnce) };
}

/** Median latency of tasks that meet no other, ms: the least of a few times. @returns undefined if it was interrupted */
async function latencyAlone(
  trial: GroupContext,
  cellHost: CellHost,
  load: LoadPlan | RatedLoad,
  runningMs: number,
): Promise<number | undefined> {
  const gapMs = Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, ALONE_GAP * runningMs));
  let leastMs = Infinity;
  for (let time = 0; time < ALONE_TIMES && leastMs > MUCH_LONGER * runningMs; time++) {
    const arrivals = { kind: 'constant' } as const;
    const alone = await runUnjudged(trial, cellHost, load, { arrivals, rate: 1000 / gapMs, requests: ALONE_TASKS });
    if (alone === undefined) return undefined;
    const { done, latencyMs } = alone.reading;
    // All of so few tasks may throw, and have no latency; those of the batch did not.
    leastMs = Math.min(leastMs, done > 0 ? latencyMs.p50 : runningMs);
  }
  return leastMs;
}

/** If requests take more than the rest of a batch's rate, they are what limits the configuration. */
const MOST_OF_HTTP = 0.8;

/**
 * The higher of the two, unless requests limit it. A batch ends with idle workers, all the more if it has few tasks; and
 * what disturbs either makes it slower: a batch of ten short tasks takes half as long again for one disturbance.
 */
function capacityOf(inBatch: number, atOnce = inBatch): number {
  return atOnce < MOST_OF_HTTP * inBatch ? atOnce : Math.max(atOnce, inBatch);
}

/** Tasks at once: as many as are done in this time as far as is known, and no more connections than a process may open. */
const AT_ONCE_MS = 500;
const MOST_AT_ONCE = 200;
/** The first time, connections are opened. */
const TIMES_AT_ONCE = 2;

/** Tasks a second when all arrive at once: the most of a few times. @returns undefined if none was done */
async function perSecondAtOnce(
  trial: GroupContext,
  cellHost: CellHost,
  load: LoadPlan | RatedLoad,
  likely: number,
): Promise<number | undefined> {
  let most: number | undefined;
  for (let time = 0; time < TIMES_AT_ONCE; time++) {
    const perSecond = Math.max(likely, most ?? 0);
    const requests = Math.min(
      MOST_AT_ONCE,
      Math.max(trial.group.workload.tasks, Math.ceil((perSecond * AT_ONCE_MS) / 1000)),
    );
    const arrivals = { kind: 'burst', size: requests } as const;
    const window = await runUnjudged(trial, cellHost, load, { arrivals, rate: requests, requests });
    const { done = 0, latencyMs } = window?.reading ?? {};
    // All were due at the start, so the slowest is the last.
    if (latencyMs !== undefined && done > 0) most = Math.max(most ?? 0, (done / latencyMs.max) * 1000);
  }
  return most;
}
