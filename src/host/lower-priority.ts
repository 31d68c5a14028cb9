import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { platformOf } from '../../workers/platform.ts';

/** More made the driver no more punctual. */
const NICE = 5;

/**
 * Lowers the priority of processes, so that the process that sends requests gets its time first. On Linux each thread has
 * its own: later ones get that of the thread that starts them.
 *
 * @returns whether it could
 */
export function lowerPriority(pids: readonly number[]): boolean {
  try {
    for (const pid of pids) for (const thread of threadsOf(pid)) setPriority(thread, NICE);
    return true;
  } catch {
    return false;
  }
}

function threadsOf(pid: number): readonly number[] {
  return platformOf().isLinux ? readdirSync(`/proc/${pid}/task`).map(Number) : [pid];
}
