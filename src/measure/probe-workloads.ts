import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { Bound, Params } from '../../workers/contract.ts';
import type { Reading } from '../model/measured.ts';
import type { Workload } from '../model/plan.ts';
import { assign } from './assign.ts';
import { allowedCpus, findCgroups, readCpuCounters, type CpuCounters } from './cgroup.ts';
import { closeUnmeasured, startHostOf, type GroupContext } from './cell-hosts.ts';
import { HostError, LATE_BATCH, startHost, type Host } from './host.ts';
import { openHostEnvironment, type HostEnvironment } from './scratch.ts';

/** A longer task shows alone what it is bound by; the run itself would wait for several of them again. */
const LONG_TASK_MS = 1000;
/** Enough tasks to see whether they wait concurrently, few enough to be quick. */
const PROBED_TASKS = 4;
/** In its first ones, a short batch takes less than the runtime does to compile its code. */
const MOST_BATCHES = 100;
const LONG_ENOUGH_MS = 100;
/** Code that threads of the runtime compile while tasks wait, as WebAssembly, may take longer; so may making inputs. */
const MOST_MS = 1000;
/** Longer tasks are not waited for. */
const PROBE_TIMEOUT_MS = 10_000;
/** Share of the time above which work is CPU-bound; below the other one it is I/O-bound. */
const CPU_BOUND = 0.6;
const IO_BOUND = 0.25;

export interface Probed {
  readonly workload: Pick<Workload, 'name' | 'ref' | 'tasks' | 'claims' | 'inputs' | 'hostLoadsIt' | 'services'>;
  readonly params: Params;
}

type ProbeSettings = Pick<GroupContext, 'options' | 'seed' | 'runtimes'>;

/** Facts about a workload that a few of its tasks show. */
export interface Probe {
  /** Undefined: a task failed or took too long, or other programs kept it from the CPU. */
  readonly bound: Bound | undefined;
  /** About how long a task takes alone, ms; at least, if it took too long to wait for. Undefined: it failed. */
  readonly taskMs: number | undefined;
}

/**
 * Finds how long a task takes and what workloads are bound by if their modules do not declare it: by the CPU time of a few
 * tasks on an event loop, or of one if it takes long, in a host of their own. In the order of the workloads; what fails
 * is for the run itself to report.
 */
export async function probeWorkloads(workloads: readonly Probed[], settings: ProbeSettings): Promise<readonly Probe[]> {
  const hosts = await openHostEnvironment(workloads.flatMap(({ workload }) => workload.services));
  try {
    const found: Probe[] = [];
    for (const probed of workloads) found.push(await probe(probed, hosts, settings));
    return found;
  } finally {
    await hosts.close();
  }
}

async function probe(probed: Probed, hosts: HostEnvironment, settings: ProbeSettings): Promise<Probe> {
  const alone = await inHost(1, probed, hosts, settings, async (host) => {
    const readings = await measureWhileShort(host);
    // The first one may load a model, or connect, for a second.
    return readings[0].wallMs < LONG_TASK_MS ? readings : [(await host.measure()).reading];
  });
  if (alone === undefined) return { bound: undefined, taskMs: undefined };
  if (alone === 'late') return { bound: undefined, taskMs: limitOf(settings) };
  const { reading, isBusy } = alone;
  const { bound: claimed } = probed.workload.claims;
  if (claimed !== undefined) return { bound: claimed, taskMs: reading.wallMs };
  if (reading.wallMs >= LONG_TASK_MS) return { bound: kindOf(reading, isBusy), taskMs: reading.wallMs };
  const few = await inHost(PROBED_TASKS, probed, hosts, settings, async (host) => {
    await host.warm(1);
    return measureWhileShort(host);
  });
  if (few === undefined || few === 'late') return { bound: undefined, taskMs: reading.wallMs };
  const bound = togetherWith(kindOf(reading, isBusy), kindOf(few.reading, few.isBusy));
  const together = bound === 'cpu' ? Math.min(PROBED_TASKS, probed.workload.tasks) : 1;
  // Code that is compiled by then takes less.
  return { bound, taskMs: Math.min(reading.wallMs, few.reading.wallMs / together) };
}

/** Work that computes for all of the time only where several tasks overlap also waits. */
function togetherWith(alone: Bound | undefined, together: Bound | undefined): Bound | undefined {
  return together === 'cpu' && (alone === 'io' || alone === 'mixed') ? 'mixed' : together;
}

function limitOf({ options }: Pick<ProbeSettings, 'options'>): number {
  return Math.min(options.timeoutMs, PROBE_TIMEOUT_MS);
}

interface Found {
  readonly reading: Reading;
  /** Whether hardly any CPU was idle meanwhile. */
  readonly isBusy: boolean;
}

