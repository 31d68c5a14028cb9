import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { platformOf } from '../../workers/platform.ts';
import { LanewiseError } from '../model/errors.ts';
import { codeOf } from '../system/foreign-file.ts';
import { holderText, listen, meet, type Holder, type Listening } from './lock-socket.ts';

export interface Lock {
  /** Whether another Lanewise was measuring when this run began. */
  readonly isShared: boolean;
  readonly release: () => void;
}

export interface LockOptions {
  /** If another Lanewise is measuring: throw, wait for its end, or measure anyway. */
  readonly mode: 'refuse' | 'wait' | 'ignore';
  /** Longest wait; undefined: no limit. */
  readonly waitMs?: number | undefined;
  /** Ends the wait when aborted. */
  readonly signal?: AbortSignal;
  /** Called once, when the wait begins. */
  readonly onWait?: (holder: Holder | undefined) => void;
  /** Asked for from code: the remedies are those of code. */
  readonly isCode?: boolean;
  /** Called if no lock is possible here. */
  readonly note?: (text: string) => void;
}

/**
 * Takes the user's lock on this machine (one for each temporary folder): two runs at once would disturb each other, also
 * those of one process. Other users cannot reach it. A second, public name shows whether another user is measuring: since
 * anybody can take it, it leads to a wait or a warning only.
 *
 * @throws LanewiseError if another run has it and the mode is `refuse`, or it was not released in time
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const untilMs = performance.now() + (options.waitMs ?? Infinity);
  const own = await acquire(ownAddress, options, untilMs);
  if (own === undefined) {
    if (options.mode !== 'ignore')
      options.note?.('No lock is possible here, so another Lanewise that starts meanwhile will not notice this one.');
    return { isShared: false, release: () => undefined };
  }
  if ('close' in own) return heldBy(own, acquire(publicAddress, options, untilMs));
  if (options.mode === 'ignore') return { isShared: true, release: () => undefined };
  throw new LanewiseError('usage', refusalOf(own.holder, options));
}

function refusalOf(holder: Holder | undefined, { mode, isCode }: LockOptions): string {
  if (holder?.pid === process.pid)
    return "Another measurement of this program is running, and the two would disturb each other. Await it first, or give lock: 'wait'.";
  const who = holder === undefined ? '' : holderText(holder);
  const beside = isCode === true ? "lock: 'ignore' measures beside it" : '--no-lock to measure beside it';
  if (mode === 'wait') return `Another Lanewise${who} is still measuring. Give a longer --wait, or ${beside}.`;
  const found = `Another Lanewise is measuring on this machine${who}, and the two would disturb each other.`;
  return isCode === true ? `${found} Give lock: 'wait'; ${beside}.` : `${found} Give --wait, or ${beside}.`;
}

/** @param othersTaken whether another user measures too */
async function heldBy(own: Listening, othersTaken: Promise<Listening | Busy | undefined>): Promise<Lock> {
  const release = (): void => {
    own.close();
    void othersTaken.then(closeThese, () => undefined);
  };
  try {
    const others = await othersTaken;
    return { isShared: others !== undefined && !('close' in others), release };
  } catch (thrown) {
    release();
    throw thrown;
  }
}

function closeThese(others: Listening | Busy | undefined): void {
  if (others !== undefined && 'close' in others) others.close();
}

interface Busy {
  readonly holder: Holder | undefined;
}

/**
 * Listens at an address as soon as nobody else does.
 *
 * @returns the holder if the wait is over; undefined if no lock is possible
 */
async function acquire(
  addressOf: () => string | undefined,
  { mode, signal, onWait }: LockOptions,
  untilMs: number,
): Promise<Listening | Busy | undefined> {
  let hasWaited = false;
  for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
    const address = addressOf();
    if (address === undefined) return undefined;
    const listening = await listenAt(address, addressOf === publicAddress ? MOST_VISITS : Infinity);
    if (listening === 'impossible') return undefined;
    if (listening !== undefined) return listening;
    const other = await meet(address);
    if (other === undefined) {
      if (isFile(address)) await removeStale(address, attempts === MOST_ATTEMPTS - 2);
      continue;
    }
    const remainingMs = untilMs - performance.now();
    if (mode !== 'wait' || remainingMs <= 0) {
      other.hangUp();
      return other;
    }
    if (!hasWaited) onWait?.(other.holder);
    hasWaited = true;
    await endOf(other.ended, remainingMs, signal).finally(other.hangUp);
    attempts = 0;
  }
  return undefined;
}

