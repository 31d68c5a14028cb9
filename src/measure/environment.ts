import { availableParallelism, arch, cpus, platform, release, totalmem } from 'node:os';
import { readFile } from 'node:fs/promises';
import type { Environment } from '../model.ts';

/** The facts of this machine that decide what can be measured on it. No environment variables, no paths, no names. */
export async function readEnvironment(): Promise<Environment> {
  const claimed = availableParallelism();
  const cpuQuota = await readCpuQuota();
  return {
    node: process.version,
    v8: process.versions.v8,
    os: `${platform()} ${release()}`,
    arch: arch(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    // `availableParallelism` knows the affinity but, on Node 20, no quota. Half a core still is a core to run on.
    cores: Math.max(1, Math.min(claimed, Math.ceil(cpuQuota ?? claimed))),
    availableParallelism: claimed,
    cpuQuota: cpuQuota ?? null,
    memoryBytes: totalmem(),
  };
}

/** CPUs granted by the cgroup this process is in, or by one above it; undefined if unlimited or not on Linux. */
async function readCpuQuota(): Promise<number | undefined> {
  const memberships = (await read('/proc/self/cgroup')).split('\n').map((line) => line.split(':'));
  const unified = memberships.find(([id, controllers]) => id === '0' && controllers === '')?.[2];
  const cpu = memberships.find(([, controllers]) => controllers?.split(',').includes('cpu'))?.[2];
  const quotas = [
    ...(await Promise.all(withAncestors(unified).map((path) => quotaV2(`/sys/fs/cgroup${path}`)))),
    ...(await Promise.all(withAncestors(cpu).map((path) => quotaV1(`/sys/fs/cgroup/cpu${path}`)))),
  ].filter((quota) => quota !== undefined);
  return quotas.length === 0 ? undefined : Math.min(...quotas);
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
  const [quota, period] = (await read(`${folder}/cpu.max`)).trim().split(' ').map(Number);
  return ratio(quota, period);
}

/** -1 is no quota. */
async function quotaV1(folder: string): Promise<number | undefined> {
  const [quota, period] = await Promise.all([read(`${folder}/cpu.cfs_quota_us`), read(`${folder}/cpu.cfs_period_us`)]);
  return ratio(Number(quota || Number.NaN), Number(period));
}

function ratio(quota: number | undefined, period: number | undefined): number | undefined {
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
