import { allEnded, createSlots, type Slots } from '../../workers/deferred.ts';
import type { Bound } from '../../workers/contract.ts';
import { screeningOf } from '../model/evidence.ts';
import type { CellLog } from '../model/measured.ts';
import type { Block, Group, PlannedCell, Turn } from '../model/plan.ts';
import type { Warning } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { assign } from './assign.ts';
import {
  attempt,
  eligible,
  isRunning,
  startHosts,
  startsEachTask,
  type CellHost,
  type CellHosts,
  type GroupContext,
} from './cell-hosts.ts';
import type { UpperBound, UpperBoundLog } from './upper-bound.ts';

/** Hosts that may share a CPU while they warm up, so that a batch may take as many times as long. */
const WARMING_TOGETHER = 2;
/** Workers that warm up on a CPU, by the kind of work; where tasks mostly wait, hosts. */
const WARMING_ON_CPU: Readonly<Record<Bound, number>> = { cpu: 1, mixed: 2, io: 2 };
/** Warm-up continues until every lane has run a task, up to this multiple of the requested length. */
const WARMING_LIMIT = 4;

export interface Preparation {
  /** Number of measured batches that will follow. */
  readonly rounds: number;
  /** Hosts that open their lanes at once: one if startup times count, which must not share the machine. */
  readonly openingTogether: number;
  /** Hosts get ready as soon as they have started. */
  readonly asTheyStart?: boolean;
  /** Startup times count: they are kept, and nothing warms up beside a host that opens its lanes. */
  readonly keepsStartups?: boolean;
  /** Hosts report the start and end of each task while warming up. */
  readonly announced?: boolean;
}

/** A block, as far as its preparation depends on it. */
interface BlockToPrepare extends Pick<GroupContext, 'group' | 'logs' | 'cpus'> {
  readonly block: Block;
  readonly index: number;
}

export interface BlockToStart extends GroupContext, BlockToPrepare {
  /** Before the confirmation of a race, whose blocks open their workers together and have an upper bound. */
  readonly isScreening: boolean;
  readonly upperBounds: UpperBoundLog[];
  /** Resolves when the hosts of the block before are gone. */
  readonly ending: Promise<void>;
}

/** The hosts of a block. */
export interface StartedBlock {
  /** Its cells, in the order of its first round. */
  readonly order: readonly PlannedCell[];
  readonly hosts: CellHosts;
  readonly upperBound: UpperBound | undefined;
  /** Opens the lanes of all hosts, and warms them up. */
  readonly getReady: () => Promise<readonly Warning[]>;
  readonly end: () => Promise<void>;
}

export async function startBlock(task: BlockToStart): Promise<StartedBlock> {
  const { block, isScreening, group, upperBounds, signal } = task;
  const order = cellsOf(block[0] ?? []);
  // Not loaded by a run without one.
  const upperBound =
    isScreening || upperBounds.length === 0
      ? undefined
      : (await import('./upper-bound.ts')).createUpperBound(
          task,
          upperBounds,
          Math.min(block.length, group.upperBoundRounds ?? Infinity),
        );
  upperBound?.start();
  const preparation = preparationOf(task, order);
  const { ready, readyAll, warming } = createReadying(task, preparation);
  const isBeside = preparation.asTheyStart === true;
  const readyNow = async (cellHost: CellHost): Promise<void> => {
    // Until then, whatever the last block left is removed, which must not be theirs.
    await task.ending;
    await ready(cellHost);
  };
  const hosts = await startHosts(task, order, isBeside ? readyNow : undefined);
  const openUpperBound = async (): Promise<void> => {
    // After an interruption this function still runs in the background, and must not start anything.
    if (!signal.aborted && eligible(hosts, order).length > 0) await upperBound?.open(warming);
  };
  return {
    order,
    hosts,
    upperBound,
    getReady: async () => {
      const [found] = await Promise.all([readyAll(hosts, order), isBeside ? openUpperBound() : undefined]);
      if (!isBeside) await openUpperBound();
      // Not loaded by a run.
      if (group.load !== undefined) await (await import('./warm-windows.ts')).warmAllWindows(task, hosts, order);
      return found;
    },
    end: async () => {
      await Promise.all([upperBound?.end(), ...[...hosts.values()].map(({ host }) => host.kill())]);
      task.leftBehind.sweep();
    },
  };
}

