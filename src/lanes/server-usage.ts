/** CPU time of the server of a queue, which is part of the price of the queue. */
import { descendantsOf } from '../../workers/commands.ts';
import { NS_PER_MS } from '../../workers/clock.ts';
import type { Usage } from '../../workers/contract.ts';
import { namesIn, statOf, textOf } from '../../workers/system-files.ts';
import { NO_USAGE } from '../../workers/usage.ts';

/** `/proc/PID/stat` counts in hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** The processes of a server: PostgreSQL has one for each connection. */
export function processesOf(pid: number): readonly number[] {
  return [pid, ...descendantsOf(String(pid)).map(Number)];
}

/**
 * CPU time of a server of this machine, to the nanosecond for its running threads. Undefined where the system does not
 * count it.
 */
export function usageOfServer(pid: number): Usage | undefined {
  const [, , endedUser = 0, endedSystem = 0] = ticksOf(pid);
  const processes = processesOf(pid);
  const cpuNs = processes.flatMap(threadsOf).reduce((sum, thread) => sum + nanosecondsOf(thread), 0);
  if (cpuNs === 0) return undefined;
  const systemMs = processes.reduce((sum, one) => sum + (ticksOf(one)[1] ?? 0), endedSystem) * TICK_MS;
  return { ...NO_USAGE, cpuMs: cpuNs / NS_PER_MS + (endedUser + endedSystem) * TICK_MS, systemMs };
}

/** User, system, and the same of children that have ended. */
function ticksOf(pid: number): readonly number[] {
  return statOf(pid).slice(11, 15).map(Number);
}

function threadsOf(pid: number): readonly string[] {
  return namesIn(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
}

function nanosecondsOf(thread: string): number {
  return Number(textOf(`${thread}/schedstat`).split(' ')[0]) || 0;
}
