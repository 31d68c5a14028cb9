import { readFile } from 'node:fs/promises';

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
  // A path may hold colons.
  const memberships = [...(await readText(`${root}/proc/self/cgroup`)).matchAll(/^(\d+):([^:\n]*):(.*)$/gm)].map(
    ([, ...fields]) => fields,
  );
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

/** Bytes of memory granted; undefined if unlimited or not on Linux. */
export async function memoryLimit({ v2, memory }: Cgroups): Promise<number | undefined> {
  const files = [
    ...v2.map((folder) => `${folder}/memory.max`),
    ...memory.map((folder) => `${folder}/memory.limit_in_bytes`),
  ];
  const limits = await Promise.all(files.map(async (file) => Number((await readText(file)) || Number.NaN)));
  // Version 1 writes "unlimited" as the largest number of pages.
  return least(limits.map((bytes) => (bytes > 0 && bytes < 2 ** 60 ? bytes : undefined)));
}

/**
 * The files that tell how long tasks had to wait for the next period because their quota was used up, and how many
 * milliseconds one unit in them is.
 */
export function throttlingFiles({
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
