import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { arch, availableParallelism, cpus, freemem, loadavg, platform, release, totalmem } from 'node:os';
import type { SupportFacts, TimerFacts } from '../model/diagnosis.ts';
import { partOfCpu, type Environment } from '../model/results.ts';
import { availableIn, countIn, platformOf, type SystemProgram } from '../../workers/platform.ts';
import { thisRuntime } from '../../workers/this-runtime.ts';
import { textOf } from '../../workers/system-files.ts';
import {
  allowedCpus,
  cpuQuota,
  findCgroups,
  freeMemory,
  memoryLimit,
  readCpuCounters,
  type Cgroups,
} from './cgroup.ts';
import { runsTypeScript } from '../../workers/this-runtime.ts';
import { emulatedMachine, readInherited } from '../system/inherited.ts';

/**
 * The facts of this machine that decide what can be measured on it. No paths, no names; for variables, see
 * `inherited.ts`.
 */
export function readEnvironment(): Environment {
  const cgroups = findCgroups();
  const allowed = allowedCpus();
  const { busyMs, stolenMs, throttledMs } = readCpuCounters(cgroups, allowed);
  return {
    node: process.version,
    v8: process.versions.v8,
    ...otherRuntime(),
    os: `${platform()} ${release()}`,
    arch: arch(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: usableCpus(cgroups),
    availableParallelism: availableParallelism(),
    cpuQuota: quotaHere(cgroups) ?? null,
    memoryBytes: totalmem(),
    affinityCpus: allowed?.length ?? null,
    physicalCores:
      allowed === undefined ? (countIn(output(platformOf().coresProgram)) ?? null) : physicalCores(allowed),
    governor: textOf(`/sys/devices/system/cpu/cpu${allowed?.[0] ?? 0}/cpufreq/scaling_governor`).trim() || null,
    loadAverage: platformOf().countsLoad ? (loadavg()[0] ?? null) : null,
    stealShare: busyMs === null || stolenMs === null ? null : stolenMs / Math.max(1, busyMs + stolenMs),
    throttledMs: throttledMs.length === 0 ? null : Math.max(...throttledMs),
    memoryLimitBytes: memoryLimit(cgroups) ?? null,
    memoryAvailableBytes: memoryAvailable(cgroups),
    ...readInherited(),
  };
}

/** CPUs that processes may use here. */
export function usableCpus(cgroups: Cgroups): number {
  // Knows the affinity but, on Node 20, no quota. Half a CPU is still one to run on.
  const claimed = availableParallelism();
  return Math.max(1, Math.min(claimed, Math.ceil(quotaHere(cgroups) ?? claimed)));
}

/** CPUs that the cgroup grants, or a smaller machine that is emulated; undefined: no limit. */
export function quotaHere(cgroups: Cgroups): number | undefined {
  const granted = cpuQuota(cgroups);
  const part = partOfCpu(emulatedMachine()?.asked);
  return granted === undefined || part === undefined ? (granted ?? part) : Math.min(granted, part);
}

/** The runtime of this process, if it is not Node. */
function otherRuntime(): Pick<Environment, 'runtime'> {
  const { name, version } = thisRuntime();
  return name === 'node' ? {} : { runtime: { name, version } };
}

/**
 * Free memory of the cgroup or the machine, whichever has less; the estimates of Linux and macOS include what they can
 * reclaim.
 */
function memoryAvailable(cgroups: Cgroups): number {
  const meminfo = textOf('/proc/meminfo');
  const bytesOf = (field: string): number | undefined => {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * BYTES_PER_KB;
  };
  const swapFree = bytesOf('SwapFree') ?? 0;
  const ofMachine =
    (bytesOf('MemAvailable') ?? availableIn(output(platformOf().memoryProgram)) ?? freemem()) + swapFree;
  return Math.min(ofMachine, freeMemory(cgroups, swapFree) ?? ofMachine);
}

const BYTES_PER_KB = 1024;

const PROGRAM_MS = 2000;

/** Runs a program of the system, where there is one. @returns its output; empty if it fails */
function output(program: SystemProgram | undefined): string {
  if (program === undefined) return '';
  const [path, ...args] = program;
  return spawnSync(path, args, { encoding: 'utf8', timeout: PROGRAM_MS }).stdout ?? '';
}

/** Counts lists of siblings, which siblings of a core share. Null if the system does not report them. */
function physicalCores(allowed: readonly number[]): number | null {
  const siblings = allowed.map((cpu) => textOf(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`));
  return siblings.includes('') ? null : new Set(siblings).size;
}

const CLOCK_READS = 10_000;
const TIMERS = 21;

/** Measures the resolution of the clock and the shortest timer, in about 25 ms. */
export async function readTimer(): Promise<TimerFacts> {
  let smallestNs = Number.POSITIVE_INFINITY;
  let last = process.hrtime.bigint();
  for (let read = 0; read < CLOCK_READS; read++) {
    const now = process.hrtime.bigint();
    if (now > last) smallestNs = Math.min(smallestNs, Number(now - last));
    last = now;
  }
  const tookMs: number[] = [];
  for (let timer = 0; timer < TIMERS; timer++) {
    const startedMs = performance.now();
    await sleep(1);
    tookMs.push(performance.now() - startedMs);
  }
  const median = tookMs.toSorted((a, b) => a - b)[Math.floor(TIMERS / 2)] ?? Number.NaN;
  return { clockStepNs: smallestNs, oneMsTimerMs: median };
}

/** Readings that this Node and this system support. */
export function readSupport({ stealShare }: Environment): SupportFacts {
  return {
    typeStripping: runsTypeScript(),
    threadCpuUsage: 'threadCpuUsage' in process,
    contextSwitches: platformOf().countsContextSwitches,
    memoryOfTree: textOf('/proc/self/smaps_rollup') !== '',
    stealAndThrottling: stealShare !== undefined && stealShare !== null,
  };
}
