import { inParallel } from '../../workers/deferred.ts';
import type { Bound, Services } from '../../workers/contract.ts';
import type { BegunGroup, CellLog, GroupSnapshot } from '../model/measured.ts';
import type { Group, OwnStrategy, PlannedCell, Runtime, Turn, Workload } from '../model/plan.ts';
import type { Options, Warning } from '../model/results.ts';
import { assign } from './assign.ts';
import { withHintOfInput } from '../host/failure-text.ts';
import type { EqualWork } from './equal-work.ts';
import { isSteady } from '../model/evidence.ts';
import { traitsOf } from '../model/strategies.ts';
import type { Driver } from './driver.ts';
import { HostError, launchOf, type Host, type StartHost } from './host.ts';
import type { OwnCpu, WatchNoise } from './noise-watch.ts';
import type { RunQueues } from './run-queues.ts';
import type { LeftBehind } from './scratch.ts';

/** The context that all blocks of a group share. */
export interface GroupContext {
  readonly group: Group;
  readonly options: Options;
  readonly seed: number;
  readonly services: Services;
  readonly env: Readonly<Record<string, string>>;
  readonly runtimes: readonly Runtime[];
  readonly ownStrategies: readonly OwnStrategy[];
  /** The server of cells that need one; absent: there are none. */
  readonly queue?: RunQueues | undefined;
  readonly logs: ReadonlyMap<string, CellLog>;
  readonly warnings: Warning[];
  readonly equalWork: EqualWork;
  readonly leftBehind: LeftBehind;
  /** Aborted to end the run after the current batch. */
  readonly signal: AbortSignal;
  readonly startHost: StartHost;
  readonly ownCpu: OwnCpu;
  readonly watchNoise: WatchNoise;
  /** CPUs that are always there: those of the machine, within its quota. */
  readonly cpus: number;
  /** Sends the requests of windows over http; absent where there are none. */
  readonly driver?: Driver | undefined;
  /** Measurements of an earlier process. */
  readonly begun?: GroupSnapshot | undefined;
  /** Called after each block. @throws ModuleChangedError if the workload's file has changed since calibration */
  readonly checkModules?: () => void;
}

/** One cell's host in one block. */
export interface CellHost {
  readonly log: CellLog;
  readonly host: Host;
  /** Its lanes open since it has started; absent: they have not been asked to. */
  readonly opening?: Promise<void> | undefined;
}

/** A host whose cell has its turn. */
export interface CellTurn extends CellHost {
  readonly turn: Turn;
}

export type CellHosts = ReadonlyMap<string, CellHost>;

/** Hosts that warm up at once: nothing is measured, and cold lanes mostly wait. */
const WARMING_TOGETHER = 2;
/** Workers that warm up on a CPU, by the kind of work; where tasks mostly wait, hosts. */
const WARMING_ON_CPU: Readonly<Record<Bound, number>> = { cpu: 1, mixed: 2, io: 2 };
/** Warm-up continues until every lane has run a task, up to this multiple of the requested length. */
const WARMING_LIMIT = 4;

export function newLogs(cells: readonly PlannedCell[], begun?: BegunGroup): ReadonlyMap<string, CellLog> {
  return new Map(
    cells.map((cell, index) => [
      cell.id,
      {
        startupMs: [],
        memoryBytes: [],
        hostCopyBytes: [],
        startsMs: [],
        doubts: [],
        error: undefined,
        ...structuredClone(begun?.cells[index]),
        cell,
        // An interrupted block does not count.
        samples: begun?.samples.get(cell.id)?.filter(({ block }) => block < begun.blocks) ?? [],
        ...(begun?.rated && {
          windows: begun.windows?.get(cell.id)?.filter(({ block }) => block < begun.blocks) ?? [],
        }),
      },
    ]),
  );
}

/**
 * Starts a fresh host for every cell that has not failed. Nothing is measured yet, so they start all at once.
 * @param openWhenStarted opens the lanes of each, while others may still start
 */
export async function startHosts(
  context: GroupContext,
  order: readonly PlannedCell[],
  openWhenStarted?: (cellHost: CellHost) => Promise<void>,
): Promise<CellHosts> {
  const { logs, signal } = context;
  const hosts = new Map<string, CellHost>();
  await Promise.all(
    order.map(async (cell) => {
      const log = logs.get(cell.id);
      if (log === undefined || !isRunning(log)) return;
      const start = (): Promise<Host> => startHostOf(context, cell);
      const host = await orFail(signal, start, (thrown) => fail(log, thrown));
      if (host === undefined) return;
      const opening = openWhenStarted?.({ log, host });
      // A failure is for whoever waits for it.
      opening?.catch(() => undefined);
      hosts.set(cell.id, { log, host, opening });
    }),
  );
  return hosts;
}

/** Starts a host with the environment, runtime and flags of its cell. */
export function startHostOf(
  { options, env, runtimes, startHost }: Pick<GroupContext, 'options' | 'env' | 'runtimes' | 'startHost'>,
  { uvThreads, runtime: label }: Partial<PlannedCell>,
): Promise<Host> {
  const runtime = runtimes.find((one) => one.label === label) ?? runtimes[0];
  const threads = uvThreads ?? options.uvThreads;
  return startHost({
    timeoutMs: options.timeoutMs,
    startTimeoutMs: options.startTimeoutMs,
    // libuv reads its number of threads only when a process starts.
    env: threads === null ? env : { ...env, UV_THREADPOOL_SIZE: String(threads) },
    ...(runtime !== undefined && launchOf(runtime)),
  });
}

/** Neither failed, nor dropped, nor decided. */
export function isRunning({ error, droppedFor, isDecided }: CellLog): boolean {
  return error === undefined && droppedFor === undefined && isDecided !== true;
}

