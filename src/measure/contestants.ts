import type { Services } from '../../workers/contract.ts';
import type { HostAssignment } from '../host/host-protocol.ts';
import type { BegunGroup, CellLog, GroupSnapshot } from '../model/measured.ts';
import type { Group, OwnStrategy, PlannedCell, Runtime, Workload } from '../model/plan.ts';
import type { Options, Warning } from '../model/results.ts';
import type { EqualWork } from './equal-work.ts';
import { HostError, type Host, type StartHost } from './host.ts';
import type { OwnCpu, WatchNoise } from './noise-watch.ts';
import type { LeftBehind } from './scratch.ts';

/** What all blocks of a group share. */
export interface GroupContext {
  readonly group: Group;
  readonly options: Options;
  readonly seed: number;
  readonly services: Services;
  readonly env: Readonly<Record<string, string>>;
  readonly runtimes: readonly Runtime[];
  readonly ownStrategies: readonly OwnStrategy[];
  readonly logs: ReadonlyMap<string, CellLog>;
  readonly warnings: Warning[];
  readonly equalWork: EqualWork;
  readonly leftBehind: LeftBehind;
  /** Aborted when the user wants the run to end: the batch in hand is finished first. */
  readonly signal: AbortSignal;
  readonly startHost: StartHost;
  readonly ownCpu: OwnCpu;
  readonly watchNoise: WatchNoise;
  /** What another process has measured of the group. */
  readonly begun?: GroupSnapshot | undefined;
  /** Called after each block. @throws ModuleChangedError if the file of the workload is another than when it was tried out */
  readonly checkModules?: () => void;
}

/** One cell's host in one block. */
export interface Contestant {
  readonly log: CellLog;
  readonly host: Host;
}

export type Contestants = ReadonlyMap<string, Contestant>;

/** Warming up measures nothing, and most of what a cold lane takes is waiting: two hosts at a time do it sooner. */
export const WARMING_TOGETHER = 2;
/** Warming up goes on until every lane has run a task, at most this many times as long as asked for. */
const WARMING_LIMIT = 4;

export function newLogs(cells: readonly PlannedCell[], begun?: BegunGroup): ReadonlyMap<string, CellLog> {
  return new Map(
    cells.map((cell, index) => [
      cell.id,
      {
        startupMs: [],
        memoryBytes: [],
        hostCopyBytes: [],
        doubts: [],
        error: undefined,
        ...structuredClone(begun?.cells[index]),
        cell,
        // Of a block that was cut off nothing counts.
        samples: begun?.samples.get(cell.id)?.filter(({ block }) => block < begun.blocks) ?? [],
      },
    ]),
  );
}

/** Starts a fresh host for every cell that has not failed. Nothing is measured yet, so they start all at once. */
export async function startHosts(context: GroupContext, order: readonly PlannedCell[]): Promise<Contestants> {
  const { logs, signal } = context;
  const contestants = new Map<string, Contestant>();
  await Promise.all(
    order.map(async (cell) => {
      const log = logs.get(cell.id);
      if (log === undefined || !isRunning(log)) return;
      const start = (): Promise<Host> => startHostOf(context, cell);
      const host = await orFail(signal, start, (thrown) => fail(log, thrown));
      if (host !== undefined) contestants.set(cell.id, { log, host });
    }),
  );
  return contestants;
}

/** With the environment, the Node and the flags that are the cell's. */
export function startHostOf(
  { options, env, runtimes, startHost }: Pick<GroupContext, 'options' | 'env' | 'runtimes' | 'startHost'>,
  { uvThreads, runtime: label }: Partial<PlannedCell>,
): Promise<Host> {
  const runtime = runtimes.find((one) => one.label === label) ?? runtimes[0];
  const threads = uvThreads ?? options.uvThreads;
  return startHost({
    timeoutMs: options.timeoutMs,
    startTimeoutMs: options.startTimeoutMs,
    // libuv reads how many threads it is to have when its process starts, and never again.
    env: threads === null ? env : { ...env, UV_THREADPOOL_SIZE: String(threads) },
    execPath: runtime?.execPath,
    execArgv: runtime?.flags ?? [],
  });
}

/** Neither failed nor dropped. */
export function isRunning({ error, isDropped }: CellLog): boolean {
  return error === undefined && isDropped !== true;
}

/** Those of the cells that are still in the running, in that order. */
export function eligible(contestants: Contestants, order: readonly PlannedCell[]): readonly Contestant[] {
  return order.flatMap((cell) => {
    const contestant = contestants.get(cell.id);
    return contestant === undefined || contestant.log.error !== undefined ? [] : [contestant];
  });
}

export interface Preparation {
  /** How many measured batches will follow. */
  readonly rounds: number;
  /** How many hosts open their lanes at once: one where a start-up is a result, and must not share the machine. */
  readonly openingTogether: number;
  /** Hosts tell which task begins and ends while they warm up. */
  readonly announced?: boolean;
}

