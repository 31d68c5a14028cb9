import type { Services } from '../../workers/contract.ts';
import { killAllMarked, killMarked, MARK } from '../../workers/clear-up.ts';
import { CODE_VARIABLE } from '../../workers/frames.ts';
import { openScratch } from '../system/guard.ts';
import { isRunning, openServices } from './worker-process.ts';

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
      env: { [MARK]: run, [CODE_VARIABLE]: folder, TMPDIR: folder, TMP: folder, TEMP: folder },
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
