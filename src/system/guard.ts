import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuardMessage } from '../../workers/guard.ts';
import { temporaryFolder } from '../../workers/own-folders.ts';

const GUARD_FILE = fileURLToPath(new URL('../../workers/guard.js', import.meta.url));
/** A run has moments in which no process of its own is alive; the guard is not started anew after each. */
const IDLE_MS = 2000;

let guard: ChildProcess | undefined;
let idling: NodeJS.Timeout | undefined;
/** Processes and runs that it would have to clear up after, as it was told of them. */
const held = new Map<number | string, GuardMessage>();

/** Tells the guard, which is started with the first thing that there is to guard and ends soon after the last. */
export function tellGuard(message: GuardMessage): void {
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
    // A session of its own: what a terminal sends to the group of this process must not reach it.
    detached: true,
    windowsHide: true,
    // It must not keep a folder of the user's from being removed, nor be slowed down by their options.
    cwd: existsSync(temporaryFolder) ? temporaryFolder : dirname(GUARD_FILE),
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  // Without a guard a run is measured all the same; only what kills this process leaves something behind.
  started.on('error', () => undefined);
  // One that was killed itself is replaced when there is something to tell.
  started.on('exit', () => {
    if (guard === started) guard = undefined;
  });
  started.stdin.on('error', () => undefined);
  started.unref();
  if ('unref' in started.stdin && typeof started.stdin.unref === 'function') started.stdin.unref();
  return started;
}