/** Opens all lanes, in the order given, and warms them up. */
export async function prepare(
  context: GroupContext,
  contestants: Contestants,
  order: readonly PlannedCell[],
  { rounds, openingTogether, announced = false }: Preparation,
): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  await inParallel(openingTogether, eligible(contestants, order), async (contestant) => {
    if (context.signal.aborted) return;
    await attempt(context, contestant, async () => {
      const { log, host } = contestant;
      const { startupMs, inputs, hostCopyBytes } = await host.open(assign(context, log.cell, rounds));
      log.startupMs.push(startupMs);
      if (hostCopyBytes !== undefined) log.hostCopyBytes.push(hostCopyBytes);
      context.equalWork.noteInputs(inputs);
      // Every host of a group says it of the same inputs: it is told once.
      if (inputs.shared) context.warnings.push({ kind: 'shared-memory', workload: context.group.workload.name });
    });
  });
  if (context.signal.aborted) return warnings;
  await inParallel(WARMING_TOGETHER, eligible(contestants, order), async (contestant) => {
    await attempt(context, contestant, async () => warnings.push(...(await warm(context, contestant, announced))));
  });
  return warnings;
}

/** What of a group a host is told. */
interface Assigning extends Pick<GroupContext, 'services' | 'seed' | 'ownStrategies'> {
  readonly group: Pick<Group, 'params' | 'versions'> & {
    readonly workload: Pick<Workload, 'ref' | 'tasks' | 'inputs' | 'hostLoadsIt'>;
  };
  readonly options: Pick<Options, 'atomics' | 'verify'>;
}

/** What the host of a cell is told. */
export function assign(
  { group, services, options, seed, ownStrategies }: Assigning,
  { id, strategy, poolSize, inFlight, version }: PlannedCell,
  rounds: number,
): HostAssignment {
  const { workload, params, versions } = group;
  const { ref } = versions.find((each) => each.version === version) ?? workload;
  const own = ownStrategies.find(({ name }) => name === strategy);
  return {
    lane: {
      workload: ref,
      params,
      services,
      cell: id,
      inFlight: inFlight === 'all' ? workload.tasks : inFlight,
    },
    strategy,
    ...(own !== undefined && { ownStrategy: { ref: own.ref, laneKind: own.laneKind, keepsLanes: own.keepsLanes } }),
    poolSize,
    atomics: options.atomics,
    tasks: workload.tasks,
    loadsWorkload: workload.hostLoadsIt,
    verify: options.verify ?? 'sample',
    ...(workload.inputs !== undefined && { inputs: workload.inputs }),
    seed,
    rounds,
  };
}

async function warm(
  { group, options, equalWork }: GroupContext,
  { log, host }: Contestant,
  isAnnounced: boolean,
): Promise<readonly Warning[]> {
  const { id, poolSize } = log.cell;
  const { warmups } = options;
  const lanes = Math.min(poolSize, group.workload.tasks);
  let lanesWarmed = 0;
  for (let batch = 0; batch < warmups || (lanesWarmed < lanes && batch < warmups * WARMING_LIMIT); batch++) {
    const warmed = await host.warm(WARMING_TOGETHER, isAnnounced);
    equalWork.check(id, warmed.digests);
    log.doubts.push(...(warmed.doubts ?? []));
    lanesWarmed = warmed.lanesWarmed;
  }
  return lanesWarmed < lanes ? [{ kind: 'lanes-not-warmed', cell: id, lanes, warmed: lanesWarmed }] : [];
}

/** What goes wrong in a host is the end of its cell, not of the run. @returns undefined if something did */
export function attempt<Result>(
  { signal }: GroupContext,
  { log, host }: Contestant,
  step: () => Promise<Result>,
): Promise<Result | undefined> {
  return orFail(signal, step, (thrown) => {
    fail(log, thrown);
    return host.kill();
  });
}

function fail(log: CellLog, { failure: { error, ...where } }: HostError): void {
  log.error ??= { ...error, ...where };
}

/** What goes wrong when a block has been measured is told, and takes nothing back. */
export async function afterwards(
  { signal }: GroupContext,
  { log, host }: Contestant,
  step: 'timeline' | 'closing',
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

export async function close({ log, host }: Contestant, warnings: Warning[]): Promise<void> {
  const { memoryBytes, teardownError } = await host.close();
  if (memoryBytes !== undefined) log.memoryBytes.push(memoryBytes);
  if (teardownError === undefined) return;
  const message = `${teardownError.name}: ${teardownError.message}`;
  warnings.push({ kind: 'failed-afterwards', cell: log.cell.id, step: 'teardown', message });
}

/** Settles when all are done, also when one of them throws: then with the first error. */
async function inParallel<Item>(
  width: number,
  items: readonly Item[],
  action: (item: Item) => Promise<void>,
): Promise<void> {
  // All of them take from the same list.
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await action(item);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: width }, worker));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
