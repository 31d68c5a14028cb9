import { availableParallelism } from 'node:os';
import { JournalError } from '../model/errors.ts';
import { screeningOf } from '../model/evidence.ts';
import { turnsIn, type CellLog } from '../model/measured.ts';
import type { BegunGroup, GroupSnapshot, StoppingRules, Measured, MeasuredGroup } from '../model/measured.ts';
import type { Group, LoadPlan, Plan } from '../model/plan.ts';
import { findCgroups } from './cgroup.ts';
import { isRunning, newLogs, type GroupContext } from './cell-hosts.ts';
import { quotaHere } from './environment.ts';
import { EqualWork, failAll } from './equal-work.ts';
import type { MeasuringEvent, Telling } from './events.ts';
import { estimateOf } from './calibrate.ts';
import { startHost } from './host.ts';
import { firstSnapshot, measureGroup, type CalibratedGroup } from './measure-group.ts';
import { watchModules, type ModuleFile } from './locate-module.ts';
import { createNoiseWatch, OwnCpu } from './noise-watch.ts';
import { LeftBehind, openHostEnvironment, type HostEnvironment } from './scratch.ts';
import { wasStarted } from './worker-process.ts';
import { calibrate, type Calibration } from './calibrate.ts';
import { killAll } from '../system/forked-child.ts';

/** Settings for carrying out a plan. */
export interface Measuring {
  /** Decisions during the measurement. */
  readonly rules: StoppingRules;
  /** Aborted to end the run after the current batch. */
  readonly signal: AbortSignal;
  /** Measurements of an earlier process. */
  readonly begun?: readonly BegunGroup[] | undefined;
  /** Part of the time limit that was used before measuring. */
  readonly spentMs?: number | undefined;
}

/**
 * Carries out the plan: calibrates every group, then measures one after the other, each block by block, or resumes an
 * earlier run. Leaves no process and no file behind.
 */
export async function* measure(
  plan: Plan,
  { rules, signal, begun = [], spentMs = 0 }: Measuring,
): Telling<MeasuringEvent, Measured> {
  const limited = startTimeLimit(signal, (plan.options.timeLimitMs ?? Infinity) - spentMs);
  try {
    return yield* measureAll(plan, { rules, signal: limited.signal, begun });
  } finally {
    limited.end();
  }
}

/** Time for the current batch to end before it is killed, so that the time limit holds. */
const GRACE_MS = 5000;

/** @returns a signal that is aborted at the time limit or with the other signal; call `end` when the run is over */
function startTimeLimit(
  signal: AbortSignal,
  limitMs: number,
): { readonly signal: AbortSignal; readonly end: () => void } {
  if (limitMs === Infinity) return { signal, end: () => undefined };
  const limit = new AbortController();
  let timer = setTimeout(() => {
    limit.abort();
    // No cell fails for a batch that is killed then, since the run is ending.
    timer = setTimeout(killAll, GRACE_MS);
  }, limitMs);
  return { signal: AbortSignal.any([signal, limit.signal]), end: () => clearTimeout(timer) };
}

async function* measureAll(
  plan: Plan,
  { rules, signal, begun }: Measuring & { readonly begun: readonly BegunGroup[] },
): Telling<MeasuringEvent, Measured> {
  const cgroups = findCgroups();
  const watchNoise = createNoiseWatch(cgroups);
  const cpus = Math.max(1, Math.floor(Math.min(availableParallelism(), quotaHere(cgroups) ?? Infinity)));
  const [hosts] = await Promise.all([
    openHostEnvironment(plan.groups.flatMap(({ workload }) => workload.services)),
    // Hosts cannot start without it, and loading it takes about as long as services take to start.
    import('../model/schema/host-reply.ts'),
  ]);
  const ownCpu = new OwnCpu();
  let queue: GroupContext['queue'];
  // Not loaded by a run.
  const driver = plan.groups.some(({ load }) => load?.via === 'http')
    ? (await import('./driver.ts')).createDriver()
    : undefined;
  try {
    // Not loaded by a run without a queue.
    queue = plan.queue && (await import('./run-queues.ts')).openQueues(plan.queue);
    const surroundings = { hosts, signal, ownCpu, watchNoise, cpus, driver, queue };
    const contexts = plan.groups.map((group, index) => contextOf(plan, group, surroundings, begun[index]));
    const tried = await calibrateAll(contexts);
    const snapshots = tried.map(firstSnapshot);
    if (!signal.aborted) {
      yield { kind: 'tried', estimates: tried.map((group) => estimateOf(group, group.begun?.blocks)) };
      yield { kind: 'saved', groups: snapshots };
    }
    const groups: MeasuredGroup[] = [];
    for (const [index, group] of tried.entries()) {
      const snapshotsWith = (own: GroupSnapshot): readonly GroupSnapshot[] => {
        snapshots[index] = own;
        return snapshots;
      };
      groups.push(yield* measureGroup({ ...group, rules, snapshots: snapshotsWith }));
    }
    const warnings = (await queue?.close()) ?? [];
    return { groups, complete: groups.every(({ complete }) => complete), ownCpuShare: ownCpu.share, warnings };
  } finally {
    await driver?.close();
    await hosts.close();
    await queue?.close();
  }
}

