import { textOf } from '../../workers/system-files.ts';

/** The cgroups that limit this process, innermost last; empty if there are none. */
export interface Cgroups {
  readonly cpu: readonly Cgroup[];
  readonly memory: readonly Cgroup[];
  /** The folder of the system's counters. */
  readonly proc: string;
}

export interface Cgroup extends Interface {
  readonly folder: string;
}

/** Names and formats of a cgroup's files, in the kernel's two versions. */
interface Interface {
  readonly version: 1 | 2;
  /** The files that hold the CPU time granted in each period, and how long a period is. */
  readonly quota: readonly string[];
  /** In `cpu.stat`: how long tasks had to wait for the next period because their quota was used up. */
  readonly throttled: RegExp;
  readonly throttledUnitMs: number;
  readonly memoryLimit: string;
  readonly memoryUsed: string;
  /** In `memory.stat`: the page cache, which the kernel takes back. */
  readonly cache: RegExp;
  /** How many processes the kernel has killed for lack of memory; in version 2 including nested groups. */
  readonly kills: string;
  /** In version 1 together with memory. */
  readonly swapLimit: string;
}

const V2: Interface = {
  version: 2,
  quota: ['cpu.max'],
  throttled: /^throttled_usec (\d+)$/m,
  throttledUnitMs: 1e-3,
  memoryLimit: 'memory.max',
  memoryUsed: 'memory.current',
  cache: /^(?:in)?active_file (\d+)$/gm,
  kills: 'memory.events',
  swapLimit: 'memory.swap.max',
};

const V1: Interface = {
  version: 1,
  quota: ['cpu.cfs_quota_us', 'cpu.cfs_period_us'],
  throttled: /^throttled_time (\d+)$/m,
  throttledUnitMs: 1e-6,
  memoryLimit: 'memory.limit_in_bytes',
  memoryUsed: 'memory.usage_in_bytes',
  cache: /^total_(?:in)?active_file (\d+)$/gm,
  kills: 'memory.oom_control',
  swapLimit: 'memory.memsw.limit_in_bytes',
};

/**
 * Version 1 has a tree for each controller, version 2 one for all; both can be there at once. Linux only.
 *
 * @param root folder of the system's files
 */
export function findCgroups(root = ''): Cgroups {
  // A path may hold colons.
  const memberships = [...textOf(`${root}/proc/self/cgroup`).matchAll(/^(\d+):([^:\n]*):(.*)$/gm)];
  const groupsAt = (path: string | undefined, tree: string, files: Interface): readonly Cgroup[] =>
    withAncestors(path).map((name) => ({ folder: `${root}/sys/fs/cgroup${tree}${name}`, ...files }));
  const unified = memberships.find(([, id, controllers]) => id === '0' && controllers === '')?.[3];
  const groupsOf = (controller: string): readonly Cgroup[] => {
    const path = memberships.find(([, , controllers]) => controllers?.split(',').includes(controller))?.[3];
    return [...groupsAt(unified, '', V2), ...groupsAt(path, `/${controller}`, V1)];
  };
  return { cpu: groupsOf('cpu'), memory: groupsOf('memory'), proc: `${root}/proc` };
}

/** `/a/b` is limited by itself, by `/a` and by the root that is mounted. */
function withAncestors(path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  const names = path.split('/').filter((name) => name !== '');
  return ['', ...names.map((_, depth) => `/${names.slice(0, depth + 1).join('/')}`)];
}

/** CPUs granted by the group of this process, or by one above it; undefined if unlimited or not on Linux. */
export function cpuQuota({ cpu }: Cgroups): number | undefined {
  return least(
    cpu.map(({ folder, quota }) => {
      // Version 2 writes no quota as `max`, version 1 as -1.
      const [granted = 0, period = 0] = quota
        .flatMap((file) => textOf(`${folder}/${file}`).trim().split(' '))
        .map(Number);
      return granted > 0 && period > 0 ? granted / period : undefined;
    }),
  );
}

/** Bytes of memory granted; undefined if unlimited or not on Linux. */
export function memoryLimit({ memory }: Cgroups): number | undefined {
  return least(memory.map(limitOf));
}

/** How many processes the kernel has killed for lack of memory in the cgroups of this process. */
export function memoryKills({ memory }: Cgroups): number {
  return memory.reduce((sum, { folder, kills }) => sum + killsIn(`${folder}/${kills}`), 0);
}

