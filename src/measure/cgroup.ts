import { readFile } from 'node:fs/promises';
import { textOf } from '../../workers/system-files.ts';

/** The folders of the control groups that this process is in, innermost last; empty where there are none. */
export interface Cgroups {
  readonly v2: readonly string[];
  /** Of the `cpu` controller. */
  readonly cpu: readonly string[];
  /** Of the `memory` controller. */
  readonly memory: readonly string[];
}

/**
 * Version 1 has a tree for each controller, version 2 one for all; both can be there at once. Linux only.
 *
 * @param root where the system's files are
 */
export async function findCgroups(root = ''): Promise<Cgroups> {
  return cgroupsIn(await readText(`${root}/proc/self/cgroup`), root);
}

/** @param text what `/proc/self/cgroup` holds */
export function cgroupsIn(text: string, root = ''): Cgroups {
  // A path may hold colons.
  const memberships = [...text.matchAll(/^(\d+):([^:\n]*):(.*)$/gm)].map(([, ...fields]) => fields);
  const pathOf = (controller: string): string | undefined =>
    memberships.find(([, controllers]) => controllers?.split(',').includes(controller))?.[2];
  const unified = memberships.find(([id, controllers]) => id === '0' && controllers === '')?.[2];
  return {
    v2: withAncestors(unified).map((path) => `${root}/sys/fs/cgroup${path}`),
    cpu: withAncestors(pathOf('cpu')).map((path) => `${root}/sys/fs/cgroup/cpu${path}`),
    memory: withAncestors(pathOf('memory')).map((path) => `${root}/sys/fs/cgroup/memory${path}`),
  };
}

/** CPUs granted by the group of this process, or by one above it; undefined if unlimited or not on Linux. */
export async function cpuQuota({ v2, cpu }: Cgroups): Promise<number | undefined> {
  return least([...(await Promise.all(v2.map(quotaV2))), ...(await Promise.all(cpu.map(quotaV1)))]);
}

/** The files that say how much memory is granted. */
export function limitFiles({ v2, memory }: Pick<Cgroups, 'v2' | 'memory'>): readonly string[] {
  return [...v2.map((folder) => `${folder}/memory.max`), ...memory.map((folder) => `${folder}/memory.limit_in_bytes`)];
}

/** Bytes of memory granted; undefined if unlimited or not on Linux. */
export async function memoryLimit({ v2, memory }: Cgroups): Promise<number | undefined> {
  return least(await Promise.all(limitFiles({ v2, memory }).map((file) => limitIn(file, 1))));
}

/** A file in which the kernel counts the processes that it has killed for want of memory. */
export interface KillCounter {
  readonly path: string;
  readonly field: RegExp;
}

/** Innermost last; version 2 counts those of the groups within, too. */
export function killCounters({ v2, memory }: Cgroups): readonly KillCounter[] {
  const field = /^oom_kill (\d+)$/m;
  return [
    ...v2.map((folder) => ({ path: `${folder}/memory.events`, field })),
    ...memory.map((folder) => ({ path: `${folder}/memory.oom_control`, field })),
  ];
}

/**
 * Bytes that processes of this group can still be given, page cache included, since the kernel takes that back; undefined without a limit.
 * What can be moved to disk counts as free.
 */
export async function memoryLeft({ v2, memory }: Cgroups, swapFreeBytes: number): Promise<number | undefined> {
  const ofGroups = [
    ...v2.map((folder) => leftIn(folder, 'memory.max', 'memory.current', /^(?:in)?active_file (\d+)$/gm)),
    ...memory.map((folder) =>
      leftIn(folder, 'memory.limit_in_bytes', 'memory.usage_in_bytes', /^total_(?:in)?active_file (\d+)$/gm),
    ),
  ];
  const left = least(await Promise.all(ofGroups));
  if (left === undefined) return undefined;
  const swapLimit = least(await Promise.all(v2.map((folder) => limitIn(`${folder}/memory.swap.max`, 0))));
  return left + Math.min(swapFreeBytes, swapLimit ?? swapFreeBytes);
}

