import type { Services } from '../../workers/contract.ts';
import type { BegunGroup, CellLog, GroupSnapshot } from '../model/measured.ts';
import type { Group, OwnStrategy, PlannedCell, Runtime, Turn, Workload } from '../model/plan.ts';
import type { Options, Warning } from '../model/results.ts';
import { withHintOfArgument } from '../host/failure-text.ts';
import type { EqualWork } from './equal-work.ts';
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
  /** It gets ready since it has started; absent: it has not been asked to. */
  readonly gettingReady?: Promise<void> | undefined;
}

/** A host whose cell has its turn. */
export interface CellTurn extends CellHost {
  readonly turn: Turn;
}

export type CellHosts = ReadonlyMap<string, CellHost>;

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
 * @param ready gets each ready, while others may still start
 */
export async function startHosts(
  context: GroupContext,
  order: readonly PlannedCell[],
  ready?: (cellHost: CellHost) => Promise<void>,
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
      const gettingReady = ready?.({ log, host });
      // A failure is for whoever waits for it.
      gettingReady?.catch(() => undefined);
      hosts.set(cell.id, { log, host, gettingReady });
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
  const isFunction = workload?.claims.isFunction === true;
  log.error ??= { ...(isFunction ? withHintOfArgument(error, workload.inputs?.length) : error), ...where };
}

/**
 * Closes idle hosts whose figures do not count: `teardown` closes what `setup` opened. Like all others, they are to be
 * killed afterwards. While it runs a batch, a host would close only after it.
 */
export async function closeUnmeasured(
  hosts: readonly Pick<Host, 'close'>[],
  { signal, group: { workload } }: Ending,
): Promise<void> {
  // A function has no teardown, and an interrupted task could keep a host from closing.
  if (workload.claims.isFunction || signal?.aborted === true) return;
  await Promise.all(hosts.map((host) => host.close().catch(() => undefined)));
}

interface Ending {
  readonly signal?: AbortSignal;
  readonly group: { readonly workload: Pick<Workload, 'claims'> };
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