/** After finding a free address, another process may be the first to listen there. */
const MOST_ATTEMPTS = 20;
/** Limit for the public name, which any program can visit. */
const MOST_VISITS = 1000;

async function listenAt(address: string, mostVisits: number): Promise<Listening | undefined | 'impossible'> {
  try {
    return await listen(address, mostVisits);
  } catch (thrown) {
    // Its folder was removed a moment ago by the last process that needed it.
    if (codeOf(thrown) === 'ENOENT') return undefined;
    // A run can be measured without a lock.
    if (codeOf(thrown) !== '') return 'impossible';
    throw thrown;
  }
}

/** Pause before connecting again to a holder that hangs up without having ended. */
const SHORTEST_WAIT_MS = 200;
/** A timer set for longer fires at once in Node. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws LanewiseError if it is aborted meanwhile */
async function endOf(ended: Promise<unknown>, remainingMs: number, signal: AbortSignal | undefined): Promise<void> {
  const waiting = new AbortController();
  const either = AbortSignal.any([waiting.signal, ...(signal === undefined ? [] : [signal])]);
  const asleep = (ms: number): Promise<unknown> =>
    sleep(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal: either }).catch(() => undefined);
  await Promise.all([asleep(SHORTEST_WAIT_MS), Promise.race([ended, asleep(remainingMs)])]);
  waiting.abort();
  if (signal?.aborted === true) throw new LanewiseError('interrupted', 'Interrupted before anything was measured.');
}

/** Derived from the temporary folder, so that sandboxes with a separate one have separate locks. */
const NAME = `lanewise-${createHash('sha256').update(temporaryFolder).digest('hex').slice(0, 16)}`;
/** A little under the system's limit for the path of a socket. */
const LONGEST_PATH = 100;

/** Address where only the user can listen. On Windows it is a pipe's name, which anybody can take. */
function ownAddress(): string | undefined {
  if (!platformOf().hasSocketFiles) return `\\\\.\\pipe\\${NAME}-${userInfo().username}`;
  const uid = process.getuid?.();
  const given = [process.env.XDG_RUNTIME_DIR, `/run/user/${uid}`].find((path) => path && isOwnFolder(path, uid));
  if (given !== undefined) return join(given, `${NAME}.lock`);
  return [temporaryFolder, '/tmp']
    .map((folder) => join(folder, `lanewise-lock-${uid}`))
    .filter((folder) => join(folder, `${NAME}.lock`).length <= LONGEST_PATH)
    .filter((folder) => makeOwnFolder(folder, uid))
    .map((folder) => join(folder, `${NAME}.lock`))[0];
}

/**
 * Address that all users share: an abstract socket of Linux. Undefined elsewhere, where each user has a separate
 * temporary folder.
 */
function publicAddress(): string | undefined {
  return platformOf().isLinux ? `\0${NAME}` : undefined;
}

/** Whether only the user can write to a folder. */
function isOwnFolder(path: string, uid: number | undefined): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

function makeOwnFolder(path: string, uid: number | undefined): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // It exists or cannot be created: checked next.
  }
  return isOwnFolder(path, uid);
}

function isFile(address: string): boolean {
  return isAbsolute(address) && !address.startsWith('\\\\.\\pipe');
}

/**
 * Removes the socket of a killed process. Only one process at a time may do so: the second could otherwise remove the
 * new socket of the first.
 *
 * @param isLate the process that began to remove it must have been killed, since it would have ended by now
 */
async function removeStale(address: string, isLate: boolean): Promise<void> {
  const looking = `${address}.stale`;
  try {
    mkdirSync(looking);
  } catch {
    await sleep(ANOTHER_LOOKS_MS);
    if (isLate) rmSync(looking, { force: true, recursive: true });
    return;
  }
  try {
    const stamp = stampOf(address);
    if (await isHeld(address)) return;
    // A new socket refuses connections between binding and listening, which a busy machine can stretch.
    await sleep(ANOTHER_LOOKS_MS);
    if (!(await isHeld(address)) && stampOf(address) === stamp) rmSync(address, { force: true });
  } finally {
    // Another process that took this one for dead may have removed it.
    rmSync(looking, { force: true, recursive: true });
  }
}

async function isHeld(address: string): Promise<boolean> {
  const other = await meet(address);
  other?.hangUp();
  return other !== undefined;
}

/** Identifies a file, even if its inode is reused; undefined if there is none. */
function stampOf(path: string): string | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino} ${found.mtimeNs}`;
}

/** Time for another process to finish the removal. */
const ANOTHER_LOOKS_MS = 100;
