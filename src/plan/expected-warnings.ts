import { LanewiseError } from '../model/errors.ts';
import type { AskedQueue, Group, OwnStrategy, PlannedCell, Runtime } from '../model/plan.ts';
import type { Environment, Warning } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';

const MIB = 2 ** 20;
/**
 * Memory of each process and thread while it waits for its turn, in MiB: the growth of a cgroup's `rss` with one more
 * of it, running `noop` on Node 20.20, Linux x64, 2026-11-26 (host 12, child process 10, worker thread 8). No workload
 * needs less.
 */
const LEAST_MIB = { host: 12, process: 10, thread: 8, main: 0 } as const;
/** Growth of this process after planning, plus the guard. Measured in the same runs. */
const OWN_MIB = 20;
/**
 * A module with its packages, inputs and outputs: ordinary ones take two to four times the least (docs/reliability.md).
 */
const ORDINARY = 3;

/**
 * Open files of a process before it starts workers, and those that each thread and child adds (Node 20.20, Linux,
 * 2026-11-26).
 */
const FILES = { own: 64, thread: 4, process: 1, main: 0 } as const;

type Resources = Pick<Environment, 'memoryLimitBytes' | 'memoryAvailableBytes'> &
  Partial<Pick<Environment, 'memoryBytes'>> & {
    /** Limit of open files per process; undefined where the system does not report it. */
    readonly openFilesLimit?: number | undefined;
  };

/**
 * Compares the memory and open files that the processes of a block need, alive at once, with what is available.
 *
 * @returns a warning for each group that may not fit
 * @throws LanewiseError for a group that cannot fit into the memory of the cgroup or machine, or the limit of open files
 */
export function checkNeeded(
  groups: readonly Group[],
  {
    memoryLimitBytes: limitBytes = null,
    memoryAvailableBytes,
    memoryBytes = Number.POSITIVE_INFINITY,
    openFilesLimit = Number.POSITIVE_INFINITY,
  }: Resources,
): readonly Warning[] {
  for (const cell of groups.flatMap(({ cells }) => cells)) checkFilesNeeded(cell, openFilesLimit);
  if (typeof memoryAvailableBytes !== 'number') return [];
  const availableMiB = memoryAvailableBytes / MIB;
  return groups.flatMap((group): Warning[] => {
    const leastMiB = leastNeededMiB(group);
    if (limitBytes !== null && leastMiB > availableMiB)
      throw cannotFit(group, leastMiB, {
        availableMiB: availableMiB,
        of: `${Math.max(0, Math.floor(availableMiB))} MiB of the cgroup’s ${Math.round(limitBytes / MIB)} are free`,
        raise: 'raise the limit',
      });
    if (leastMiB > memoryBytes / MIB)
      throw cannotFit(group, leastMiB, {
        availableMiB: memoryBytes / MIB,
        of: `this machine has ${Math.floor(memoryBytes / MIB)} MiB`,
        raise: 'take a larger machine',
      });
    const neededMiB = leastMiB * ORDINARY;
    if (neededMiB <= availableMiB) return [];
    return [
      {
        kind: 'little-memory',
        workload: group.title,
        processes: processesOf(group),
        neededBytes: neededMiB * MIB,
        availableBytes: memoryAvailableBytes,
        limitBytes,
      },
    ];
  });
}

function leastNeededMiB({ cells, upperBoundLanes, workload }: Group): number {
  const beside = Math.max(0, ...upperBoundLanes) + workload.services.length;
  return OWN_MIB + beside * LEAST_MIB.host + cells.reduce((sum, cell) => sum + leastOfCellMiB(cell), 0);
}

function leastOfCellMiB(cell: PlannedCell): number {
  return LEAST_MIB.host + cell.poolSize * LEAST_MIB[traitsOf(cell).laneKind];
}

function processesOf({ cells, upperBoundLanes, workload }: Group): number {
  const lanes = cells
    .filter((cell) => traitsOf(cell).laneKind === 'process')
    .reduce((sum, { poolSize }) => sum + poolSize, 0);
  return cells.length + lanes + Math.max(0, ...upperBoundLanes) + workload.services.length;
}

interface Lack {
  readonly availableMiB: number;
  /** The memory that is not enough. */
  readonly of: string;
  readonly raise: string;
}

