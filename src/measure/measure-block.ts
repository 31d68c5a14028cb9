import { setImmediate as nextTurn } from 'node:timers/promises';
import { orAborted } from '../../workers/deferred.ts';
import { screeningOf } from '../model/evidence.ts';
import { startsIn, turnsIn, type StoppingRules } from '../model/measured.ts';
import type { PlannedCell, Turn } from '../model/plan.ts';
import type { BlockNoise, Timeline, Warning } from '../model/results.ts';
import type { UpperBoundLog } from './upper-bound.ts';
import {
  afterwards,
  attempt,
  eligible,
  startHosts,
  startsEachTask,
  type CellHost,
  type CellHosts,
  type CellTurn,
  type GroupContext,
} from './cell-hosts.ts';
import { createReadying, preparationOf, type BlockToPrepare } from './prepare.ts';
import type { ProfileEvent, SampleEvent, Telling, WindowEvent } from './events.ts';

export interface BlockTask extends GroupContext, BlockToPrepare {
  readonly upperBounds: UpperBoundLog[];
  /** Know which cells a block of a race drops. */
  readonly rules: Pick<StoppingRules, 'dropped' | 'nextRate'>;
  /** Whether the group has timelines. */
  readonly hasTimelines: boolean;
  /** Resolves when the hosts of the block before are gone. */
  readonly ending: Promise<void>;
}

export interface BlockFindings {
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
  /** Undefined if the block was interrupted. */
  readonly noise: BlockNoise | undefined;
  /** Resolves when its hosts are gone; whatever closing them finds goes to the group until then. */
  readonly ending: Promise<void>;
}

/**
 * Starts a fresh host for every cell that has not failed, warms up all lanes, lets the cells take turns in the order of
 * the plan, and ends the hosts, while those of the next block may start. Yields each sample. A failing cell drops out; an
 * interruption ends the block between two batches.
 */
