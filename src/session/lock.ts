import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { LanewiseError } from '../model/errors.ts';
import { codeOf } from '../system/foreign-file.ts';
import { holderText, listen, meet, type Holder, type Listening } from './lock-socket.ts';

export interface Lock {
  /** Another one was measuring when this run began, and it began all the same. */
  readonly isShared: boolean;
  readonly release: () => void;
}

export interface LockOptions {
  /** While another one measures: refuse to disturb it, wait for its end, or measure all the same. */
  readonly mode: 'refuse' | 'wait' | 'ignore';
  /** How long is waited at most; undefined: for ever. */
  readonly waitMs?: number | undefined;
  /** Aborted when no more is to be waited. */
  readonly signal?: AbortSignal;
  /** Told once what is waited for. */
  readonly onWait?: (holder: Holder | undefined) => void;
  /** Told why there can be no lock here. */
  readonly note?: (text: string) => void;
}

interface Held {
  readonly own: Listening;
  /** Whether another user measures too. */
  readonly others: Promise<Listening | Busy | undefined>;
  users: number;
}

/** Runs of one process, as in `doctor`, share its lock. */
let held: Held | undefined;

/**
 * Takes the lock of the user on this machine, or rather in its temporary folder: two that measure at once would disturb each other. Other users
 * cannot reach it. Whether one of them measures is asked at a name that everybody can take: it is believed as far as to wait and to warn.
 *
 * @throws LanewiseError if another process has it and the mode is `refuse`, or it was not given back in time
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const untilMs = performance.now() + (options.waitMs ?? Infinity);
  const own = held ?? (await acquire(ownAddress, options, untilMs));
  if (own === undefined) {
    options.note?.('No lock can be taken here, so another Lanewise that starts meanwhile will not notice this one.');
    return { isShared: false, release: () => undefined };
  }
  if ('close' in own) held = { own, others: acquire(publicAddress, options, untilMs), users: 0 };
  // Also where another part of this process has taken it meanwhile.
  if (held !== undefined) return share(held);
  if (options.mode === 'ignore') return { isShared: true, release: () => undefined };
  const who = 'holder' in own ? holderText(own.holder) : '';
  throw new LanewiseError(
    'usage',
    options.mode === 'wait'
      ? `Another Lanewise${who} is still measuring. Give a longer --wait, or --no-lock to measure beside it.`
      : `Another Lanewise is measuring on this machine${who}, and the two would disturb each other. Give --wait, or --no-lock to measure beside it.`,
  );
}

async function share(lock: Held): Promise<Lock> {
  lock.users += 1;
  let isReleased = false;
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    lock.users -= 1;
    if (lock.users > 0) return;
    held = undefined;
    lock.own.close();
    void lock.others.then(closeThese, () => undefined);
  };
  try {
    const others = await lock.others;
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

/** Listens there as soon as nobody else does, or answers who else does: at once, or when it is waited no longer. Undefined where nobody can. */
async function acquire(
  addressOf: () => string | undefined,
  { mode, signal, onWait }: LockOptions,
  untilMs: number,
): Promise<Listening | Busy | undefined> {
  let hasWaited = false;
  for (let vain = 0; vain < MOST_ATTEMPTS; vain++) {
    const address = addressOf();
    if (address === undefined) return undefined;
    const listening = await listenAt(address, addressOf === publicAddress ? MOST_VISITS : Infinity);
    if (listening === 'impossible') return undefined;
    if (listening !== undefined) return listening;
    const other = await meet(address);
    if (other === undefined) {
      if (isFile(address)) await removeStale(address, vain === MOST_ATTEMPTS - 2);
      continue;
    }
    const leftMs = untilMs - performance.now();
    if (mode !== 'wait' || leftMs <= 0) {
      other.hangUp();
      return other;
    }
    if (!hasWaited) onWait?.(other.holder);
    hasWaited = true;
    await endOf(other.ended, leftMs, signal).finally(other.hangUp);
    vain = 0;
  }
  return undefined;
}

/** Between finding that nobody listens and listening, another process may have begun to. */
const MOST_ATTEMPTS = 20;
/** At the name that is everybody's. */
const MOST_VISITS = 1000;

async function listenAt(address: string, mostVisits: number): Promise<Listening | undefined | 'impossible'> {
  try {
    return await listen(address, mostVisits);
  } catch (thrown) {
    // Its folder was removed a moment ago, by the last who needed it.
    if (codeOf(thrown) === 'ENOENT') return undefined;
    // Where there can be no lock, a run can be measured too.
    if (codeOf(thrown) !== '') return 'impossible';
    throw thrown;
  }
}

/** Whoever hangs up at once, without having ended, is not asked again and again. */
const SHORTEST_WAIT_MS = 200;
/** Node fires a timer that is set for longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws LanewiseError if it is aborted meanwhile */
async function endOf(ended: Promise<unknown>, leftMs: number, signal: AbortSignal | undefined): Promise<void> {
  const waiting = new AbortController();
  const either = AbortSignal.any([waiting.signal, ...(signal === undefined ? [] : [signal])]);
  const asleep = (ms: number): Promise<unknown> =>
    sleep(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal: either }).catch(() => undefined);
  await Promise.all([asleep(SHORTEST_WAIT_MS), Promise.race([ended, asleep(leftMs)])]);
  waiting.abort();
  if (signal?.aborted === true) throw new LanewiseError('interrupted', 'Interrupted before anything was measured.');
}

/** Of the temporary folder: whoever is given another one has a lock of its own. */
const NAME = `lanewise-${createHash('sha256').update(temporaryFolder).digest('hex').slice(0, 16)}`;
/** The system's limit for the path of a socket, less some. */
const LONGEST_PATH = 100;

/** Where nobody but the user can listen. Windows has names that are no files, and of which anybody can take any. */
function ownAddress(): string | undefined {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${NAME}-${userInfo().username}`;
  const uid = process.getuid?.();
  const given = [process.env.XDG_RUNTIME_DIR, `/run/user/${uid}`].find((path) => path && isOwnFolder(path, uid));
  if (given !== undefined) return join(given, `${NAME}.lock`);
  return [temporaryFolder, '/tmp']
    .map((folder) => join(folder, `lanewise-lock-${uid}`))
    .filter((folder) => join(folder, `${NAME}.lock`).length <= LONGEST_PATH)
    .filter((folder) => makeOwnFolder(folder, uid))
    .map((folder) => join(folder, `${NAME}.lock`))[0];
}

/** That of whoever measures on this machine: Linux has names that are no files. Elsewhere the temporary folder is the user's own already. */
function publicAddress(): string | undefined {
  return process.platform === 'linux' ? `\0${NAME}` : undefined;
}

/** Nobody else can put anything there. */
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
    // It is there, or cannot be made: that is seen next.
  }
  return isOwnFolder(path, uid);
}

function isFile(address: string): boolean {
  return isAbsolute(address) && !address.startsWith('\\\\.\\pipe');
}

/**
 * Removes the socket that a killed process has left. One process at a time looks whether it is one: the second to find that would otherwise remove the
 * new socket of the first.
 *
 * @param isLate who began to look has been killed meanwhile, or would have ended
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
    const other = await meet(address);
    if (other === undefined) rmSync(address, { force: true });
    other?.hangUp();
  } finally {
    rmdirSync(looking);
  }
}

/** It takes a moment. */
const ANOTHER_LOOKS_MS = 100;
