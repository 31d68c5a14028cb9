import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuardMessage } from '../../workers/guard.ts';
import { MARK, removeFolder } from '../../workers/clear-up.ts';
import { temporaryFolder } from '../../workers/own-folders.ts';

const GUARD_FILE = fileURLToPath(new URL('../../workers/guard.js', import.meta.url));
/** Between two hosts a run has no process to guard for a moment; the guard is not restarted for that. */
const IDLE_MS = 2000;

let guard: ChildProcess | undefined;
let idling: NodeJS.Timeout | undefined;
/** Processes and runs that the guard must clean up if this process is killed. */
const held = new Map<number | string, GuardMessage>();

const ENDINGS: ReadonlySet<GuardMessage['kind']> = new Set(['ended', 'closed', 'ungrouped']);

/** Sends a message to the guard, which starts with the first process to guard and ends soon after the last. */
export function notifyGuard(message: GuardMessage): void {
  clearTimeout(idling);
  const key = 'pid' in message ? message.pid : 'run' in message ? message.run : message.cgroup;
  if (ENDINGS.has(message.kind)) held.delete(key);
  else held.set(key, message);
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
    // Nor be killed with what a host leaves behind, by the mark of its run: the guard is what cleans up after the host.
    env: { ...process.env, NODE_OPTIONS: '', [MARK]: '' },
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

/** A temporary folder that is removed even if this process is killed. */
export interface Scratch {
  readonly folder: string;
  /** Its unique name. */
  readonly run: string;
  readonly close: () => void;
}

/**
 * @param beforeRemoval ends what still uses the folder
 * @param parent the folder in which it is made
 * @throws LanewiseError if it cannot be created
 */
export async function openScratch(
  prefix: string,
  beforeRemoval: (run: string) => void,
  parent = temporaryFolder,
): Promise<Scratch> {
  const folder = await makeFolder(prefix, parent);
  const run = basename(folder);
  const clearUp = (): void => {
    beforeRemoval(run);
    removeFolder(folder);
  };
  process.on('exit', clearUp);
  notifyGuard({ kind: 'opened', run, folder });
  return {
    folder,
    run,
    close: () => {
      process.off('exit', clearUp);
      clearUp();
      notifyGuard({ kind: 'closed', run });
    },
  };
}

async function makeFolder(prefix: string, parent: string): Promise<string> {
  try {
    return await mkdtemp(join(await realpath(parent), prefix));
  } catch (cause) {
    // Loaded only then: the pool for programs imports this file, too.
    const { LanewiseError } = await import('../model/errors.ts');
    throw new LanewiseError(
      'usage',
      'The temporary folder of this system cannot be written to: set TMPDIR (on Windows TEMP) to one that can.',
      { cause },
    );
  }
}
