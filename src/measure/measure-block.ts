import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Services } from '../../workers/contract.ts';
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

/**
 * Starts a fresh host for every cell that has not failed, warms up all lanes, lets the cells take their turns in the
 * order of the plan, and ends the hosts. A cell that fails drops out; an interruption ends the block between two batches.
 */
export async function measureBlock(task: BlockTask): Promise<BlockFindings> {
  const { block, observer } = task;
  const order = block[0] ?? [];
  const timelines: Timeline[] = [];
  const warnings: Warning[] = [];
  const contestants = await startHosts(task, order);
  try {
    // One at a time, in random order: a start-up is a result too, and must not share the machine with another.
    for (const contestant of eligible(contestants, order)) {
      if (observer.signal.aborted) return { timelines, warnings };
      await attempt(contestant, () => open(task, contestant));
    }
    // All together: nothing is measured yet, and most of the time that a cold lane takes is not computing.
    await Promise.all(
      eligible(contestants, order).map((contestant) =>
        attempt(contestant, async () => warnings.push(...(await warm(task, contestant)))),
      ),
    );
    for (const [round, turns] of block.entries()) {
      for (const [position, contestant] of eligible(contestants, turns).entries()) {
        if (observer.signal.aborted) return { timelines, warnings };
        await attempt(contestant, () => measureTurn(task, contestant, round, position));
      }
    }
    if (task.withTimelines) {
      for (const contestant of eligible(contestants, order)) {
        await attempt(contestant, async () => timelines.push(await trace(contestant)));
      }
    }
    await Promise.all(eligible(contestants, order).map((contestant) => attempt(contestant, () => close(contestant))));
    return { timelines, warnings };
  } finally {
    await Promise.all([...contestants.values()].map(({ host }) => host.kill()));
  }
}

type Contestants = ReadonlyMap<string, Contestant>;

async function startHosts({ plan, env, logs }: BlockTask, order: readonly PlannedCell[]): Promise<Contestants> {
  const options = { timeoutMs: plan.options.timeoutMs, env };
  const running = order.flatMap((cell) => {
    const log = logs.get(cell.id);
    return log === undefined || log.error !== undefined ? [] : [log];
  });
  const starts = await Promise.allSettled(
    running.map(async (log): Promise<[string, Contestant]> => [log.cell.id, { log, host: await startHost(options) }]),
  );
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return new Map(started);
  // A host that cannot even boot is no fault of a cell: there is nothing to go on with.
  await Promise.all(started.map(([, { host }]) => host.kill()));
  throw failed.reason;
}

function eligible(contestants: Contestants, order: readonly PlannedCell[]): readonly Contestant[] {
  return order.flatMap((cell) => {
    const contestant = contestants.get(cell.id);
    return contestant === undefined || contestant.log.error !== undefined ? [] : [contestant];
  });
}

/** What goes wrong in a host is the end of its cell, not of the run. */
async function attempt(contestant: Contestant, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (thrown) {
    if (!(thrown instanceof HostError)) throw thrown;
    const { error, ...where } = thrown.failure;
    contestant.log.error = { ...error, ...where };
    await contestant.host.kill();
  }
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
  const { digests, lanesWarmed } = await host.warm(plan.options.warmups);
  if (digests.length > 0) equalWork.check(id, digests);
  const lanes = Math.min(poolSize, group.workload.tasks);
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

async function close({ log, host }: Contestant): Promise<void> {
  const { memoryBytes } = await host.close();
  if (memoryBytes !== undefined) log.memoryBytes.push(memoryBytes);
}
