import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join, resolve as absolute } from 'node:path';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { LanewiseError } from '../model/errors.ts';

export interface Lock {
  /** Another one was measuring when this run began, and it began all the same. */
  readonly isShared: boolean;
  readonly release: () => void;
}

interface LockHolder {
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export type LockOptions =
  | { readonly mode: 'refuse' | 'ignore' }
  /** Told once what is waited for. */
  | { readonly mode: 'wait'; readonly onWait: (holder: LockHolder | undefined) => void };

interface Held {
  readonly server: Server;
  count: number;
}

/** Runs of one process follow each other, as in `doctor`: they share its lock. By address; one that is being taken is here too. */
const own = new Map<string, Promise<Held | undefined>>();

/**
 * Takes the lock of this machine, or rather of its temporary folder: two that measure at once would disturb each other. It is a
 * socket that this process listens on: however the process ends, the system takes it away, and who waits is told at once, since a
 * connection to it ends.
 *
 * @throws LanewiseError if another process holds it and the mode is `refuse`
 */
export function takeLock(options: LockOptions): Promise<Lock> {
  return take(
    temporaryFolder,
    options,
    (who) =>
      `Another Lanewise is measuring on this machine${who}, and the two would disturb each other: give --wait to begin when it has ended, or --no-lock to measure all the same.`,
  );
}

/** Takes a folder: two that write to one would lose what they have. @throws LanewiseError if another process has it */
export function takeFolder(path: string): Promise<Lock> {
  return take(
    absolute(path),
    { mode: 'refuse' },
    (who) => `Another Lanewise is writing to ${path}${who}: give another folder with --out.`,
  );
}

async function take(scope: string, options: LockOptions, sentence: (who: string) => string): Promise<Lock> {
  const address = addressOf(scope);
  let hasWaited = false;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (!own.has(address)) own.set(address, listen(address));
    const held = await own.get(address);
    if (held !== undefined) return share(address, held);
    own.delete(address);
    const other = await reach(address);
    // It has ended meanwhile.
    if (other === undefined) continue;
    if (options.mode === 'wait') {
      if (!hasWaited) options.onWait(other.holder);
      hasWaited = true;
      attempt = 0;
      await other.ended;
      continue;
    }
    other.hangUp();
    if (options.mode === 'ignore') return { isShared: true, release: () => undefined };
    const who = other.holder === undefined ? '' : ` (process ${other.holder.pid}, since ${other.holder.since})`;
    throw new LanewiseError('usage', sentence(who));
  }
  return UNLOCKED;
}

/** Where there can be no lock, as in a folder that may not be written to, a run is measured all the same. */
const UNLOCKED: Lock = { isShared: false, release: () => undefined };
/** Between finding that nobody listens and listening, another process may have begun to. */
const MOST_ATTEMPTS = 5;

function share(address: string, held: Held): Lock {
  held.count += 1;
  let isReleased = false;
  return {
    isShared: false,
    release: () => {
      if (isReleased) return;
      isReleased = true;
      held.count -= 1;
      if (held.count > 0) return;
      own.delete(address);
      held.server.close();
      for (const socket of waiting) socket.destroy();
    },
  };
}

/** Those who wait for this process. */
const waiting = new Set<Socket>();

/** Undefined if it cannot, since another process listens there. */
async function listen(address: string): Promise<Held | undefined> {
  const holder: LockHolder = { pid: process.pid, since: new Date().toISOString() };
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('close', () => waiting.delete(socket));
    socket.on('error', () => undefined);
    socket.unref();
    socket.write(`${JSON.stringify(holder)}\n`);
  });
  server.unref();
  try {
    server.listen(address);
    await once(server, 'listening');
    return { server, count: 0 };
  } catch (thrown) {
    // EADDRINUSE, most likely; without a lock, a run can be measured too.
    if (thrown instanceof Error && 'code' in thrown) return undefined;
    throw thrown;
  }
}

interface Other {
  readonly holder: LockHolder | undefined;
  readonly ended: Promise<void>;
  readonly hangUp: () => void;
}

/** A holder that is busy measuring answers in a moment; one that was stopped does not answer at all. */
const ANSWER_MS = 1000;

/** Undefined if nobody listens any more; then what is left of the socket is removed. */
async function reach(address: string): Promise<Other | undefined> {
  const socket = connect(address);
  // However the connection ends, its other end is gone.
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  socket.on('error', () => undefined);
  let text = '';
  const answered = new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (data: string) => {
      text += data;
      if (text.includes('\n')) resolve();
    });
    socket.on('close', () => resolve());
    setTimeout(resolve, ANSWER_MS).unref();
  });
  await answered;
  if (socket.closed) {
    removeStale(address);
    return undefined;
  }
  return {
    holder: parse(text),
    ended,
    hangUp: () => socket.destroy(),
  };
}

function removeStale(address: string): void {
  if (isAbstract) return;
  try {
    rmSync(address, { force: true });
  } catch {
    // It is another user's.
  }
}

/** Whoever listens there may be something else. */
function parse(text: string): LockHolder | undefined {
  try {
    const { pid, since } = JSON.parse(text) as Partial<LockHolder>;
    return typeof pid === 'number' && typeof since === 'string' && !Number.isNaN(Date.parse(since))
      ? { pid, since }
      : undefined;
  } catch {
    return undefined;
  }
}

const isAbstract = process.platform === 'linux';
/** The system's limit for the path of a socket, less some. */
const LONGEST_PATH = 100;

/** Linux has names that are no files, and are gone with their process; Windows has pipes. */
function addressOf(scope: string): string {
  const name = `lanewise-${createHash('sha256').update(scope).digest('hex').slice(0, 16)}`;
  if (isAbstract) return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const path = join(temporaryFolder, `${name}.lock`);
  return path.length <= LONGEST_PATH ? path : join('/tmp', `${name}.lock`);
}