export async function* measureBlock(task: BlockTask): Telling<SampleEvent | WindowEvent | ProfileEvent, BlockFindings> {
  const { block, index, signal, isScreening, group } = task;
  const order = cellsOf(block[0] ?? []);
  const timelines: Timeline[] = [];
  const warnings: Warning[] = [];
  const cutOff: BlockFindings = { timelines, warnings, noise: undefined, ending: Promise.resolve() };
  const boundRounds = Math.min(block.length, group.upperBoundRounds ?? Infinity);
  // Not loaded by a run without one.
  const upperBound =
    isScreening || task.upperBounds.length === 0
      ? undefined
      : (await import('./upper-bound.ts')).createUpperBound(task, task.upperBounds, boundRounds);
  upperBound?.start();
  const preparation = preparationOf(task, order);
  const { ready, readyAll, warming } = createReadying(task, preparation);
  const readyNow = async (cellHost: CellHost): Promise<void> => {
    // Until then, whatever the last block left is removed, which must not be theirs.
    await task.ending;
    await ready(cellHost);
  };
  const hosts = await startHosts(task, order, preparation.asTheyStart === true ? readyNow : undefined);
  const endHosts = async (): Promise<void> => {
    await Promise.all([upperBound?.end(), ...[...hosts.values()].map(({ host }) => host.kill())]);
    task.leftBehind.sweep();
  };
  let ending: Promise<void> | undefined;
  try {
    // Starting is not measured; what follows is, or warms up for it.
    await task.ending;
    const getReady = async (): Promise<void> => {
      const openUpperBound = async (): Promise<void> => {
        // After an interruption this function still runs in the background, and must not start anything.
        if (!signal.aborted && eligible(hosts, order).length > 0) await upperBound?.open(warming);
      };
      const isBeside = preparation.asTheyStart === true;
      const [found] = await Promise.all([readyAll(hosts, order), isBeside ? openUpperBound() : undefined]);
      warnings.push(...found);
      if (!isBeside) await openUpperBound();
      // Not loaded by a run.
      if (group.load !== undefined) await (await import('./warm-windows.ts')).warmAllWindows(task, hosts, order);
    };
    // Before the first batch, an interruption has nothing to wait for.
    await orAborted(getReady(), signal, () => undefined);
    const readElsewhere = readerElsewhere(task, hosts);
    await readElsewhere?.();
    const noise = task.watchNoise();
    const hasOthers = [...hosts.values()].some((cellHost) => !startsEachTask(cellHost.log.cell));
    // Starting a worker for every task takes most of a block, so its own luck would decide which blocks count.
    const isLeftOut = (cellHost: CellHost): boolean => hasOthers && startsEachTask(cellHost.log.cell);
    for (const [round, turns] of block.entries()) {
      if (signal.aborted) return cutOff;
      noise.canary();
      // First in one round and last in the next, as the order of the cells is reversed.
      if (round % 2 === 0 && round < boundRounds) await upperBound?.measure(index, round);
      for (const [position, cellHost] of eligible(hosts, turns).entries()) {
        if (signal.aborted) return cutOff;
        const resume = isLeftOut(cellHost) ? noise.leaveOut() : undefined;
        const event = await attempt(task, cellHost, () => measureTurn(task, cellHost, { round, position }));
        resume?.();
        if (event !== undefined) yield event;
        else if (signal.aborted && cellHost.log.error === undefined) return cutOff;
      }
      if (round % 2 === 1 && round < boundRounds) await upperBound?.measure(index, round);
    }
    noise.canary();
    const turns = [...hosts.values()]
      .filter((cellHost) => !isLeftOut(cellHost))
      .flatMap(({ log }) => turnsIn(log).filter((turn) => turn.block === index));
    // The driver interrupts what it measures with every request, so interruptions show no other program.
    const samples = turns.map((turn) => ('driver' in turn ? { ...turn, contextSwitches: null } : turn));
    const drivers = turns.flatMap((turn) => ('driver' in turn && turn.driver ? [{ ...turn, ...turn.driver }] : []));
    const driverCpuMs = drivers.reduce((sum, { cpus, wallMs }) => sum + cpus * wallMs, 0);
    const repeatedMs = turns.reduce((sum, turn) => sum + ('repeated' in turn ? (turn.repeated?.cpuMs ?? 0) : 0), 0);
    const refusedWindows = drivers.filter(({ limits }) => limits.length > 0).length;
    const readings = noise.stop(samples, (upperBound?.cpuMs() ?? 0) + driverCpuMs + repeatedMs);
    const machines = (await readElsewhere?.()) ?? [];
    const blockNoise = {
      block: index,
      ...readings,
      ...(refusedWindows > 0 && { refusedWindows }),
      ...(machines.length > 0 && { machines: [...machines] }),
    };
    await upperBound?.end();
    if (group.load?.overload !== undefined) {
      // Not loaded otherwise.
      const { measurePulse, hasPulse } = await import('./measure-pulse.ts');
      for (const cellHost of eligible(hosts, order).filter((one) => hasPulse(one, index))) {
        if (signal.aborted) break;
        await attempt(task, cellHost, () => measurePulse(task, cellHost));
      }
    }
    const traces = tracesOf(task);
    for (const cellHost of traces === 0 ? [] : tracedOf(task, eligible(hosts, order))) {
      if (signal.aborted) break;
      await afterwards(task, cellHost, 'timeline', warnings, async () =>
        timelines.push(await traceCell(task, cellHost, traces)),
      );
      if (task.options.cpuProf !== true || signal.aborted) continue;
      const profiled: ProfileEvent[] = [];
      await afterwards(task, cellHost, 'profile', warnings, async () => {
        const { kind: _kind, files, ...profile } = await cellHost.host.profile();
        if (files.length === 0) return;
        cellHost.log.profile = profile;
        profiled.push({ kind: 'profile', cell: cellHost.log.cell.id, files });
      });
      yield* profiled;
    }
    const closeHosts = async (): Promise<void> => {
      try {
        await Promise.all(
          eligible(hosts, signal.aborted ? [] : order).map((cellHost) =>
            afterwards(task, cellHost, 'closing', task.warnings, () => close(cellHost, task.warnings)),
          ),
        );
      } finally {
        await endHosts();
      }
    };
    ending = closeHosts();
    // A failure is for whoever waits for it.
    ending.catch(() => undefined);
    return { timelines, warnings, noise: blockNoise, ending };
  } finally {
    if (ending === undefined) await endHosts();
  }
}

/** A round has a cell once, or once for each rate. */
function cellsOf(turns: readonly Turn[]): readonly PlannedCell[] {
  return [...new Map(turns.map((turn) => [turn.id, turn])).values()];
}

/** Reads the noise since the last time on machines that have joined, as far as workers of these hosts are there. */
function readerElsewhere({ queue, signal }: GroupContext, hosts: CellHosts) {
  const machines = Math.max(0, ...[...hosts.values()].map(({ log: { cell } }) => cell.machines ?? 0));
  const read = machines > 0 ? queue?.joined?.readNoise : undefined;
  // A machine that is gone would keep an interruption waiting.
  return read && (() => orAborted(read(machines), signal, () => []));
}

