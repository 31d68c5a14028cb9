import { createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, readlinkSync, realpathSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { statOf, textOf } from '../../workers/system-files.ts';
import { LanewiseError } from '../model/errors.ts';
import { codeOf } from '../system/foreign-file.ts';
import { cannotWrite, PRIVATE, startOfFile } from './folder-files.ts';
import { holderIn, holderText, type Holder } from './lock-socket.ts';

const LOCK_FILE = 'lanewise.lock';

/**
 * Where a process runs, so that its pid is not looked up on another machine. Null where the system does not report it.
 */
interface Place {
  /** Hashed: the name of the machine stays private. */
  readonly machine: string;
  readonly boot: string | null;
  readonly namespace: string | null;
  /** Start time in clock ticks: its pid may have been reused. */
  readonly started: string | null;
}

/**
 * Locks a folder: two processes writing to it would overwrite each other's files. The lock is a file in the folder
 * itself, so it is found through any path, link, container or machine.
 *
 * @param made the uppermost folder that was made for this; what is left empty of them is removed
 * @returns a function that releases the lock
 * @throws LanewiseError if another process holds it, or may hold it
 */
export async function takeFolder(path: string, made?: string): Promise<() => void> {
  const file = join(realpathSync(path), LOCK_FILE);
  const claim = JSON.stringify({
    pid: process.pid,
    since: new Date().toISOString(),
    ...placeOf(process.pid),
    token: randomUUID(),
  });
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (create(file, claim)) {
      // Two processes may find the same claim stale, and the second may remove the new claim of the first.
      if (attempt > 0) await sleep(SETTLED_MS);
      if (textIn(file) === claim) return releasing(file, claim, made && realpathSync(made));
      continue;
    }
    const other = textIn(file);
    if (other === undefined) continue;
    const found = holderIn(other);
    // It may have been created a moment ago, and not be written yet.
    if (found === undefined) await sleep(SETTLED_MS);
    else if (!isGone(found)) throw taken(path, file, found);
    else if (textIn(file) === other) rmSync(file, { force: true });
  }
  throw new LanewiseError('usage', `${file} was not written by Lanewise, and is not overwritten: move it away.`);
}

const MOST_ATTEMPTS = 5;
/** Longer than removing a claim after finding it stale, or writing one after creating it. */
const SETTLED_MS = 100;

/** Creates the claim. @returns false if there is one already */
function create(file: string, claim: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', PRIVATE);
    try {
      writeSync(descriptor, claim);
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cannotWrite(file, cause);
  }
}

/** Text of a claim; undefined if there is none, empty unless it is a regular file. */
function textIn(file: string): string | undefined {
  try {
    return startOfFile(file);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT') return undefined;
    // It is a link.
    if (code === 'ELOOP') return '';
    throw cannotWrite(file, cause);
  }
}

/** Releases the lock, at the latest when this process exits. */
function releasing(file: string, claim: string, made: string | undefined): () => void {
  const release = (): void => {
    process.off('exit', release);
    try {
      if (textIn(file) === claim) rmSync(file, { force: true });
      if (made !== undefined) removeEmpty(dirname(file), made);
    } catch {
      // The folder is no longer writable, or has files.
    }
  };
  process.on('exit', release);
  return release;
}

/** Removes a folder and those around it, up to the last one. @throws at one that is not empty */
function removeEmpty(path: string, last: string): void {
  rmdirSync(path);
  if (path !== last) removeEmpty(dirname(path), last);
}

type Claim = Holder & Readonly<Record<string, unknown>>;

/** Whether the holder has certainly ended; a process that cannot be checked from here counts as running. */
function isGone({ pid, machine, boot, namespace, started }: Claim): boolean {
  const here = placeOf(pid);
  if (machine !== here.machine) return false;
  if (boot !== here.boot) return true;
  return namespace === here.namespace && !(isAlive(pid) && started === here.started);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie has ended, but its pid still exists.
    return statOf(pid)[0] !== 'Z';
  } catch (thrown) {
    // The process exists, but belongs to another user.
    return codeOf(thrown) === 'EPERM';
  }
}

function placeOf(pid: number): Place {
  return {
    machine: createHash('sha256').update(hostname()).digest('hex').slice(0, 16),
    boot: textOf('/proc/sys/kernel/random/boot_id').trim() || null,
    namespace: linkOf('/proc/self/ns/pid'),
    // "starttime" of proc_pid_stat(5), counted from the state.
    started: statOf(pid)[19] ?? null,
  };
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function taken(path: string, file: string, claim: Claim): LanewiseError {
  const { machine, namespace } = placeOf(claim.pid);
  const isHere = claim.machine === machine && claim.namespace === namespace;
  return new LanewiseError(
    'usage',
    isHere
      ? `Another Lanewise is writing to ${path}${holderText(claim)}: give another folder with --out.`
      : `Another Lanewise is writing to ${path} from another machine or container${holderText(claim)}. Give another folder with --out, or remove ${file} if it has ended.`,
  );
}