/** The turns of cells that have not failed, in that order. */
export function eligible(hosts: CellHosts, order: readonly Turn[]): readonly CellTurn[] {
  return order.flatMap((turn) => {
    const cellHost = hosts.get(turn.id);
    return cellHost === undefined || cellHost.log.error !== undefined ? [] : [{ ...cellHost, turn }];
  });
}

export interface Preparation {
  /** Number of measured batches that will follow. */
  readonly rounds: number;
  /** Hosts that open their lanes at once: one if startup times count, which must not share the machine. */
  readonly openingTogether: number;
  /** Lanes open as soon as their host has started. */
  readonly opensAsStarted?: boolean;
  /** Warm until two batches in a row take about as long; otherwise as often as the preset has it. */
  readonly untilSteady?: boolean;
  /** Startup times count: they are kept. */
  readonly keepsStartups?: boolean;
  /** Hosts report the start and end of each task while warming up. */
  readonly announced?: boolean;
}

/** Opens the lanes of a cell. */
export async function open(
  context: GroupContext,
  cellHost: CellHost,
  { rounds, keepsStartups = true }: Pick<Preparation, 'rounds' | 'keepsStartups'>,
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

/** Opens all lanes that do not open yet, in the order given, and warms them up. */
export async function prepare(
  context: GroupContext,
  hosts: CellHosts,
  order: readonly PlannedCell[],
  { rounds, openingTogether, announced = false, untilSteady = false, keepsStartups = true }: Preparation,
): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  await inParallel(
    openingTogether,
    eligible(hosts, order),
    (cellHost) => cellHost.opening ?? open(context, cellHost, { rounds, keepsStartups }),
  );
  if (context.signal.aborted) return warnings;
  const { bound } = context.group.workload;
  // Batches that share a CPU would never be steady, unless they wait.
  const isByLanes = untilSteady && bound !== 'io';
  await inParallel(
    isByLanes || bound === 'io' ? WARMING_ON_CPU[bound] * context.cpus : WARMING_TOGETHER,
    eligible(hosts, order),
    async (cellHost) => {
      const step = { announced, untilSteady };
      await attempt(context, cellHost, async () => warnings.push(...(await warm(context, cellHost, step))));
    },
    isByLanes ? ({ log: { cell } }) => cell.poolSize : undefined,
  );
  return warnings;
}

async function warm(
  { group, options, equalWork }: GroupContext,
  { log, host }: CellHost,
  { announced, untilSteady }: Pick<Required<Preparation>, 'announced' | 'untilSteady'>,
): Promise<readonly Warning[]> {
  const { id, poolSize } = log.cell;
  const { warmups } = options;
  const lanes = Math.min(poolSize, group.workload.tasks);
  const isEachTask = startsEachTask(log.cell);
  const least = isEachTask ? 1 : warmups;
  const isSteadied = untilSteady && !isEachTask;
  // A screening only selects; all outputs are verified when the finalists are measured again.
  const isHalved = !isEachTask && (untilSteady || group.selectBy !== undefined) && isInHalves(group, log);
  let lanesWarmed = 0;
  const wallsMs: number[] = [];
  const isEnough = (): boolean =>
    lanesWarmed < lanes
      ? wallsMs.length >= least * WARMING_LIMIT
      : wallsMs.length >= least && (!isSteadied || isSteady(wallsMs));
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

/** Longer batches warm up in halves, in turns: what is compiled and cached early in a batch is not warmer at its end. */
const LONG_BATCH_MS = 100;
/** Fewer could leave a worker of the pool without a task. */
const LEAST_TASKS_OF_HALF = 2;

/** Waiting tasks are not divided: as many at once may need as many connections. */
function isInHalves({ workload: { bound, tasks } }: Group, { cell, batchMs = 0 }: CellLog): boolean {
  return bound === 'cpu' && batchMs >= LONG_BATCH_MS && tasks / 2 >= LEAST_TASKS_OF_HALF * cell.poolSize;
}

/** Then a worker is new in every batch, and nothing gets warm but the host. */
export function startsEachTask(cell: PlannedCell): boolean {
  return traitsOf(cell).lanes === 'per-task';
}

/** Runs a step of a cell: a failure in its host ends the cell, not the run. @returns undefined after a failure */
export function attempt<Result>(
  { signal, group: { workload } }: GroupContext,
  { log, host }: CellHost,
  step: () => Promise<Result>,
): Promise<Result | undefined> {
  return orFail(signal, step, (thrown) => {
    fail(log, thrown, workload);
    return host.kill();
  });
}

function fail(log: CellLog, { failure: { error, ...where } }: HostError, workload?: Workload): void {
  const hasNoInput = workload?.claims.isFunction === true && workload.inputs === undefined;
  log.error ??= { ...(hasNoInput ? withHintOfInput(error) : error), ...where };
}

/** Runs a step after a measured block: a failure is a warning, and the numbers stand. */
export async function afterwards(
  { signal }: GroupContext,
  { log, host }: CellHost,
  step: 'timeline' | 'profile' | 'closing',
  warnings: Warning[],
  action: () => Promise<unknown>,
): Promise<void> {
  await orFail(signal, action, ({ message }) => {
    warnings.push({ kind: 'failed-afterwards', cell: log.cell.id, step, message });
    return host.kill();
  });
}

/** @param onFailure is not called if an interruption has killed the host: then it did nothing wrong */
export async function orFail<Result>(
  signal: AbortSignal,
  step: () => Promise<Result>,
  onFailure: (thrown: HostError) => Promise<void> | void,
): Promise<Result | undefined> {
  try {
    return await step();
  } catch (thrown) {
    if (!(thrown instanceof HostError)) throw thrown;
    if (!signal.aborted) await onFailure(thrown);
    return undefined;
  }
}