/** Reads a kill count; that of the whole machine is in `/proc/vmstat`. */
export function killsIn(file: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(textOf(file))?.[1] ?? 0);
}

/**
 * Bytes that processes of this group can still be given, page cache included, since the kernel takes that back;
 * undefined without a limit. Swap space counts as free.
 */
export function freeMemory({ memory }: Cgroups, swapFreeBytes: number): number | undefined {
  const free = least(memory.map(freeIn));
  if (free === undefined) return undefined;
  const swapLimit = least(
    memory.map(({ version, folder, swapLimit: file }) => (version === 1 ? undefined : bytesIn(`${folder}/${file}`, 0))),
  );
  return free + Math.min(swapFreeBytes, swapLimit ?? swapFreeBytes);
}

function freeIn(group: Cgroup): number | undefined {
  const limit = limitOf(group);
  if (limit === undefined) return undefined;
  const { folder, memoryUsed, cache } = group;
  const cached = textOf(`${folder}/memory.stat`).matchAll(cache);
  const cachedBytes = [...cached].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return Math.max(0, limit - Math.max(0, Number(textOf(`${folder}/${memoryUsed}`)) - cachedBytes));
}

function limitOf({ folder, memoryLimit: file }: Cgroup): number | undefined {
  return bytesIn(`${folder}/${file}`, 1);
}

/** Version 1 writes "unlimited" as the largest number of pages, version 2 as `max`. */
function bytesIn(file: string, smallest: number): number | undefined {
  const text = textOf(file).trim();
  const bytes = text === '' ? Number.NaN : Number(text);
  return bytes >= smallest && bytes < 2 ** 60 ? bytes : undefined;
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Counters of the usable CPUs together, since boot. Null: not available on this system. */
export interface CpuCounters {
  /** All programs, the kernel included. */
  readonly busyMs: number | null;
  /** Taken by the hypervisor for another machine while this one had work to do. */
  readonly stolenMs: number | null;
  /** CPUs that the two are sums over. */
  readonly cpus: number;
  /** Throttled time, summed over CPUs: of this cgroup and each one above. */
  readonly throttledMs: readonly number[];
}

/** `/proc/stat` counts in hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;

/**
 * Two small files, read at once: about 0.1 ms. Counts only CPUs that this process may use: elsewhere, other programs do
 * not disturb it.
 *
 * @param allowed their numbers; undefined: all
 */
export function readCpuCounters({ cpu, proc }: Cgroups, allowed?: readonly number[]): CpuCounters {
  const lines = textOf(`${proc}/stat`).split('\n');
  const all = lines.filter((line) => /^cpu\d/.test(line));
  const own = all.filter((line) => allowed?.includes(Number(/^cpu(\d+)/.exec(line)?.[1])));
  // A container may number its CPUs otherwise than the kernel; then all of them are its own.
  const counted = (own.length === allowed?.length ? own : all).map(ticksOf);
  const sumMs = (read: (ticks: CpuTicks) => number): number | null => {
    const ticks = counted.reduce((sum, one) => sum + read(one), 0);
    return counted.length > 0 && Number.isFinite(ticks) ? ticks * TICK_MS : null;
  };
  return {
    busyMs: sumMs(({ busy }) => busy),
    stolenMs: sumMs(({ stolen }) => stolen),
    cpus: counted.length,
    throttledMs: cpu.flatMap(({ folder, throttled, throttledUnitMs }) => {
      const count = throttled.exec(textOf(`${folder}/cpu.stat`))?.[1];
      return count === undefined ? [] : [Number(count) * throttledUnitMs];
    }),
  };
}

interface CpuTicks {
  readonly busy: number;
  readonly stolen: number;
}

/** A line of `/proc/stat`; NaN for what the kernel does not report. */
function ticksOf(line: string): CpuTicks {
  const [user, nice, system, , , irq, softirq, steal] = line.split(/\s+/).slice(1).map(Number);
  const busy = [user, nice, system, irq, softirq].reduce<number>((sum, ticks) => sum + (ticks ?? Number.NaN), 0);
  return { busy, stolen: steal ?? Number.NaN };
}

/** The numbers of the CPUs that this process may run on; undefined if not on Linux. */
export function allowedCpus(): readonly number[] | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(textOf('/proc/self/status'))?.[1];
  return list === undefined ? undefined : parseCpuList(list);
}

/** `0-3,8` is 0, 1, 2, 3 and 8. */
export function parseCpuList(list: string): readonly number[] {
  return list.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
