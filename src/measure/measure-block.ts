import { setImmediate as nextTurn } from 'node:timers/promises';
import { orAborted } from '../../workers/deferred.ts';
import { screeningOf } from '../model/evidence.ts';
import { startsIn, turnsIn, type StoppingRules } from '../model/measured.ts';
import type { BlockNoise, Timeline, Warning } from '../model/results.ts';
import {
  afterwards,
  attempt,
  eligible,
  startsEachTask,
  type CellHost,
  type CellHosts,
  type CellTurn,
  type GroupContext,
} from './cell-hosts.ts';
import { spentIn } from './noise-watch.ts';
import { startBlock, type BlockToStart, type StartedBlock } from './prepare.ts';
import type { ProfileEvent, SampleEvent, Telling, WindowEvent } from './events.ts';

export interface BlockTask extends BlockToStart {
  /** Know which cells a block of a race drops. */
  readonly rules: Pick<StoppingRules, 'dropped' | 'nextRate'>;
  /** Whether the group has timelines. */
  readonly hasTimelines: boolean;
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
  const timelines: Timeline[] = [];
  const warnings: Warning[] = [];
  const started = await startBlock(task);
  const { hosts, order, upperBound } = started;
  let ending: Promise<void> | undefined;
  try {
    // Starting is not measured; what follows is, or warms up for it.
    await task.ending;
    // Before the first batch, an interruption has nothing to wait for.
    const found = await orAborted(started.getReady(), task.signal, () => []);
    warnings.push(...found);
    const noise = yield* measureRounds(task, started);
    if (noise === undefined) return { timelines, warnings, noise, ending: Promise.resolve() };
    await upperBound?.end();
    await measurePulses(task, eligible(hosts, order));
    yield* traceCells(task, eligible(hosts, order), timelines, warnings);
    ending = closeHosts(task, started);
    // A failure is for whoever waits for it.
    ending.catch(() => undefined);
    return { timelines, warnings, noise, ending };
  } finally {
    if (ending === undefined) await started.end();
  }
}

/** @returns undefined if it was interrupted */
async function* measureRounds(
  task: BlockTask,
  { hosts, upperBound }: StartedBlock,
): Telling<SampleEvent | WindowEvent, BlockNoise | undefined> {
  const { block, index, signal } = task;
  const readElsewhere = readerElsewhere(task, hosts);
  await readElsewhere?.();
  const noise = task.watchNoise();
  const hasOthers = [...hosts.values()].some((cellHost) => !startsEachTask(cellHost.log.cell));
  // Starting a worker for every task takes most of a block, so its own luck would decide which blocks count.
  const isLeftOut = (cellHost: CellHost): boolean => hasOthers && startsEachTask(cellHost.log.cell);
  for (const [round, turns] of block.entries()) {
    if (signal.aborted) return undefined;
    noise.canary();
    // First in one round and last in the next, as the order of the cells is reversed.
    if (round % 2 === 0) await upperBound?.measure(index, round);
    for (const [position, cellHost] of eligible(hosts, turns).entries()) {
      if (signal.aborted) return undefined;
      const resume = isLeftOut(cellHost) ? noise.leaveOut() : undefined;
      const event = await attempt(task, cellHost, () => measureTurn(task, cellHost, { round, position }));
      resume?.();
      if (event !== undefined) yield event;
      else if (signal.aborted && cellHost.log.error === undefined) return undefined;
    }
    if (round % 2 === 1) await upperBound?.measure(index, round);
  }
  noise.canary();
  const measured = [...hosts.values()]
    .filter((cellHost) => !isLeftOut(cellHost))
    .flatMap(({ log }) => turnsIn(log).filter((turn) => turn.block === index));
  const { samples, besidesMs, refusedWindows } = spentIn(measured);
  const readings = noise.stop(samples, besidesMs + (upperBound?.cpuMs() ?? 0));
  const machines = (await readElsewhere?.()) ?? [];
  return {
    block: index,
    ...readings,
    ...(refusedWindows > 0 && { refusedWindows }),
    ...(machines.length > 0 && { machines: [...machines] }),
  };
}

async function measurePulses(task: BlockTask, cellHosts: readonly CellHost[]): Promise<void> {
  if (task.group.load?.overload === undefined) return;
  // Not loaded otherwise.
  const { measurePulse, hasPulse } = await import('./measure-pulse.ts');
  for (const cellHost of cellHosts.filter((one) => hasPulse(one, task.index))) {
    if (task.signal.aborted) break;
    await attempt(task, cellHost, () => measurePulse(task, cellHost));
  }
}

/** Timelines, and with --cpu-prof profiles: after the measured batches, which they would slow down. */
async function* traceCells(
  task: BlockTask,
  cellHosts: readonly CellHost[],
  timelines: Timeline[],
  warnings: Warning[],
): Telling<ProfileEvent, void> {
  const traces = tracesOf(task);
  for (const cellHost of traces === 0 ? [] : tracedOf(task, cellHosts)) {
    if (task.signal.aborted) break;
    await afterwards(task, cellHost, 'timeline', warnings, async () =>
      timelines.push(await traceCell(task, cellHost, traces)),
    );
    if (task.options.cpuProf !== true || task.signal.aborted) continue;
    const profiled: ProfileEvent[] = [];
    await afterwards(task, cellHost, 'profile', warnings, async () => {
      const { kind: _kind, files, ...profile } = await cellHost.host.profile();
      if (files.length === 0) return;
      cellHost.log.profile = profile;
      profiled.push({ kind: 'profile', cell: cellHost.log.cell.id, files });
    });
    yield* profiled;
  }
}

async function closeHosts(task: BlockTask, { hosts, order, end }: StartedBlock): Promise<void> {
  try {
    await Promise.all(
      eligible(hosts, task.signal.aborted ? [] : order).map((cellHost) =>
        afterwards(task, cellHost, 'closing', task.warnings, () => close(cellHost, task.warnings)),
      ),
    );
  } finally {
    await end();
  }
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
