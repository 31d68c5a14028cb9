import { mkdtemp, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Services } from '../../workers/contract.ts';
import { killAllMarked, killMarked, MARK, removeFolder } from '../../workers/left-behind.ts';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { LanewiseError } from '../model/errors.ts';
import { tellGuard } from '../system/guard.ts';
import { openServices } from './worker-process.ts';

/** A temporary folder that is cleared up whatever becomes of this process. */
export interface Scratch {
  readonly folder: string;
  /** Its name, which no other run has. */
  readonly run: string;
  readonly close: () => void;
}

/**
 * @param beforeRemoval ends what still uses the folder
 * @throws LanewiseError if there can be none
 */
export async function openScratch(prefix: string, beforeRemoval: (run: string) => void): Promise<Scratch> {
  const folder = await makeFolder(prefix);
  const run = basename(folder);
  const clearUp = (): void => {
    beforeRemoval(run);
    removeFolder(folder);
  };
  process.on('exit', clearUp);
  tellGuard({ kind: 'opened', run, folder });
  return {
    folder,
    run,
    close: () => {
      process.off('exit', clearUp);
      clearUp();
      tellGuard({ kind: 'closed', run });
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

/** What all hosts of a run share: services, a temporary folder, and the mark by which whatever they start is found. */
export interface HostEnvironment {
  readonly services: Services;
  readonly env: Readonly<Record<string, string>>;
  /** Kills whatever carries the mark and is still there. @returns the process groups of what was killed */
  readonly killMarked: () => readonly number[];
  /** Ends the services, kills whatever carries the mark, and removes the folder. */
  readonly close: () => Promise<void>;
}

/** @throws LanewiseError if there can be no temporary folder, or a service does not start */
export async function openHostEnvironment(serviceNames: readonly string[]): Promise<HostEnvironment> {
  const { folder, run, close } = await openScratch('lanewise-', killAllMarked);
  try {
    const { services, close: endServices } = await openServices(new Set(serviceNames));
    return {
      services,
      env: { [MARK]: run, TMPDIR: folder, TMP: folder, TEMP: folder },
      killMarked: () => killMarked(run),
      close: () => endServices().finally(close),
    };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** Counts the processes that a workload started and that outlived their hosts, and ends them: they would disturb what follows. */
export class LeftBehind {
  readonly #killAll: () => readonly number[];
  readonly #isOurs: (group: number) => boolean;
  #count: number;

  /** `killAll` answers the process groups of what it has killed; one of ours was killed with its host, and may take a moment to end. */
  constructor(killAll: () => readonly number[], isOurs: (group: number) => boolean, before = 0) {
    this.#killAll = killAll;
    this.#isOurs = isOurs;
    this.#count = before;
  }

  get count(): number {
    return this.#count;
  }

  /** Called when no host is alive. */
  sweep(): void {
    this.#count += this.#killAll().filter((group) => group > 0 && !this.#isOurs(group)).length;
  }
}