async function leftIn(folder: string, limit: string, usage: string, cache: RegExp): Promise<number | undefined> {
  const bytes = await limitIn(`${folder}/${limit}`, 1);
  if (bytes === undefined) return undefined;
  const cached = [...(await readText(`${folder}/memory.stat`)).matchAll(cache)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  return Math.max(0, bytes - Math.max(0, Number(await readText(`${folder}/${usage}`)) - cached));
}

async function limitIn(file: string, smallest: number): Promise<number | undefined> {
  return bytesIn(await readText(file), smallest);
}

/** Version 1 writes "unlimited" as the largest number of pages, version 2 as `max`. */
export function bytesIn(text: string, smallest: number): number | undefined {
  const bytes = text.trim() === '' ? Number.NaN : Number(text);
  return bytes >= smallest && bytes < 2 ** 60 ? bytes : undefined;
}

/**
 * The files that tell how long tasks had to wait for the next period because their quota was used up, and how many
 * milliseconds one unit in them is.
 */
function throttlingFiles({
  v2,
  cpu,
}: Cgroups): readonly { readonly path: string; readonly field: RegExp; readonly unitMs: number }[] {
  return [
    ...v2.map((folder) => ({ path: `${folder}/cpu.stat`, field: /^throttled_usec (\d+)$/m, unitMs: 1e-3 })),
    ...cpu.map((folder) => ({ path: `${folder}/cpu.stat`, field: /^throttled_time (\d+)$/m, unitMs: 1e-6 })),
  ];
}

/** `/a/b` is limited by itself, by `/a` and by the root that is mounted. */
function withAncestors(path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  const names = path.split('/').filter((name) => name !== '');
  return [...names.keys(), names.length].map((depth) =>
    names
      .slice(0, depth)
      .map((name) => `/${name}`)
      .join(''),
  );
}

/** `cpu.max` holds `max 100000` or `150000 100000`. */
async function quotaV2(folder: string): Promise<number | undefined> {
  const [quota, period] = (await readText(`${folder}/cpu.max`)).trim().split(' ').map(Number);
  return ratio(quota, period);
}

/** -1 is no quota. */
async function quotaV1(folder: string): Promise<number | undefined> {
  const [quota, period] = await Promise.all([
    readText(`${folder}/cpu.cfs_quota_us`),
    readText(`${folder}/cpu.cfs_period_us`),
  ]);
  return ratio(Number(quota || Number.NaN), Number(period));
}

function ratio(quota: number | undefined, period: number | undefined): number | undefined {
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Empty where there is no such file. */
export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** What the system counts of all CPUs together, since boot. Null is "not told here". */
export interface CpuCounters {
  /** All programs, the kernel included. */
  readonly busyMs: number | null;
  /** Taken by the hypervisor for another machine while this one had work to do. */
  readonly stolenMs: number | null;
  /** CPUs that the two are sums over. */
  readonly cpus: number;
  /** How long the lanes waited because a quota was used up, summed over CPUs: of this control group and each one above. */
  readonly throttledMs: readonly number[];
}

/** `/proc/stat` counts in hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** Two small files, read at once: about 0.1 ms. */
export function readCpuCounters(cgroups: Cgroups): CpuCounters {
  const lines = textOf('/proc/stat').split('\n');
  const [user, nice, system, , , irq, softirq, steal] = (lines[0] ?? '').split(/\s+/).slice(1).map(Number);
  const busyTicks = [user, nice, system, irq, softirq].reduce<number>((sum, ticks) => sum + (ticks ?? Number.NaN), 0);
  const throttled = throttlingFiles(cgroups).flatMap(({ path, field, unitMs }) => {
    const count = field.exec(textOf(path))?.[1];
    return count === undefined ? [] : [Number(count) * unitMs];
  });
  return {
    busyMs: Number.isFinite(busyTicks) ? busyTicks * TICK_MS : null,
    stolenMs: steal === undefined || !Number.isFinite(steal) ? null : steal * TICK_MS,
    cpus: lines.filter((line) => /^cpu\d/.test(line)).length,
    throttledMs: throttled,
  };
}
