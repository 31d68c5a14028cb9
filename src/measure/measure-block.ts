import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Services } from '../../workers/contract.ts';
import { deferred } from '../../workers/deferred.ts';
import type { HostAssignment } from '../../workers/host-protocol.ts';
import type { Block, CellLog, Group, Plan, PlannedCell, Timeline, Warning } from '../model.ts';
import type { EqualWork } from './equal-work.ts';
import { HostError, startHost, type Host } from './host.ts';
import type { Observer } from './observer.ts';
import type { OwnCpu } from './own-cpu.ts';

export interface BlockTask {
  readonly plan: Plan;
  readonly group: Group;
  readonly block: Block;
  readonly index: number;
  readonly services: Services;
  readonly env: Readonly<Record<string, string>>;
  readonly logs: ReadonlyMap<string, CellLog>;
  readonly equalWork: EqualWork;
  readonly observer: Observer;
  readonly ownCpu: OwnCpu;
  /** Record a timeline of every cell when all has been measured. */
  readonly withTimelines: boolean;
}

export interface BlockFindings {
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
}

/** One cell's host in one block. */
interface Contestant {
  readonly log: CellLog;
  readonly host: Host;
}

/** Warming up measures nothing, and most of what a cold lane takes is waiting: two hosts at a time do it sooner. */
const WARMING_TOGETHER = 2;
/** Warming up goes on until every lane has run a task, at most this many times as long as asked for. */
const WARMING_LIMIT = 4;

/**
 * Starts a fresh host for every cell that has not failed, warms up all lanes, lets the cells take their turns in the
 * order of the plan, and ends the hosts. A cell that fails drops out; an interruption ends the block between two batches.
 */
export async function measureBlock(task: BlockTask): Promise<BlockFindings> {
  const { block, observer } = task;
  const order = block[0] ?? [];
  const findings = { timelines: [] as Timeline[], warnings: [] as Warning[] };
  const contestants = await startHosts(task, order);
  try {
    // Until the first batch there is nothing in hand that an interruption would have to wait for.
    await orAborted(prepare(task, contestants, findings.warnings), observer.signal);
    for (const [round, turns] of block.entries()) {
      for (const [position, contestant] of eligible(contestants, turns).entries()) {
        if (observer.signal.aborted) return findings;
        await attempt(task, contestant, () => measureTurn(task, contestant, round, position));
      }
    }
    for (const contestant of eligible(contestants, order)) {
      if (observer.signal.aborted) return findings;
      if (task.withTimelines)
        await afterwards(contestant, 'timeline', findings.warnings, async () =>
          findings.timelines.push(await trace(contestant)),
        );
      await afterwards(contestant, 'closing', findings.warnings, () => close(contestant, findings.warnings));
    }
    return findings;
  } finally {
    await Promise.all([...contestants.values()].map(({ host }) => host.kill()));
  }
}

type Contestants = ReadonlyMap<string, Contestant>;

async function prepare(task: BlockTask, contestants: Contestants, warnings: Warning[]): Promise<void> {
  const order = task.block[0] ?? [];
  // One at a time, in random order: a start-up is a result too, and must not share the machine with another.
  for (const contestant of eligible(contestants, order)) {
    if (task.observer.signal.aborted) return;
    await attempt(task, contestant, () => open(task, contestant));
  }
  await inParallel(WARMING_TOGETHER, eligible(contestants, order), async (contestant) => {
    await attempt(task, contestant, async () => warnings.push(...(await warm(task, contestant))));
  });
}

/** Settles with the work, or as soon as the signal is aborted: what then becomes of the work is nobody's concern. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  work.catch(() => undefined);
  const { promise: stopped, resolve: stop } = deferred<void>();
  const onAbort = (): void => stop(undefined);
  signal.addEventListener('abort', onAbort);
  try {
    if (!signal.aborted) await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function startHosts(
  { plan, env, logs, observer }: BlockTask,
  order: readonly PlannedCell[],
): Promise<Contestants> {
  const options = { timeoutMs: plan.options.timeoutMs, env };
  const contestants = new Map<string, Contestant>();
  await Promise.all(
    order.map(async ({ id }) => {
      const log = logs.get(id);
      if (log === undefined || log.error !== undefined) return;
      const host = await attemptIn(log, observer, () => startHost(options));
      if (host !== undefined) contestants.set(id, { log, host });
    }),
  );
  return contestants;
}

function eligible(contestants: Contestants, order: readonly PlannedCell[]): readonly Contestant[] {
  return order.flatMap((cell) => {
    const contestant = contestants.get(cell.id);
    return contestant === undefined || contestant.log.error !== undefined ? [] : [contestant];
  });
}

/** What goes wrong in a host is the end of its cell, not of the run. */
async function attempt(
  { observer }: BlockTask,
  { log, host }: Contestant,
  step: () => Promise<unknown>,
): Promise<void> {
  await attemptIn(log, observer, step);
  if (log.error !== undefined) await host.kill();
}

