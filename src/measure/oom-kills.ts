/** Whether it was the kernel that killed a process, for want of memory. Linux only. */
import { writeFileSync } from 'node:fs';
import { textOf } from '../../workers/system-files.ts';
import { bytesIn, cgroupsIn, killCounters, limitFiles, type KillCounter } from './cgroup.ts';

const BYTES_PER_MIB = 2 ** 20;
const REMEDY = 'Ask for fewer or smaller pools with -s, -p and -c';

/**
 * Looks when a process starts; what comes back is asked when it was killed.
 *
 * @param root where the system's files are
 * @returns the reason, if the kernel has since killed something of this cgroup, or of the machine, for want of memory
 */
export function watchMemoryKills(root = ''): () => string | undefined {
  const cgroups = cgroupsIn(textOf(`${root}/proc/self/cgroup`), root);
  const counters = killCounters(cgroups);
  const before = counters.map(countIn);
  const ofMachine: KillCounter = { path: `${root}/proc/vmstat`, field: /^oom_kill (\d+)$/m };
  const beforeOnMachine = countIn(ofMachine);
  return () => {
    if (counters.some((counter, index) => countIn(counter) > (before[index] ?? 0))) {
      const limits = limitFiles(cgroups).flatMap((file) => bytesIn(textOf(file), 1) ?? []);
      const limit = limits.length === 0 ? '' : ` (limit ${Math.round(Math.min(...limits) / BYTES_PER_MIB)} MiB)`;
      return `its cgroup ran out of memory${limit} and the kernel killed it. ${REMEDY}, or raise the limit`;
    }
    if (countIn(ofMachine) > beforeOnMachine)
      return `the kernel killed processes of this machine for want of memory, and probably this one. ${REMEDY}`;
    return undefined;
  };
}

function countIn({ path, field }: KillCounter): number {
  return Number(field.exec(textOf(path))?.[1] ?? 0);
}

/** Between 0 and 1000: before everything that has not asked for it. */
const KILLED_FIRST = 500;

/** For want of memory the kernel is to kill a host and its lanes, of which the report can tell, and not the process that reports. */
export function offerToKernel(pid: number): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(KILLED_FIRST));
  } catch {
    // It has ended, or the system does not allow it: then the kernel chooses.
  }
}
