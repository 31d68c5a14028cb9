/** What a run must not leave behind: processes that have left their group, and temporary files. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';

/** In the environment of every host, and so of whatever is started there; it names the run. */
export const MARK = 'LANEWISE_RUN';

/**
 * Kills every process that carries the mark, however it was started, and answers the process groups that they were in. Only
 * Linux tells the environment of other processes; elsewhere none is found.
 */
export function killMarked(run: string): readonly number[] {
  const marked = processesMarked(run);
  const groups = marked.map(groupOf);
  for (const pid of marked) kill(pid);
  return groups;
}

/** A process that is being killed can still have started another one: so until none is found, or long enough. */
export function killAllMarked(run: string): void {
  for (let sweep = 0; sweep < MOST_SWEEPS && killMarked(run).length > 0; sweep++);
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

/** 0 if it has ended meanwhile. */
function groupOf(pid: number): number {
  try {
    // After the name, which is in parentheses and can hold anything: state, parent, group.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return 0;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