function cannotFit({ cells, title }: Group, leastMiB: number, { availableMiB, of, raise }: Lack): LanewiseError {
  let spareMiB = availableMiB - (leastMiB - cells.reduce((sum, cell) => sum + leastOfCellMiB(cell), 0));
  let fitting = 0;
  for (const neededMiB of cells.map(leastOfCellMiB).toSorted((a, b) => a - b)) {
    spareMiB -= neededMiB;
    if (spareMiB >= 0) fitting += 1;
  }
  const remedy =
    fitting === 0
      ? `Not even one fits: ${raise}.`
      : `At most ${fitting} would fit: ask for fewer with -s, -p and -c, or ${raise}.`;
  return new LanewiseError(
    'usage',
    `The ${cells.length} configurations of ${title} need at least ${Math.ceil(leastMiB)} MiB of memory at once, and ${of}. ${remedy}`,
  );
}

/** @throws LanewiseError for a configuration whose host would exceed the limit of open files */
function checkFilesNeeded(cell: PlannedCell, limit: number): void {
  const needed = FILES.own + cell.poolSize * FILES[traitsOf(cell).laneKind];
  if (needed > limit)
    throw new LanewiseError(
      'usage',
      `-s ${cell.strategy} -p ${cell.poolSize} needs about ${needed} open files, and only ${limit} are allowed here: raise the limit with "ulimit -n ${needed}", or give a smaller -p.`,
    );
}

/** Facts of the machine that the planner needs. */
export type Machine = Pick<
  Environment,
  | 'cores'
  | 'cpuQuota'
  | 'affinityCpus'
  | 'availableParallelism'
  | 'governor'
  | 'physicalCores'
  | 'uvThreads'
  | 'nodeFlags'
  | 'variables'
  | 'withheldFlags'
> &
  Resources & {
    /** Runtimes for the hosts; none: this process’s own Node. */
    readonly runtimes: readonly Runtime[];
    /** Custom strategies among the requested ones. */
    readonly ownStrategies: readonly OwnStrategy[];
    /** For configurations that need a server; absent: there are none. */
    readonly queue?: AskedQueue | undefined;
  };

/** Governors that keep the speed constant, or adapt it at once. */
const STEADY_GOVERNORS = new Set(['performance', 'schedutil', 'userspace']);

/** Flags that preload code (agents, instrumentation) or observe the run. */
const TOOL_FLAGS =
  /^--(?:require|import|(?:experimental-)?loader|cpu-prof|heap-prof|prof\b|perf-|interpreted-frames|trace-(?!warnings|deprecation|uncaught|exit|sigint)|track-heap-objects)/;
const TOOL_VARIABLES = ['NODE_V8_COVERAGE', 'NODE_DEBUG', 'DYLD_INSERT_LIBRARIES'] as const;

/** Warnings about the machine that concern every measurement. */
export function machineWarnings({
  cpuQuota,
  affinityCpus,
  availableParallelism,
  governor,
  nodeFlags = [],
  variables = {},
  withheldFlags = [],
}: Machine): readonly Warning[] {
  const warnings: Warning[] = [];
  const cpus = affinityCpus ?? availableParallelism;
  if (cpuQuota !== null && cpuQuota < cpus) warnings.push({ kind: 'quota-below-cores', quota: cpuQuota, cpus });
  if (typeof governor === 'string' && !STEADY_GOVERNORS.has(governor))
    warnings.push({ kind: 'slow-governor', governor });
  if (withheldFlags.length > 0) warnings.push({ kind: 'withheld-flags', flags: [...withheldFlags] });
  const tools = [
    ...nodeFlags.filter((flag) => TOOL_FLAGS.test(flag)),
    ...TOOL_VARIABLES.filter((name) => name in variables),
  ];
  if (tools.length > 0) warnings.push({ kind: 'measured-tools', tools });
  return warnings;
}

/** Warnings about tasks that get no input. */
export function inputWarnings(groups: readonly Group[]): readonly Warning[] {
  return groups.flatMap(({ workload: { claims, inputs }, title }): Warning[] =>
    claims.takesInput && claims.readsInput && inputs === undefined ? [{ kind: 'no-input', workload: title }] : [],
  );
}

/** Warnings about the cells before anything is measured. */
export function cellWarnings(groups: readonly Group[], { cores, physicalCores }: Machine): readonly Warning[] {
  return groups.flatMap(({ workload, title: name, cells }) => {
    const warnings: Warning[] = [];
    const lanes = Math.max(...cells.map((cell) => cell.poolSize));
    const isCpu = workload.bound === 'cpu';
    if (isCpu && lanes > cores) warnings.push({ kind: 'more-lanes-than-cores', workload: name, lanes, cores });
    else if (isCpu && typeof physicalCores === 'number' && lanes > physicalCores)
      warnings.push({ kind: 'smt-siblings', workload: name, lanes, physicalCores });
    return warnings;
  });
}
