import { textOf } from '../../workers/system-files.ts';
import { throttlingFiles, type Cgroups } from './cgroup.ts';

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