interface Place {
  readonly round: number;
  /** 0-based, in the order of the round. */
  readonly position: number;
}

async function measureTurn(
  task: BlockTask,
  cellTurn: CellTurn,
  { round, position }: Place,
): Promise<SampleEvent | WindowEvent | undefined> {
  const { equalWork, index, ownCpu, group } = task;
  const { log, host } = cellTurn;
  if (group.load !== undefined) {
    // Not loaded by a run.
    const { measureWindow } = await import('./measure-window.ts');
    return measureWindow(task, cellTurn, { block: index, round, position });
  }
  const measuring = host.measure();
  // A host that ended while waiting fails at once, before this promise is awaited.
  measuring.catch(() => undefined);
  // By then the request is written, so the rest is the work of this process while the batch runs.
  await nextTurn();
  const stop = ownCpu.start();
  const { digests, reading, doubts = [] } = await measuring;
  stop(reading.wallMs);
  if (digests !== undefined) equalWork.check(log.cell.id, digests);
  log.doubts.push(...doubts);
  const sample = { block: index, round, position, ...reading };
  log.samples.push(sample);
  return { kind: 'sample', cell: log.cell.id, sample };
}

/** Batches to trace at most, to find one that is like the measured ones. */
const MOST_TRACES = 3;

/** Timelines come early, so that interrupted runs have them; what a race drops has one batch to compare them with. */
function tracesOf({ group, index, hasTimelines }: BlockTask): number {
  if (group.selectBy !== undefined || group.load !== undefined) return 0;
  const first = screeningOf(group);
  if (index < first) return 1;
  return index === first && (first > 0 || !hasTimelines) ? MOST_TRACES : 0;
}

/** Hosts to trace: in a race those that this block drops, since the others are traced with the confirmation. */
function tracedOf(
  { isScreening, index, group, logs, rules }: BlockTask,
  hosts: readonly CellHost[],
): readonly CellHost[] {
  if (!isScreening) return hosts;
  const started = [...logs.values()].map((log) => ({ ...log, startsMs: [...log.startsMs, ...startsIn(log, index)] }));
  const dropped = rules.dropped(group, started);
  return hosts.filter(({ log: { cell } }) => dropped.has(cell.id));
}

/** Distance to the median batch, in logarithms, that is close enough. */
const NEAR = Math.log(1.05);
/** Time limit, so that slow batches are not traced repeatedly. */
const TRACING_LIMIT_MS = 2000;

/**
 * Records the timeline of one batch. Tracing slows some work down, and single batches are slow by chance: of a few, the
 * one with the time closest to the measured median is kept, so that no winner is drawn slower than another
 * configuration. Memory is read during the first, which can hold up the workers while it lasts.
 */
async function traceCell({ group, equalWork }: BlockTask, { log, host }: CellHost, most: number): Promise<Timeline> {
  const batchTasks = group.workload.tasks;
  const typicalMs = medianOf(log.samples.map(({ wallMs }) => wallMs));
  let best: { readonly timeline: Timeline; readonly off: number } | undefined;
  let spentMs = 0;
  for (let traces = 0; traces < most; traces++) {
    const { kind: _kind, memoryBytes, digests, ...traced } = await host.trace(traces === 0);
    equalWork.check(log.cell.id, digests);
    if (memoryBytes !== undefined) log.memoryBytes.push(memoryBytes);
    const { batchMs = 0, tasks = batchTasks } = traced;
    const off = Math.abs(Math.log(batchMs / (typicalMs * Math.min(1, tasks / batchTasks))));
    if (best === undefined || off < best.off) best = { timeline: { cell: log.cell.id, ...traced }, off };
    spentMs += batchMs;
    if (best.off < NEAR || spentMs > TRACING_LIMIT_MS) break;
  }
  if (best === undefined) throw new RangeError('nothing was traced');
  return best.timeline;
}

function medianOf(values: readonly number[]): number {
  const inOrder = values.toSorted((a, b) => a - b);
  const middle = inOrder.length / 2;
  return ((inOrder[Math.floor(middle)] ?? 0) + (inOrder[Math.ceil(middle) - 1] ?? 0)) / 2;
}

async function close({ log, host }: CellHost, warnings: Warning[]): Promise<void> {
  const { memoryBytes, teardownError } = await host.close();
  if (memoryBytes !== undefined) log.memoryBytes.push(memoryBytes);
  if (teardownError === undefined) return;
  const message = `${teardownError.name}: ${teardownError.message}`;
  warnings.push({ kind: 'failed-afterwards', cell: log.cell.id, step: 'teardown', message });
}