async function attemptIn<Result>(
  log: CellLog,
  { signal }: Observer,
  step: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await step();
  } catch (thrown) {
    if (!(thrown instanceof HostError)) throw thrown;
    const { error, ...where } = thrown.failure;
    // A host that an interruption has killed did nothing wrong.
    if (!signal.aborted) log.error ??= { ...error, ...where };
    return undefined;
  }
}

/** What goes wrong when all has been measured is told, and takes nothing back. */
async function afterwards(
  { log, host }: Contestant,
  step: 'timeline' | 'closing',
  warnings: Warning[],
  action: () => Promise<unknown>,
): Promise<void> {
  try {
    await action();
  } catch (thrown) {
    if (!(thrown instanceof HostError)) throw thrown;
    warnings.push({ kind: 'failed-afterwards', cell: log.cell.id, step, message: thrown.message });
    await host.kill();
  }
}

/** Settles when all are done, also when one of them throws: then with the first error. */
async function inParallel<Item>(
  width: number,
  items: readonly Item[],
  action: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await action(item);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: width }, worker));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function open({ plan, group, services, block }: BlockTask, { log, host }: Contestant): Promise<void> {
  const { workload, params } = group;
  const { id, strategy, poolSize, inFlight } = log.cell;
  const assignment: HostAssignment = {
    lane: {
      workload: workload.ref,
      params,
      services,
      cell: id,
      inFlight: inFlight === 'all' ? workload.tasks : inFlight,
    },
    strategy,
    poolSize,
    atomics: plan.options.atomics,
    tasks: workload.tasks,
    input: workload.input,
    seed: plan.seed,
    rounds: block.length,
  };
  log.startupMs.push((await host.open(assignment)).startupMs);
}

async function warm({ plan, group, equalWork }: BlockTask, { log, host }: Contestant): Promise<readonly Warning[]> {
  const { id, poolSize } = log.cell;
  const { warmups } = plan.options;
  const lanes = Math.min(poolSize, group.workload.tasks);
  let lanesWarmed = 0;
  for (let batch = 0; batch < warmups || (lanesWarmed < lanes && batch < warmups * WARMING_LIMIT); batch++) {
    const warmed = await host.warm(WARMING_TOGETHER);
    if (warmed.digests.length > 0) equalWork.check(id, warmed.digests);
    lanesWarmed = warmed.lanesWarmed;
  }
  return lanesWarmed < lanes ? [{ kind: 'lanes-not-warmed', cell: id, lanes, warmed: lanesWarmed }] : [];
}

async function measureTurn(
  { equalWork, index, observer, ownCpu }: BlockTask,
  { log, host }: Contestant,
  round: number,
  position: number,
): Promise<void> {
  const measuring = host.measure();
  // The request has been written by then, so that what follows is what this process does while the batch runs.
  await nextTurn();
  const stop = ownCpu.start();
  const { digests, reading } = await measuring;
  stop(reading.wallMs);
  if (digests !== undefined) equalWork.check(log.cell.id, digests);
  const sample = { block: index, round, position, ...reading };
  log.samples.push(sample);
  observer.measured(log.cell.id, sample);
}

async function trace({ log, host }: Contestant): Promise<Timeline> {
  const { slices, memoryBytes } = await host.trace();
  if (memoryBytes !== undefined) log.memoryBytes.push(memoryBytes);
  return { cell: log.cell.id, slices };
}

async function close({ log, host }: Contestant, warnings: Warning[]): Promise<void> {
  const { memoryBytes, teardownError } = await host.close();
  if (memoryBytes !== undefined) log.memoryBytes.push(memoryBytes);
  if (teardownError === undefined) return;
  const message = `${teardownError.name}: ${teardownError.message}`;
  warnings.push({ kind: 'failed-afterwards', cell: log.cell.id, step: 'teardown', message });
}
