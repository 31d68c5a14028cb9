/** What a run must not leave behind: processes that have left their group, and temporary files. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';

/** In the environment of every host, and so of whatever is started there; it names the run. */
export const MARK = 'LANEWISE_RUN';

/**
 * Kills every process that carries the mark, however it was started, and answers how many there were. Only Linux tells
 * the environment of other processes; elsewhere none is found.
 */
export function killMarked(run: string): number {
  const marked = processesMarked(run);
  for (const pid of marked) kill(pid);
  return marked.length;
}

/** A process that is being killed can still have started another one: so until none is found, or long enough. */
export function killAllMarked(run: string): void {
  for (let sweep = 0; sweep < MOST_SWEEPS && killMarked(run) > 0; sweep++);
}

const MOST_SWEEPS = 10;

export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // What was just killed may hold a file for a moment, on Windows above all; what cannot be removed is no reason to fail.
  }
}

function processesMarked(run: string): readonly number[] {
  const mark = `${MARK}=${run}`;
  return listed()
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(mark));
}

function listed(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // It has ended, or is another user's.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
