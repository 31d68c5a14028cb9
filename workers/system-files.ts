/** What the system tells in files. Nothing of it is there on every system: what cannot be read is empty. */
import { readdirSync, readFileSync, statSync } from 'node:fs';

// Taken before any workload is loaded, which may replace them.
const read = readFileSync;
const list = readdirSync;
const look = statSync;

export function textOf(path: string): string {
  try {
    return read(path, 'latin1');
  } catch {
    return '';
  }
}

export function namesIn(path: string): readonly string[] {
  try {
    return list(path);
  } catch {
    return [];
  }
}

/** The user that a process runs as; undefined if it has ended. */
export function userOf(pid: number): number | undefined {
  return look(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

/** Of `/proc/PID/stat` what follows the name, which is in parentheses and can hold anything: state, parent, group and so on. */
export function statOf(pid: number | string): readonly string[] {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
