import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { textOf } from '../../workers/system-files.ts';
import { LanewiseError } from '../model/errors.ts';

/** This package's version, as its package.json says. */
export function readVersion(): string {
  return readManifest().version;
}

/** That of the Piscina which is measured: the package depends on one version and no other. */
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

/** Small enough to be typed again. */
const LARGEST_SEED = 2 ** 31;

/** Where no seed is asked for. */
export function randomSeed(): number {
  return randomInt(LARGEST_SEED);
}

/** When something began: its date is for people, since clocks are set; how long ago that was is not told from it. */
export interface Beginning {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly elapsedMs: () => number;
}

/** Begins now. */
export function begin(): Beginning {
  const beganMs = performance.now();
  return { at: new Date().toISOString(), elapsedMs: () => Math.round(performance.now() - beganMs) };
}

/** The folder that relative paths are seen from, now. @throws LanewiseError if it has been deleted, or may not be asked for */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new LanewiseError('usage', 'The working folder no longer exists or cannot be read: change to another one.', {
      cause,
    });
  }
}

/** How many files a process may have open here; undefined where the system does not tell. Node has raised it as far as it may. */
export function openFilesLimit(): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(textOf('/proc/self/limits'))?.[1];
  return limit === undefined ? undefined : Number(limit);
}