interface Surroundings extends Pick<GroupContext, 'signal' | 'ownCpu' | 'watchNoise' | 'cpus' | 'driver' | 'queue'> {
  readonly hosts: HostEnvironment;
}

function contextOf(
  { options, seed, runtimes, ownStrategies }: Plan,
  group: Group,
  { hosts, ...surroundings }: Surroundings,
  begun: BegunGroup | undefined,
): GroupContext {
  const logs = newLogs(group.cells, begun);
  if (begun !== undefined) requireBlocks(group, [...logs.values()], begun);
  return {
    group,
    options,
    seed,
    ...surroundings,
    services: hosts.services,
    env: hosts.env,
    runtimes,
    ownStrategies,
    logs,
    warnings: [],
    equalWork: new EqualWork(begun?.reference),
    leftBehind: new LeftBehind(hosts.killMarked, wasStarted, begun?.leftBehind),
    startHost,
    begun,
    checkModules: watchModules(modulesOf(group, ownStrategies)),
  };
}

/**
 * Every cell that is left has had its turn in each block that an earlier process counted, but for one that a race left
 * out. Without them the run would never be complete, and could not say why.
 *
 * @throws JournalError
 */
function requireBlocks(group: Group, logs: readonly CellLog[], { blocks, rated: load }: BegunGroup): void {
  for (const log of logs.filter(isRunning)) {
    const had = new Set(turnsIn(log).map(({ block }) => block));
    for (let block = screeningOf(group); block < blocks; block++)
      if (!had.has(block))
        throw new JournalError(`The journal has nothing of ${log.cell.id} in block ${block + 1}, which it counts`);
    const other = log.windows?.find(({ rate }) => load?.rates.includes(rate) === false);
    if (other !== undefined)
      throw new JournalError(`The journal has ${log.cell.id} at ${other.rate} a second, which was not planned`);
  }
}

function modulesOf({ versions }: Group, ownStrategies: Plan['ownStrategies']): readonly ModuleFile[] {
  return [
    ...versions.map(({ ref: { url }, source }) => ({ url, source })),
    ...ownStrategies.map(({ ref: { url }, name }) => ({ url, source: `the strategy ${name}` })),
  ];
}

/** Calibrates all groups before measuring, so that the duration of the run is known at once. */
async function calibrateAll(contexts: readonly GroupContext[]): Promise<readonly CalibratedGroup[]> {
  const tried: CalibratedGroup[] = [];
  for (const context of contexts) {
    const { group, begun } = context;
    const { tasks, preparingMs } = begun ?? (await calibrateOrFail(context));
    const calibrated = { ...context, preparingMs, group: { ...group, workload: { ...group.workload, tasks } } };
    tried.push(group.load === undefined || 'ratings' in group.load ? calibrated : await rated(calibrated, group.load));
  }
  return tried;
}

/** Without rates nothing can arrive: the group fails with its baseline. */
async function rated(context: CalibratedGroup, planned: LoadPlan): Promise<CalibratedGroup> {
  // Not loaded by a run.
  const { rateGroup } = await import('./rate-group.ts');
  const known = context.begun?.rated;
  const load = known === undefined ? await rateGroup(context) : { ...planned, ...known };
  // Interrupted, its blocks are not measured, and not left out either.
  if (load === undefined && context.signal.aborted) return context;
  if (load === undefined) return { ...context, group: { ...context.group, blocks: [] } };
  const { rates, ratings, objective } = load;
  // Without a rate that could hold the objective there is nothing to search for.
  const isHopeless = rates.length === 0 && Object.values(ratings).every(({ aloneMs }) => aloneMs > objective.ms);
  return { ...context, group: { ...context.group, load, ...(isHopeless && { blocks: [] }) } };
}

async function calibrateOrFail(context: GroupContext): Promise<Calibration> {
  try {
    return await calibrate(context);
  } catch (thrown) {
    failAll(context, thrown);
    return { tasks: context.group.workload.tasks, preparingMs: 0 };
  }
}
