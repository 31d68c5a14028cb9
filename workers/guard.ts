/**
 * Outlives the measuring process for a moment: when that has ended, for any reason, the guard kills the processes that
 * it had started, with their groups, and removes its temporary folders. A process in an infinite loop cannot notice
 * that its parent has ended, and a watchdog inside it would be measured; this one only waits for its standard input to
 * end.
 */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { kill, killAllMarked, killTree, removeCgroup, removeFolder } from './clear-up.ts';

/** One line of JSON each. */
export type GuardMessage =
  | Started
  | { readonly kind: 'ended'; readonly pid: number }
  /** A run has begun, or has cleaned up after itself. */
  | { readonly kind: 'opened'; readonly run: string; readonly folder: string }
  | { readonly kind: 'closed'; readonly run: string }
  /** A cgroup has been made, or removed: to be removed when nothing is in it any more. */
  | { readonly kind: 'grouped'; readonly cgroup: string }
  | { readonly kind: 'ungrouped'; readonly cgroup: string }
  | Remaining;

/** The traces of a run elsewhere so far, as input of the script that removes them. */
interface Remaining {
  readonly kind: 'remaining';
  readonly run: string;
  readonly script: string;
  readonly cwd: string;
  /** Not on the command line, which others can read. */
  readonly input: string;
}

interface Started {
  readonly kind: 'started';
  readonly pid: number;
  /** It leads no group. */
  readonly isAlone?: true;
  /** A segment of System V, which outlives a process that is killed: removed with it. */
  readonly sharedMemory?: number | undefined;
}

const pids = new Map<number, Started>();
const folders = new Map<string, string>();
const cgroups = new Set<string>();
const remains = new Map<string, Remaining>();

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = messageIn(line);
  if (message !== undefined) take(message);
});
lines.on('close', () => {
  for (const [pid, { isAlone, sharedMemory }] of pids) {
    if (isAlone) kill(pid);
    else killTree(pid);
    if (sharedMemory !== undefined) execFile('ipcrm', ['-m', String(sharedMemory)], () => undefined);
  }
  for (const [run, folder] of folders) {
    killAllMarked(run);
    removeFolder(folder);
  }
  for (const folder of cgroups) removeCgroup(folder);
  // Last: what has been killed adds nothing to it any more.
  for (const { script, cwd, input } of remains.values()) {
    const remover = spawn(process.execPath, [script], { cwd, stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true });
    remover.on('error', () => undefined);
    remover.stdin.on('error', () => undefined);
    remover.stdin.end(input);
  }
});
// A signal that ends the measuring process must not end the guard with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** Undefined for a line that its writer did not live to finish. */
function messageIn(line: string): GuardMessage | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    // A truncated line can still be JSON.
    return isMessage(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(parsed: unknown): parsed is GuardMessage {
  if (typeof parsed !== 'object' || parsed === null) return false;
  const { kind, pid, run, folder, cgroup, script, cwd, input }: Partial<Record<string, unknown>> = { ...parsed };
  switch (kind) {
    case 'started':
    case 'ended':
      return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
    case 'opened':
      return typeof run === 'string' && typeof folder === 'string';
    case 'closed':
      return typeof run === 'string';
    case 'grouped':
    case 'ungrouped':
      return typeof cgroup === 'string';
    case 'remaining':
      return [run, script, cwd, input].every((text) => typeof text === 'string');
    default:
      return false;
  }
}

function take(message: GuardMessage): void {
  switch (message.kind) {
    case 'started':
      return void pids.set(message.pid, message);
    case 'ended':
      return void pids.delete(message.pid);
    case 'opened':
      return void folders.set(message.run, message.folder);
    case 'closed':
      folders.delete(message.run);
      return void remains.delete(message.run);
    case 'grouped':
      return void cgroups.add(message.cgroup);
    case 'ungrouped':
      return void cgroups.delete(message.cgroup);
    case 'remaining':
      return void remains.set(message.run, message);
    default:
      return message satisfies never;
  }
}
