import { LanewiseError } from '../model/errors.ts';
import type { Group, OwnStrategy, PlannedCell, Runtime } from '../model/plan.ts';
import type { Environment, Warning } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';

const MIB = 2 ** 20;
/**
 * What each process and thread holds alone while it waits for its turn, in MiB: the growth of a cgroup's `rss` with one more of it, running
 * `noop` on Node 20.20, Linux x64, 2026-11-26 (a host 12, a child process 10, a worker thread 8). No workload needs less.
 */
const LEAST_MIB = { host: 12, process: 10, thread: 8, main: 0 } as const;
/** What this process needs beyond what it has when it plans, and the guard. Measured with the same runs. */
const OWN_MIB = 20;
/** A module with its packages, inputs and outputs: ordinary ones take two to four times the least (docs/reliability.md). */
const ORDINARY = 3;

type Memory = Pick<Environment, 'memoryLimitBytes' | 'memoryAvailableBytes'>;

/**
 * Holds what the processes of a block will need, all of which are alive at once, against what there is.
 *
 * @returns a warning for each group that may not fit
 * @throws LanewiseError for a group that cannot fit into the memory that the cgroup grants
 */
export function checkMemoryNeeded(
  groups: readonly Group[],
  { memoryLimitBytes: limitBytes = null, memoryAvailableBytes }: Memory,
): readonly Warning[] {
  if (typeof memoryAvailableBytes !== 'number') return [];
  const availableMiB = memoryAvailableBytes / MIB;
  return groups.flatMap((group): Warning[] => {
    const leastMiB = leastNeededMiB(group);
    if (limitBytes !== null && leastMiB > availableMiB) throw cannotFit(group, leastMiB, availableMiB, limitBytes);
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

function leastNeededMiB({ cells, ceilingLanes, workload }: Group): number {
  const beside = Math.max(0, ...ceilingLanes) + workload.services.length;
  return OWN_MIB + beside * LEAST_MIB.host + cells.reduce((sum, cell) => sum + leastOfCellMiB(cell), 0);
}

function leastOfCellMiB(cell: PlannedCell): number {
  return LEAST_MIB.host + cell.poolSize * LEAST_MIB[traitsOf(cell).laneKind];
}

function processesOf({ cells, ceilingLanes, workload }: Group): number {
  const lanes = cells
    .filter((cell) => traitsOf(cell).laneKind === 'process')
    .reduce((sum, { poolSize }) => sum + poolSize, 0);
  return cells.length + lanes + Math.max(0, ...ceilingLanes) + workload.services.length;
}

function cannotFit(group: Group, leastMiB: number, availableMiB: number, limitBytes: number): LanewiseError {
  const name = group.title;
  let leftMiB = availableMiB - (leastMiB - group.cells.reduce((sum, cell) => sum + leastOfCellMiB(cell), 0));
  let fitting = 0;
  for (const neededMiB of group.cells.map(leastOfCellMiB).toSorted((a, b) => a - b)) {
    leftMiB -= neededMiB;
    if (leftMiB >= 0) fitting += 1;
  }
  const remedy =
    fitting === 0
      ? 'Not even one fits: raise the limit.'
      : `At most ${fitting} would fit: ask for fewer with -s, -p and -c, or raise the limit.`;
  return new LanewiseError(
    'usage',
    `The ${group.cells.length} configurations of ${name} need at least ${Math.ceil(leastMiB)} MiB of memory at once, and ${Math.max(0, Math.floor(availableMiB))} MiB of the cgroup’s ${Math.round(limitBytes / MIB)} are free. ${remedy}`,
  );
}

/** What the planner must know of the machine. */
export type Machine = Pick<
  Environment,
  | 'cores'
  | 'cpuQuota'
  | 'affinityCpus'
  | 'availableParallelism'
  | 'governor'
  | 'loadAverage'
  | 'physicalCores'
  | 'uvThreads'
  | 'nodeFlags'
  | 'variables'
  | 'withheldFlags'
  | 'memoryLimitBytes'
  | 'memoryAvailableBytes'
> & {
  /** What hosts can run on; none: this process’s own Node. */
  readonly runtimes: readonly Runtime[];
  /** The user's, among those that were asked for. */
  readonly ownStrategies: readonly OwnStrategy[];
};

/** Load beyond this share of the cores before the run is somebody else's. */
const BUSY_SHARE = 0.5;
/** Governors that do not change the speed with the load, or change it at once. */
const STEADY_GOVERNORS = new Set(['performance', 'schedutil', 'userspace']);

/** Code that is loaded before the work, as agents and instrumentations are, and what watches it run. */
const TOOL_FLAGS =
  /^--(?:require|import|(?:experimental-)?loader|cpu-prof|heap-prof|prof\b|perf-|interpreted-frames|trace-(?!warnings|deprecation|uncaught|exit|sigint)|track-heap-objects)/;
const TOOL_VARIABLES = ['NODE_V8_COVERAGE', 'NODE_DEBUG', 'DYLD_INSERT_LIBRARIES'] as const;

/** What of the machine disturbs every measurement. */
export function beware({
  cpuQuota,
  affinityCpus,
  availableParallelism,
  governor,
  loadAverage,
  cores,
  nodeFlags = [],
  variables = {},
  withheldFlags = [],
}: Machine): readonly Warning[] {
  const warnings: Warning[] = [];
  const cpus = affinityCpus ?? availableParallelism;
  if (cpuQuota !== null && cpuQuota < cpus) warnings.push({ kind: 'quota-below-cores', quota: cpuQuota, cpus });
  if (typeof governor === 'string' && !STEADY_GOVERNORS.has(governor))
    warnings.push({ kind: 'slow-governor', governor });
  if (typeof loadAverage === 'number' && loadAverage > cores * BUSY_SHARE)
    warnings.push({ kind: 'busy-machine', load: loadAverage, cores });
  if (withheldFlags.length > 0) warnings.push({ kind: 'withheld-flags', flags: [...withheldFlags] });
  const tools = [
    ...nodeFlags.filter((flag) => TOOL_FLAGS.test(flag)),
    ...TOOL_VARIABLES.filter((name) => name in variables),
  ];
  if (tools.length > 0) warnings.push({ kind: 'measured-tools', tools });
  return warnings;
}

/** What can be told of the cells before anything is measured. */
export function foresee(groups: readonly Group[], { cores, physicalCores }: Machine): readonly Warning[] {
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
