/** What can be asked of a comparison or a tuning in JavaScript: by the public API and by a configuration file. */
import { LanewiseError } from '../model/errors.ts';
import type { InFlight } from '../model/results.ts';
import type { BuiltInStrategy } from '../model/strategies.ts';
import { didYouMean } from '../model/nearest.ts';
import type { PresetName } from '../model/presets.ts';
import type { RunRequest } from './request.ts';

/** The path of a module: a slip in a name is still found by the compiler. */
type ModulePath = `.${string}` | `/${string}` | `file:${string}`;

/** One configuration as cell ids have it: `event-loop@1x8`, `worker-threads@4`. */
type Configuration = `${BuiltInStrategy}@${number}` | `${BuiltInStrategy}@${number}x${number | 'all'}`;

/** How work is measured; everything is optional, and what is left out is as with the flag of that name. */
export interface Settings {
  /** Names, globs of names, or paths of modules; none: the default suite. */
  readonly workloads?: readonly string[];
  /** Strategies, single configurations or paths of modules, in the order to be shown; one that is there twice is an A/A test. Default: all six strategies. */
  readonly strategies?: readonly (BuiltInStrategy | Configuration | ModulePath)[];
  /** Lanes of a pool: numbers, `'cores'`, `'2*cores'`, `'1..8'`. Default: 1 and the cores. */
  readonly poolSizes?: readonly (number | string)[];
  /** Tasks at once in each worker of a pool. Default: 1, and where tasks wait also all. The event loop runs all; a limited one is the configuration `event-loop@1x8`. */
  readonly inFlight?: readonly InFlight[];
  /** In a batch. Default: the workload’s own, doubled until a batch takes 20 ms. */
  readonly tasks?: number;
  /** Values of the workload’s params; a list measures each of its items. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Of every task of a workload that makes none. */
  readonly input?: unknown;
  /** One for each task instead; if there are more tasks, again from the first. */
  readonly inputs?: readonly unknown[];
  /** JSON: what the module finds as `workerData` of `node:worker_threads`. */
  readonly workerData?: unknown;
  /** The strategy or configuration that is 1.00x. Default: the event loop. */
  readonly baseline?: BuiltInStrategy | Configuration | ModulePath;
  /** How much evidence. Default: `'standard'`. */
  readonly preset?: PresetName;
  /** Fresh starts of every way: they decide how small a difference shows. Default: that of the preset. */
  readonly blocks?: number;
  /** Measured batches in a block. Default: that of the preset. */
  readonly rounds?: number;
  /** Smaller differences count as the same: a fraction. Default: 0.05. */
  readonly minEffect?: number;
  /** Stop early once all is decided. */
  readonly untilDecided?: boolean;
  /** Measure what plain processes can give with CPU work. Default: true. */
  readonly ceiling?: boolean;
  /** Pool sizes that are not measured: what a simulation makes of those that are. */
  readonly predict?: readonly (number | string)[];
  /** Of the machine that is simulated. Default: as many as lanes. */
  readonly predictCores?: number;
  /** Of inputs and order: the same seed gives the same work. Default: random. */
  readonly seed?: number;
  /**
   * Which outputs must be equal everywhere. `'sample'`: all in batches that are not timed, and as many in timed ones as cost next to nothing;
   * `'all'`: all in timed ones too; `'off'`: none, for work whose results may differ. Default: `'sample'`.
   */
  readonly verify?: 'all' | 'sample' | 'off';
  /** Of a batch; past it the cell has failed. Default: 60,000. */
  readonly timeoutMs?: number;
  /** For a host to start and its lanes to be ready. Default: 30,000. */
  readonly startTimeoutMs?: number;
  /** Of the whole run: what was measured until then is kept. Default: none. */
  readonly timeLimitMs?: number;
  /** How an idle Piscina worker waits. Default: `'sync'`, as Piscina’s. */
  readonly atomics?: 'sync' | 'async' | 'disabled';
  /** Threads of libuv’s own pool in each process. Default: UV_THREADPOOL_SIZE as it is inherited, or else Node’s 4. */
  readonly uvThreads?: number;
  /** Paths of Node binaries, or names on PATH: each way is measured on each of them. Default: this one. */
  readonly nodes?: readonly string[];
  /** Flags of Node for all hosts, several in one text parted by spaces; with several texts, each way is measured with each. */
  readonly nodeOptions?: readonly string[];
  /** The two workloads are an older and a newer version of one. */
  readonly versus?: boolean;
  /** A branch, tag or commit: the workloads of the working tree against their version there. */
  readonly versusRef?: string;
}