/** A round has a cell once, or once for each rate. */
function cellsOf(turns: readonly Turn[]): readonly PlannedCell[] {
  return [...new Map(turns.map((turn) => [turn.id, turn])).values()];
}

/** Workers that start on a CPU at once at most: many more could take longer than --start-timeout. */
const STARTING_ON_CPU = 8;

/** Startup times count where workers open one by one; where the race has taken them, workers may share the machine. */
function preparationOf(
  { block, index, group, logs, cpus }: BlockToPrepare,
  order: readonly PlannedCell[],
): Preparation {
  const running = [...logs.values()].filter(isRunning);
  const hasAll = ({ startupMs }: CellLog): boolean => startupMs.length >= screeningOf(group);
  const areTaken = group.isRace === true && index >= screeningOf(group) && running.every(hasAll);
  return {
    rounds: block.length,
    openingTogether: areTaken ? 2 : 1,
    asTheyStart: areTaken && canStartTogether(order, cpus),
    keepsStartups: !areTaken,
  };
}

/** Whether the workers of all cells may start at once. */
export function canStartTogether(cells: readonly PlannedCell[], cpus: number): boolean {
  const started = cells.filter((cell) => traitsOf(cell).laneKind !== 'main' && !startsEachTask(cell));
  return started.reduce((sum, { poolSize }) => sum + poolSize, 0) <= STARTING_ON_CPU * cpus;
}

/** Opens the lanes of hosts, and warms them up. */
export interface Readying {
  readonly ready: (cellHost: CellHost) => Promise<void>;
  /** All that are not on their way, in the order given. */
  readonly readyAll: (hosts: CellHosts, order: readonly PlannedCell[]) => Promise<readonly Warning[]>;
  /** Room to warm up in, by the number of workers. */
  readonly warming: Slots;
}

export function createReadying(
  context: GroupContext,
  { rounds, openingTogether, announced = false, keepsStartups = true }: Preparation,
): Readying {
  const { bound } = context.group.workload;
  // Batches that share a CPU would never be steady, unless they wait.
  const isByLanes = bound !== 'io';
  const opening = createSlots(openingTogether);
  const warming = createSlots(WARMING_ON_CPU[bound] * context.cpus);
  const warnings: Warning[] = [];

  const openOne = (cellHost: CellHost): Promise<void> => open(context, cellHost, { rounds, keepsStartups });
  const warmOne = (cellHost: CellHost): Promise<void> =>
    warming(
      async () => {
        if (context.signal.aborted || cellHost.log.error !== undefined) return;
        await attempt(context, cellHost, async () => warnings.push(...(await warm(context, cellHost, announced))));
      },
      isByLanes ? cellHost.log.cell.poolSize : 1,
    );
  const ready = async (cellHost: CellHost): Promise<void> => {
    await openOne(cellHost);
    await warmOne(cellHost);
  };

  return {
    ready,
    readyAll: async (hosts, order) => {
      const all = eligible(hosts, order);
      if (keepsStartups) {
        await allEnded(all.map((cellHost) => opening(() => openOne(cellHost))));
        await allEnded(all.map(warmOne));
      } else
        await allEnded(
          all.map(async (cellHost) => {
            if (cellHost.gettingReady !== undefined) return cellHost.gettingReady;
            await opening(() => openOne(cellHost));
            return warmOne(cellHost);
          }),
        );
      return warnings;
    },
    warming,
  };
}

