import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textOf } from '../../workers/system-files.ts';
import { LanewiseError } from '../model/errors.ts';

/** Version of this package, from its package.json. */
export function readVersion(): string {
  return readManifest().version;
}

/** Path of this package's docs/errors.md, from the working folder where that is shorter. */
export function errorsPage(): string {
  const path = fileURLToPath(new URL('../../../docs/errors.md', import.meta.url));
  try {
    const shown = relative('', path);
    return shown.length < path.length ? shown : path;
  } catch {
    // The working folder was deleted.
    return path;
  }
}

/** Version of the measured Piscina: the package depends on exactly one. */
export function readPiscinaVersion(): string {
  return readManifest().dependencies.piscina;
}

interface Manifest {
  readonly version: string;
  readonly dependencies: { readonly piscina: string };
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as Manifest;
}

/** Small enough to type. */
const LARGEST_SEED = 2 ** 31;

/** Random seed, for a run without --seed. */
export function randomSeed(): number {
  return randomInt(LARGEST_SEED);
}

/** A start: the date for people, and a monotonic duration, since the system's clock may be changed. */
export interface Beginning {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly elapsedMs: () => number;
}

/** Starts measuring a duration. */
export function begin(): Beginning {
  const beganMs = performance.now();
  return { at: new Date().toISOString(), elapsedMs: () => Math.round(performance.now() - beganMs) };
}

/** Address of a server for queues, with its password. An empty text is none. */
export function queueUrlHere(): string | undefined {
  return process.env.LANEWISE_QUEUE_URL || undefined;
}

/** Where the user has given such an address, as errors name it. @param option the one that is an alternative */
export function sourceOfUrl<Option extends string>(url: string, option: Option): Option | 'LANEWISE_QUEUE_URL' {
  return url === queueUrlHere() ? 'LANEWISE_QUEUE_URL' : option;
}

/** True if verdicts are wanted although other programs take the CPUs: where they always do, none would ever be given. */
export function allowsBusy(): boolean {
  return process.env.LANEWISE_ALLOW_BUSY === '1';
}

/** The current working folder. @throws LanewiseError if it has been deleted or cannot be read */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new LanewiseError('usage', 'The working folder no longer exists or cannot be read: change to another one.', {
      cause,
    });
  }
}

/**
 * Limit of open files for a process, which Node has raised as far as allowed; undefined where the system does not
 * report it.
 */
export function openFilesLimit(): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(textOf('/proc/self/limits'))?.[1];
  return limit === undefined ? undefined : Number(limit);
}
