/**
 * Outlives the process that measures, for a moment: when that is gone, however it ended, the guard kills the processes that
 * it had started, with their groups, and removes what it had on disk. A process in a loop without end cannot notice that its
 * parent is gone, and a watch of its own would be measured; this one waits for its standard input to end and does nothing else.
 */
import { createInterface } from 'node:readline';
import { killTree } from './kill-tree.ts';
import { killAllMarked, removeFolder } from './left-behind.ts';

/** One line of JSON each. */
export type GuardMessage =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ended'; readonly pid: number }
  /** A run has begun, or has cleared up after itself. */
  | { readonly kind: 'opened'; readonly run: string; readonly folder: string }
  | { readonly kind: 'closed'; readonly run: string };

const pids = new Set<number>();
const folders = new Map<string, string>();

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = messageIn(line);
  if (message !== undefined) take(message);
});
lines.on('close', () => {
  for (const pid of pids) killTree(pid);
  for (const [run, folder] of folders) {
    killAllMarked(run);
    removeFolder(folder);
  }
});
// Whatever ends the process that measures must not end the guard with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** One that its writer did not live to finish is none: what was told before it counts all the same. */
function messageIn(line: string): GuardMessage | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    // What was cut can be JSON all the same.
    return isMessage(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(parsed: unknown): parsed is GuardMessage {
  if (typeof parsed !== 'object' || parsed === null) return false;
  const { kind, pid, run, folder }: Partial<Record<string, unknown>> = { ...parsed };
  switch (kind) {
    case 'started':
    case 'ended':
      return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
    case 'opened':
      return typeof run === 'string' && typeof folder === 'string';
    case 'closed':
      return typeof run === 'string';
    default:
      return false;
  }
}

function take(message: GuardMessage): void {
  switch (message.kind) {
    case 'started':
      return void pids.add(message.pid);
    case 'ended':
      return void pids.delete(message.pid);
    case 'opened':
      return void folders.set(message.run, message.folder);
    case 'closed':
      return void folders.delete(message.run);
    default:
      return message satisfies never;
  }
}
