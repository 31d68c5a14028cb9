import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkloadRef } from '../../workers/contract.ts';
import { childEnvironment, childFlags } from '../system/inherited.ts';

/** What a pool runs, and with how many processes. */
export interface ProcessPoolOptions {
  /** The worker file: an absolute path or a `file:` URL, for example `new URL('./worker.js', import.meta.url)`. */
  readonly filename: string | URL;
  /** Which of its exports is the task function. Default: the default export. */
  readonly name?: string;
  /** Child processes, all started at once. Default: `os.availableParallelism()`. */
  readonly processes?: number;
  /** Tasks at once in each process. Default: 1. */
  readonly concurrency?: number;
  /** What the worker file finds as `workerData` of `node:worker_threads`. Anything that structured clone carries. */
  readonly workerData?: unknown;
  /** The whole environment of the processes. Default: that of this process, without what debuggers have put there. */
  readonly env?: NodeJS.ProcessEnv;
  /** Node’s flags of the processes. Default: those of this process without `--inspect` and what belongs to its own script. */
  readonly execArgv?: readonly string[];
  /** A process that has not loaded the worker file within this time is killed, and counts as one that cannot be started. Default: 30,000. */
  readonly startTimeoutMs?: number;
}

/** Options that have been checked. */
export interface PoolSettings extends Required<Omit<ProcessPoolOptions, 'filename' | 'name' | 'workerData'>> {
  readonly ref: WorkloadRef;
}

/** Node fires a timer that is set for longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** More processes than this on one machine is a slip of the pen. */
const MOST_PROCESSES = 1024;

/** @throws TypeError or RangeError for an option that cannot be used: what it is, and what would do */
export function checkOptions(options: ProcessPoolOptions): PoolSettings {
  const { filename, name, workerData, env = childEnvironment(), execArgv = childFlags() } = options;
  if (name !== undefined && typeof name !== 'string')
    throw new TypeError('`name` must be a string: the name of an export of the worker file.');
  return {
    ref: {
      url: urlOf(filename),
      ...(name !== undefined && name !== 'default' && { exportName: name }),
      ...(workerData !== undefined && { workerData }),
    },
    processes: whole('processes', options.processes ?? availableParallelism(), MOST_PROCESSES),
    concurrency: whole('concurrency', options.concurrency ?? 1, Number.MAX_SAFE_INTEGER),
    env,
    execArgv,
    startTimeoutMs: whole('startTimeoutMs', options.startTimeoutMs ?? 30_000, LONGEST_TIMER_MS),
  };
}

function urlOf(filename: unknown): string {
  if (filename instanceof URL && filename.protocol === 'file:') return filename.href;
  if (typeof filename === 'string' && filename.startsWith('file:')) return new URL(filename).href;
  if (typeof filename === 'string' && isAbsolute(filename)) return pathToFileURL(filename).href;
  throw new TypeError(
    "`filename` must be an absolute path or a file URL: new URL('./worker.js', import.meta.url), in CommonJS require.resolve('./worker.js').",
  );
}

function whole(option: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new RangeError(`\`${option}\` must be a whole number from 1 to ${most}, and is ${String(value)}.`);
}
