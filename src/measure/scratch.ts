import { mkdtemp, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Services } from '../../workers/contract.ts';
import { killAllMarked, killMarked, MARK, removeFolder } from '../../workers/orphans.ts';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { LanewiseError } from '../model/errors.ts';
import { notifyGuard } from '../system/guard.ts';
import { isRunning, openServices } from './worker-process.ts';

/** A temporary folder that is removed even if this process is killed. */
export interface Scratch {
  readonly folder: string;
  /** Its unique name. */
  readonly run: string;
  readonly close: () => void;
}

/**
 * @param beforeRemoval ends what still uses the folder
 * @throws LanewiseError if it cannot be created
 */
export async function openScratch(prefix: string, beforeRemoval: (run: string) => void): Promise<Scratch> {
  const folder = await makeFolder(prefix);
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

async function makeFolder(prefix: string): Promise<string> {
  try {
    return await mkdtemp(join(await realpath(temporaryFolder), prefix));
  } catch (cause) {
    throw new LanewiseError(
      'usage',
      'The temporary folder of this system cannot be written to: set TMPDIR (on Windows TEMP) to one that can.',
      { cause },
    );
  }
}

/**
 * The environment shared by all hosts of a run: services, a temporary folder, and a mark by which their processes are
 * found.
 */
export interface HostEnvironment {
  readonly services: Services;
  readonly env: Readonly<Record<string, string>>;
  /** Kills all processes with the mark whose host has ended. @returns their process groups */
  readonly killMarked: () => readonly number[];
  /** Ends the services, kills all processes with the mark, and removes the folder. */
  readonly close: () => Promise<void>;
}

/** @throws LanewiseError if the temporary folder cannot be created, or a service does not start */
export async function openHostEnvironment(serviceNames: readonly string[]): Promise<HostEnvironment> {
  const { folder, run, close } = await openScratch('lanewise-', killAllMarked);
  try {
    const { services, close: endServices } = await openServices(new Set(serviceNames));
    return {
      services,
      env: { [MARK]: run, TMPDIR: folder, TMP: folder, TEMP: folder },
      killMarked: () => killMarked(run, isRunning),
      close: () => endServices().finally(close),
    };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/**
 * Counts and kills processes that a workload started and that outlived their hosts, since they would disturb later
 * batches.
 */
export class LeftBehind {
  readonly #killAll: () => readonly number[];
  readonly #isOurs: (group: number) => boolean;
  #count: number;

  /**
   * `killAll` returns the process groups of what it killed; our own were killed with their host, and may take a moment
   * to end.
   */
  constructor(killAll: () => readonly number[], isOurs: (group: number) => boolean, before = 0) {
    this.#killAll = killAll;
    this.#isOurs = isOurs;
    this.#count = before;
  }

  get count(): number {
    return this.#count;
  }

  /** Called when hosts have ended. */
  sweep(): void {
    this.#count += this.#killAll().filter((group) => group > 0 && !this.#isOurs(group)).length;
  }
}
