import { availableParallelism, arch, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from '../model.ts';
import { cpuQuota, findCgroups } from './cgroup.ts';

/** The facts of this machine that decide what can be measured on it. No environment variables, no paths, no names. */
export async function readEnvironment(): Promise<Environment> {
  const claimed = availableParallelism();
  const quota = await cpuQuota(await findCgroups());
  return {
    node: process.version,
    v8: process.versions.v8,
    os: `${platform()} ${release()}`,
    arch: arch(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    // `availableParallelism` knows the affinity but, on Node 20, no quota. Half a core still is a core to run on.
    cores: Math.max(1, Math.min(claimed, Math.ceil(quota ?? claimed))),
    availableParallelism: claimed,
    cpuQuota: quota ?? null,
    memoryBytes: totalmem(),
  };
}