/** @returns the typical batch of those that are measured in a host; undefined if a task fails */
async function inHost(
  most: number,
  { workload, params }: Probed,
  { services, env }: HostEnvironment,
  { options, seed, runtimes }: ProbeSettings,
  measure: (host: Host) => Promise<Batches>,
): Promise<Found | 'late' | undefined> {
  const tasks = Math.min(most, workload.tasks);
  const cell = { id: `${workload.name}/event-loop`, strategy: 'event-loop', poolSize: 1, concurrency: 'all' } as const;
  const context = {
    group: { workload: { ...workload, tasks }, params, versions: [] },
    options: { ...options, timeoutMs: limitOf({ options }), verify: 'off' },
    services,
    env,
    seed,
    runtimes,
    ownStrategies: [],
    startHost,
  } as const;
  try {
    const host = await startHostOf(context, cell);
    try {
      // Some may throw: what fails is for the run to report, or counted by a load.
      await host.open({ ...assign(context, cell, MOST_BATCHES), goesOn: true });
      const before = readCpus();
      const startedNs = nowNs();
      const readings = await measure(host);
      const isBusy = areAllBusy(before, readCpus(), (nowNs() - startedNs) / NS_PER_MS);
      await closeUnmeasured([host], context);
      return { reading: typical(readings), isBusy };
    } finally {
      await host.kill();
    }
  } catch (thrown) {
    if (!(thrown instanceof HostError)) throw thrown;
    // A task can throw an error of that name, too.
    return thrown.failure.error.message.startsWith(LATE_BATCH) ? 'late' : undefined;
  }
}

type Batches = readonly [Reading, ...Reading[]];

/** Those from the last time on that the runtime has compiled code beside them. */
async function measureWhileShort(host: Pick<Host, 'measure'>): Promise<Batches> {
  const { reading: first } = await host.measure();
  let readings: [Reading, ...Reading[]] = [first];
  let last = first;
  let sinceMs = first.wallMs;
  const endNs = nowNs() + (MOST_MS - first.wallMs) * NS_PER_MS;
  for (let batches = 1; batches < MOST_BATCHES && nowNs() < endNs; batches++) {
    if (sinceMs >= LONG_ENOUGH_MS && !computesElsewhere(last)) break;
    const { reading } = await host.measure();
    const isCompiled = computesElsewhere(last) && !computesElsewhere(reading);
    readings = isCompiled ? [reading] : [...readings, reading];
    sinceMs = reading.wallMs + (isCompiled ? 0 : sinceMs);
    last = reading;
  }
  return readings;
}

/** Whether CPUs are busy while the loop is free. */
function computesElsewhere({ cpuMs, wallMs, loopDelayMs }: Reading): boolean {
  return cpuMs / wallMs >= CPU_BOUND && loopDelayMs.max < wallMs / 4;
}

/** The batch with the median share of CPU time, among the later half of them. */
function typical(readings: Batches): Reading {
  const later = readings
    .slice(Math.floor(readings.length / 2))
    .toSorted((a, b) => a.cpuMs / a.wallMs - b.cpuMs / b.wallMs);
  return later[Math.floor(later.length / 2)] ?? readings[0];
}

function readCpus(): CpuCounters {
  return readCpuCounters(findCgroups(), allowedCpus());
}

/** Less idle time than that of half a CPU is none that work which waits would leave. */
const LEAST_IDLE_CPUS = 0.5;

/** Whether hardly any CPU was idle; false where the system does not count. */
export function areAllBusy(
  before: Pick<CpuCounters, 'busyMs'>,
  { busyMs, cpus }: Pick<CpuCounters, 'busyMs' | 'cpus'>,
  windowMs: number,
): boolean {
  if (before.busyMs === null || busyMs === null) return false;
  return (busyMs - before.busyMs) / windowMs > cpus - LEAST_IDLE_CPUS;
}

/**
 * A blocked loop that used little CPU was preempted by other programs, or waits synchronously. If it was preempted more
 * often than it gave up the CPU, how much more it would have used is unknown; so it is if no CPU was idle meanwhile.
 *
 * @returns undefined if other programs may have kept it from the CPU
 */
export function kindOf(
  {
    cpuMs,
    wallMs,
    loopDelayMs,
    contextSwitches,
  }: Pick<Reading, 'cpuMs' | 'wallMs' | 'loopDelayMs' | 'contextSwitches'>,
  isBusy: boolean,
): Bound | undefined {
  const busy = cpuMs / wallMs;
  const isHeld = loopDelayMs.max > wallMs / 2;
  if (busy >= CPU_BOUND || (busy >= IO_BOUND && isHeld)) return 'cpu';
  const isTaken = contextSwitches !== null && contextSwitches.involuntary > contextSwitches.voluntary;
  if (busy >= IO_BOUND) return 'mixed';
  return isTaken || (isHeld && isBusy) ? undefined : 'io';
}
