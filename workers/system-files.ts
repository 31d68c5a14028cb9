/**
 * Reads files of the system, such as `/proc`, which not all systems have: an unreadable file counts as empty. On Windows
 * nothing is read: it would look for them on the current drive, where any user may have created them.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { platformOf } from './platform.ts';

// Taken before any workload is loaded, which may replace them.
const read = readFileSync;
const list = readdirSync;
const look = statSync;

export function hasSystemFiles(): boolean {
  return platformOf().hasSystemFiles;
}

export function textOf(path: string): string {
  if (!hasSystemFiles()) return '';
  try {
    return read(path, 'latin1');
  } catch {
    return '';
  }
}

export function namesIn(path: string): readonly string[] {
  if (!hasSystemFiles()) return [];
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

/** Fields of `/proc/PID/stat` after the name, which is in parentheses and may contain anything: state, parent, group. */
export function statOf(pid: number | string): readonly string[] {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
