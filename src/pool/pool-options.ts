import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import type { WorkloadRef } from '../../workers/contract.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { childEnvironment, childFlags } from '../system/inherited.ts';

/** The worker file of a pool, and its processes. */
export interface ProcessPoolOptions {
  /** The worker file: an absolute path or a `file:` URL, for example `new URL('./worker.js', import.meta.url)`. */
  readonly filename: string | URL;
  /** Name of the export that is the task function. Default: the default export. */
  readonly name?: string | undefined;
  /** Child processes, all started at once. Default: `os.availableParallelism()`. */
  readonly processes?: number | undefined;
  /** Tasks at once in each process. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Becomes `workerData` of `node:worker_threads` in the worker file. Any value that structured clone supports. */
  readonly workerData?: unknown;
  /** The complete environment of the processes. Default: that of this process, without the variables of debuggers. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Node flags of the processes. Default: those of this process, without `--inspect` and flags for its own script. */
  readonly execArgv?: readonly string[] | undefined;
  /**
   * Time limit for a process to load the worker file; then it is killed and counts as a failed start. Default: 30,000.
   */
  readonly startTimeoutMs?: number | undefined;
}

/** Options that have been checked. */
export interface PoolSettings {
  readonly ref: WorkloadRef;
  readonly processes: number;
  readonly concurrency: number;
  readonly env: NodeJS.ProcessEnv;
  readonly execArgv: readonly string[];
  readonly startTimeoutMs: number;
}

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** More processes than this are surely a typo. */
const MOST_PROCESSES = 1024;

const OPTIONS = [
  'filename',
  'name',
  'processes',
  'concurrency',
  'workerData',
  'env',
  'execArgv',
  'startTimeoutMs',
] as const satisfies readonly (keyof ProcessPoolOptions)[];
const OPTIONS_OF_TASK: readonly string[] = ['signal', 'name'];

/** @throws TypeError for an option of another pool, such as `maxThreads`, which would have no effect */
function checkNames(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined)
    throw new TypeError(
      `There is no option \`${unknown}\` here: use ${known.map((name) => `\`${name}\``).join(', ')}.`,
    );
}

/** @throws TypeError or RangeError for an invalid option: its value, and what was expected */
export function checkOptions(options: ProcessPoolOptions): PoolSettings {
  if (!isObject(options)) throw new TypeError('A pool takes an object of options with a `filename`.');
  const { filename, name, workerData, env = childEnvironment(), execArgv = childFlags() } = options;
  checkNames(options, OPTIONS);
  checkName(name);
  if (!Array.isArray(execArgv) || execArgv.some((flag) => typeof flag !== 'string'))
    throw new TypeError('`execArgv` must be a list of texts, one for each flag.');
  if (typeof env !== 'object' || env === null) throw new TypeError('`env` must be an object of texts.');
  checkCloneable(workerData);
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

/** @throws TypeError for what is no name of an export */
function checkName(name: unknown): void {
  if (name === undefined || (typeof name === 'string' && name !== '')) return;
  throw new TypeError('`name` must be a string: the name of an export of the worker file.');
}

/** Why a task cannot be run with these options. */
export function whyWrong(options: unknown): TypeError | undefined {
  if (!isObject(options)) return new TypeError('The options of a task must be an object.');
  const { signal, name } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    return new TypeError('`signal` must be an AbortSignal.');
  try {
    checkNames(options, OPTIONS_OF_TASK);
    checkName(name);
  } catch (thrown) {
    return thrown as TypeError;
  }
  return undefined;
}

/** The processes get it as they get an input. */
function checkCloneable(workerData: unknown): void {
  try {
    serialize(workerData);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`\`workerData\` cannot be sent to a process: ${why}`, { cause });
  }
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
  throw new RangeError(`\`${option}\` must be a whole number from 1 to ${most}, not ${String(value)}.`);
}