/** How a setting is asked for as a flag, and what it must be. */
interface Setting {
  readonly request: keyof RunRequest;
  readonly must: string;
  readonly is: (value: unknown) => boolean;
  readonly toRequest: (value: unknown) => unknown;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNumber = (value: unknown): boolean => isText(value) || typeof value === 'number';
const text = (request: keyof RunRequest): Setting => ({ request, must: 'a text', is: isText, toRequest: String });
const number = (request: keyof RunRequest, toText: (value: number) => string = String): Setting => ({
  request,
  must: 'a number',
  is: (value) => typeof value === 'number' && Number.isFinite(value),
  toRequest: (value) => toText(value as number),
});
const list = (request: keyof RunRequest): Setting => ({
  request,
  must: 'a list of texts or numbers',
  is: (value) => Array.isArray(value) && value.every(isTextOrNumber),
  toRequest: (value) => (value as readonly unknown[]).map(String),
});
const flag = (request: keyof RunRequest, toRequest: (value: boolean) => unknown = (value) => value): Setting => ({
  request,
  must: 'true or false',
  is: (value) => typeof value === 'boolean',
  toRequest: (value) => toRequest(value as boolean),
});
const json = (request: keyof RunRequest): Setting => ({
  request,
  must: 'something that JSON can hold',
  is: (value) => isText(JSON.stringify(value)),
  toRequest: (value) => JSON.stringify(value),
});
const milliseconds = (value: number): string => `${value}ms`;

const SETTINGS: Readonly<Record<keyof Settings, Setting>> = {
  workloads: list('workloads'),
  strategies: list('strategy'),
  poolSizes: list('poolSize'),
  inFlight: list('inFlight'),
  tasks: number('tasks'),
  params: {
    request: 'scans',
    must: 'an object with a value, or a list of values, for each param',
    is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    toRequest: (value) =>
      Object.entries(value as object).map(([name, one]: [string, unknown]) => ({
        name,
        values: Array.isArray(one) ? (one as unknown[]) : [one],
      })),
  },
  input: { request: 'inputs', must: 'anything', is: () => true, toRequest: (value) => [value] },
  inputs: {
    request: 'inputs',
    must: 'a list',
    is: (value) => Array.isArray(value),
    toRequest: (value) => value,
  },
  workerData: json('workerData'),
  baseline: text('baseline'),
  preset: text('preset'),
  blocks: number('blocks'),
  rounds: number('rounds'),
  minEffect: number('minEffect'),
  untilDecided: flag('untilDecided'),
  ceiling: flag('ceilingLanes', (value) => (value ? undefined : [])),
  predict: list('predict'),
  predictCores: number('predictCores'),
  seed: number('seed'),
  verify: text('verify'),
  timeoutMs: number('timeout', milliseconds),
  startTimeoutMs: number('startTimeout', milliseconds),
  timeLimitMs: number('timeLimit', milliseconds),
  atomics: text('atomics'),
  uvThreads: number('uvThreads'),
  nodes: list('node'),
  nodeOptions: list('nodeOption'),
  versus: flag('versus'),
  versusRef: text('versusRef'),
};

const NAMES = Object.keys(SETTINGS) as readonly (keyof Settings)[];

/**
 * Settings as flags carry them: the planner checks each value, wherever it comes from.
 *
 * @param where what they stand in, for a sentence
 * @param others names that may stand beside them there
 * @throws LanewiseError for a setting that there is not, or that is of another type
 */
export function requestOfSettings(settings: object, where: string, others: readonly string[] = []): RunRequest {
  if ('input' in settings && 'inputs' in settings)
    throw new LanewiseError('usage', `${where}: give "input", which is for every task, or "inputs", and not both.`);
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]: [string, unknown]) => {
      const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name as keyof Settings] : undefined;
      if (setting === undefined)
        throw new LanewiseError('usage', `${where}: there is no setting "${name}".${nearest(name, others)}`);
      if (!setting.is(value))
        throw new LanewiseError('usage', `${where}: "${name}" must be ${setting.must}, and is ${shown(value)}.`);
      return [setting.request, setting.toRequest(value)];
    }),
  );
}

/** A flag of that name is the likeliest. */
function nearest(name: string, others: readonly string[]): string {
  const flagName = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const ofFlag = NAMES.find((known) => SETTINGS[known].request === flagName);
  return ofFlag === undefined ? didYouMean(name, [...NAMES, ...others]) : ` Did you mean "${ofFlag}"?`;
}

function shown(value: unknown): string {
  // JSON knows no functions, among others.
  const written = JSON.stringify(value) as string | undefined;
  return written === undefined ? `a ${typeof value}` : written.slice(0, 60);
}