async function open(
  context: GroupContext,
  cellHost: CellHost,
  { rounds, keepsStartups }: Pick<Required<Preparation>, 'rounds' | 'keepsStartups'>,
): Promise<void> {
  if (context.signal.aborted) return;
  await attempt(context, cellHost, async () => {
    const { log, host } = cellHost;
    const { startupMs, inputs, hostCopyBytes } = await host.open(assign(context, log.cell, rounds));
    if (keepsStartups) log.startupMs.push(startupMs);
    if (hostCopyBytes !== undefined) log.hostCopyBytes.push(hostCopyBytes);
    context.equalWork.noteInputs(inputs);
    // All hosts of a group have the same inputs, so warn once.
    if (inputs.shared) context.warnings.push({ kind: 'shared-memory', workload: context.group.workload.name });
  });
}

async function warm(
  { group, options, equalWork }: GroupContext,
  { log, host }: CellHost,
  announced: boolean,
): Promise<readonly Warning[]> {
  const { id, poolSize } = log.cell;
  const { warmups } = options;
  const lanes = Math.min(poolSize, group.workload.tasks);
  const isEachTask = startsEachTask(log.cell);
  const least = isEachTask ? 1 : warmups;
  const isHalved = !isEachTask && isInHalves(group, log);
  // Where tasks mostly wait, there is little code that each worker has to compile.
  const warming = group.workload.bound === 'io' ? 1 : lanes;
  let lanesWarmed = 0;
  const wallsMs: number[] = [];
  const isEnough = (): boolean =>
    lanesWarmed < lanes
      ? wallsMs.length >= least * WARMING_LIMIT
      : wallsMs.length >= least && (isEachTask || isSteady(wallsMs, warming));
  while (!isEnough()) {
    const half = wallsMs.length % 2 === 0 ? 0 : 1;
    const warmed = await host.warm(WARMING_TOGETHER, announced, isHalved ? half : undefined);
    equalWork.check(id, warmed.digests);
    log.doubts.push(...(warmed.doubts ?? []));
    lanesWarmed = warmed.lanesWarmed;
    wallsMs.push(warmed.wallMs);
  }
  return lanesWarmed < lanes ? [{ kind: 'lanes-not-warmed', cell: id, lanes, warmed: lanesWarmed }] : [];
}

/** Batches in a row that differ by less than this, in logarithms, are steady. */
const STEADY = Math.log(1.05);
/** Some work never is steady. */
const MOST_WARMUPS = 8;
/** With little code, a first batch takes less than this many times as long as a warm one. */
const LITTLE_CODE = 2;
/** From then on, only batches that still get faster are worth their time, and up to the limit. */
const STEADYING_MS = 500;
const LONGEST_STEADYING_MS = 2000;

/** Whether workers are warm after batches of these durations, ms. Sharing the tasks, they take longer to compile much. */
export function isSteady(wallsMs: readonly number[], workers = 1): boolean {
  const spentMs = wallsMs.reduce((sum, wallMs) => sum + wallMs, 0);
  if (wallsMs.length >= MOST_WARMUPS * workers || spentMs >= LONGEST_STEADYING_MS) return true;
  const [first = 0] = wallsMs;
  const last = wallsMs.at(-1) ?? 0;
  const needed = first < LITTLE_CODE * last ? 1 : workers;
  const span = spentMs < STEADYING_MS ? needed : Math.min(needed, Math.floor(wallsMs.length / 2));
  if (span === 0 || wallsMs.length < 2 * span) return false;
  const change = Math.log(Math.min(...wallsMs.slice(-span)) / Math.min(...wallsMs.slice(-2 * span, -span)));
  return Math.abs(change) < STEADY || (change > 0 && spentMs >= STEADYING_MS);
}

/** Longer batches warm up in halves, in turns: what is compiled and cached early in a batch is not warmer at its end. */
const LONG_BATCH_MS = 100;
/** Fewer could leave a worker of the pool without a task. */
const LEAST_TASKS_OF_HALF = 2;

/** Waiting tasks are not divided: as many at once may need as many connections. */
function isInHalves({ workload: { bound, tasks } }: Group, { cell, batchMs = 0 }: CellLog): boolean {
  return bound === 'cpu' && batchMs >= LONG_BATCH_MS && tasks / 2 >= LEAST_TASKS_OF_HALF * cell.poolSize;
}
