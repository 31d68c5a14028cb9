import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuardMessage } from '../../workers/guard.ts';
import { temporaryFolder } from '../../workers/own-folders.ts';

const GUARD_FILE = fileURLToPath(new URL('../../workers/guard.js', import.meta.url));
/** Between two hosts a run has no process to guard for a moment; the guard is not restarted for that. */
const IDLE_MS = 2000;

let guard: ChildProcess | undefined;
let idling: NodeJS.Timeout | undefined;
/** Processes and runs that the guard must clean up if this process is killed. */
const held = new Map<number | string, GuardMessage>();

/** Sends a message to the guard, which starts with the first process to guard and ends soon after the last. */
export function notifyGuard(message: GuardMessage): void {
  clearTimeout(idling);
  const key = 'pid' in message ? message.pid : message.run;
  if (message.kind === 'started' || message.kind === 'opened') held.set(key, message);
  else held.delete(key);
  if (guard === undefined) {
    guard = startGuard();
    for (const other of held.values()) send(other);
  } else send(message);
  if (held.size > 0) return;
  idling = setTimeout(() => {
    guard?.stdin?.end();
    guard = undefined;
  }, IDLE_MS);
  idling.unref();
}

function send(message: GuardMessage): void {
  guard?.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startGuard(): ChildProcess {
  const started = spawn(process.execPath, [GUARD_FILE], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A separate session: signals from a terminal to the group of this process must not reach it.
    detached: true,
    windowsHide: true,
    // It must not block the removal of a folder in use, nor be slowed down by inherited NODE_OPTIONS.
    cwd: existsSync(temporaryFolder) ? temporaryFolder : dirname(GUARD_FILE),
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  // A run works without a guard; only killing this process would leave something behind.
  started.on('error', () => undefined);
  // A killed guard is replaced with the next message.
  started.on('exit', () => {
    if (guard === started) guard = undefined;
  });
  started.stdin.on('error', () => undefined);
  started.unref();
  if ('unref' in started.stdin && typeof started.stdin.unref === 'function') started.stdin.unref();
  return started;
}
