import { cpus, type CpuInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** The system counts CPU time in steps of 10 ms. */
const LOOK_MS = 250;

/** CPUs that all programs use at present, this one only looks; undefined where the system does not count. */
export async function busyCpus(): Promise<number | undefined> {
  const before = cpus();
  await sleep(LOOK_MS);
  return busyBetween(before, cpus());
}

/** Mean number of busy CPUs between two readings. */
export function busyBetween(
  before: readonly Pick<CpuInfo, 'times'>[],
  after: readonly Pick<CpuInfo, 'times'>[],
): number | undefined {
  const spans = after.map(({ times }, index) => {
    const old = before[index]?.times ?? times;
    const all = sumOf(times) - sumOf(old);
    return { all, busy: all - (times.idle - old.idle) };
  });
  if (spans.length === 0 || spans.some(({ all }) => all <= 0)) return undefined;
  return spans.reduce((sum, { all, busy }) => sum + busy / all, 0);
}

function sumOf(times: CpuInfo['times']): number {
  return Object.values(times).reduce((sum, ms) => sum + ms, 0);
}
