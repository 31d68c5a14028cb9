import type { Bound, Params } from '../../workers/contract.ts';
import type { VerifyMode } from '../host/verification.ts';
import { LanewiseError } from '../model/errors.ts';
import { isPath } from '../model/module-path.ts';
import type { Environment, InFlight, Options } from '../model/results.ts';
import {
  canonical,
  hasPool,
  isAmong,
  isConfiguration,
  parseConfiguration,
  parseStrategies,
} from '../plan/configurations.ts';
import { didYouMean } from '../model/nearest.ts';
import { parseParams, type ParamScan } from '../plan/params.ts';
import {
  parseCount,
  parseDurationMs,
  parseInFlight,
  parseMinEffect,
  parsePoolSizes,
  parseStrategy,
} from './parse-lists.ts';
import { PRESETS, type PresetName } from '../model/presets.ts';
import { REFERENCE, STRATEGY_NAMES } from '../model/strategies.ts';

/** What a user can ask of a run, as the flags of the command line carry it; everything is optional. */
export interface RunRequest {
  /** Names, globs of names, or paths to modules; none: the default suite. */
  readonly workloads?: readonly string[];
  readonly strategy?: readonly string[];
  readonly poolSize?: readonly string[];
  readonly inFlight?: readonly string[];
  readonly tasks?: string;
  readonly param?: readonly string[];
  /** The same as values; a param that stands in both has the value in the text. */
  readonly scans?: readonly ParamScan[];
  /** JSON: the input of every task of a workload that makes none. */
  readonly input?: string;
  /** One for each task of a workload that makes none; if there are more tasks, again from the first. At least one. */
  readonly inputs?: readonly unknown[];
  /** JSON: what the module finds as `workerData` of `node:worker_threads`. */
  readonly workerData?: string;
  readonly baseline?: string;
  readonly preset?: string;
  readonly blocks?: string;
  readonly rounds?: string;
  readonly minEffect?: string;
  readonly timeout?: string;
  readonly startTimeout?: string;
  readonly timeLimit?: string;
  readonly atomics?: string;
  readonly uvThreads?: string;
  readonly seed?: string;
  readonly verify?: string;
  /** Paths of Node binaries: each way is measured on each of them. */
  readonly node?: readonly string[];
  /** Flags of Node for all hosts, several in one text parted by spaces; with several texts, each way is measured with each of them. */
  readonly nodeOption?: readonly string[];
  /** Pool sizes that are not measured: what a simulation makes of those that are. */
  readonly predict?: readonly string[];
  /** Of the machine that is simulated. */
  readonly predictCores?: string;
  /** The two workloads are two versions of one, to be measured in the same blocks. */
  readonly versus?: boolean;
  /** The older version of the workloads is that of a branch, tag or commit. */
  readonly versusRef?: string;
  /** What that was when the run began that is resumed. */
  readonly versusCommit?: string;
  /** What a run that is resumed had found out of workloads that do not say what they are bound by. */
  readonly kinds?: readonly KnownKind[];
  /** Numbers of tasks in a batch, of an earlier run that this one is to be compared with. */
  readonly batches?: readonly BatchSize[];
  /** Look at declared numbers of blocks whether all is decided, and stop then. */
  readonly untilDecided?: boolean;
  /** How many plain processes at once show what the machine can give; undefined: as many as there are cores. */
  readonly ceilingLanes?: readonly number[];
}

/** What a workload was found to be bound by. */
export interface KnownKind {
  readonly source: string;
  readonly bound: Bound;
}

interface BatchSize {
  readonly workload: string;
  readonly params: Params;
  readonly tasks: number;
}

/** A request whose every value has been checked. */
export interface ResolvedRequest {
  readonly workloads: readonly string[];
  readonly scans: readonly ParamScan[];
  /** Undefined: each workload's own. */
  readonly tasks: number | undefined;
  readonly inputs: readonly unknown[] | undefined;
  readonly workerData: unknown;
  readonly poolSizesAreGiven: boolean;
  readonly inFlight: readonly InFlight[] | undefined;
  /** A number of tasks at once that no pool is there to take. */
  readonly unusedLimit: number | undefined;
  readonly nodes: readonly string[];
  readonly nodeOptions: readonly string[];
  readonly versus: boolean;
  readonly versusRef: { readonly ref: string; readonly commit: string | undefined } | undefined;
  readonly batches: readonly BatchSize[];
  readonly kinds: readonly KnownKind[];
  readonly untilDecided: boolean;
  readonly blocksAreGiven: boolean;
  readonly roundsAreGiven: boolean;
  /** Undefined: as many as there are cores. */
  readonly ceilingLanes: readonly number[] | undefined;
  readonly options: Options;
  readonly seed: number | undefined;
}

const DEFAULT_POOL_SIZES = ['1', 'cores'];
/** The largest value that libuv accepts. */
const LARGEST_UV_POOL = 1024;
/** Every input is made before the first batch and held until the last. */
const MOST_TASKS = 1_000_000;
const ATOMICS = ['sync', 'async', 'disabled'] as const;

/** @throws LanewiseError for the first value that cannot be used: what it is, and what would do. */
export function resolveRequest(request: RunRequest, { cores }: Pick<Environment, 'cores'>): ResolvedRequest {
  const strategies = parseStrategies(request.strategy ?? STRATEGY_NAMES);
  const preset = parsePreset(request.preset ?? 'standard');
  const inFlight = request.inFlight && parseInFlight(request.inFlight);
  const tasks = request.tasks === undefined ? undefined : parseCount(request.tasks, 'tasks', 1, MOST_TASKS);
  return {
    workloads: request.workloads ?? [],
    scans: scansOf(request),
    tasks,
    inputs: inputsOf(request),
    workerData: request.workerData === undefined ? undefined : parseJson(request.workerData, 'worker-data'),
    poolSizesAreGiven: request.poolSize !== undefined,
    inFlight,
    unusedLimit: unusedLimit(inFlight, strategies),
    nodes: request.node ?? [],
    nodeOptions: request.nodeOption ?? [],
    versus: request.versus ?? false,
    versusRef: versusRefOf(request),
    batches: request.batches ?? [],
    kinds: request.kinds ?? [],
    untilDecided: request.untilDecided ?? false,
    blocksAreGiven: request.blocks !== undefined,
    roundsAreGiven: request.rounds !== undefined,
    ceilingLanes: request.ceilingLanes,
    seed: request.seed === undefined ? undefined : parseCount(request.seed, 'seed', 0),
    options: {
      strategies: [...strategies],
      poolSizes: [...parsePoolSizes(request.poolSize ?? DEFAULT_POOL_SIZES, cores)],
      inFlight: inFlight === undefined ? null : [...inFlight],
      baseline: parseBaseline(request.baseline, strategies),
      preset,
      blocks: request.blocks === undefined ? PRESETS[preset].blocks : parseCount(request.blocks, 'blocks', 1),
      rounds: request.rounds === undefined ? PRESETS[preset].rounds : parseCount(request.rounds, 'rounds', 1),
      warmups: PRESETS[preset].warmups,
      minEffect: parseMinEffect(request.minEffect ?? '5%'),
      timeoutMs: parseDurationMs(request.timeout ?? '60s', 'timeout'),
      startTimeoutMs: parseDurationMs(request.startTimeout ?? '30s', 'start-timeout'),
      timeLimitMs: request.timeLimit === undefined ? null : parseDurationMs(request.timeLimit, 'time-limit'),
      atomics: parseAtomics(request.atomics ?? 'sync'),
      uvThreads:
        request.uvThreads === undefined ? null : parseCount(request.uvThreads, 'uv-threads', 1, LARGEST_UV_POOL),
      tasks: tasks ?? null,
      noiseLimits: PRESETS[preset].noiseLimits,
      verify: parseVerify(request.verify ?? 'sample'),
      ...predictOf(request, cores),
    },
  };
}

/** @throws LanewiseError if there would be two older versions */
function versusRefOf({ versus, versusRef, versusCommit }: RunRequest): ResolvedRequest['versusRef'] {
  if (versusRef === undefined) return undefined;
  if (versus === true)
    throw new LanewiseError(
      'usage',
      'Give either --versus, with two paths, or --versus-ref, with one: it takes the older version from git.',
    );
  return { ref: versusRef, commit: versusCommit };
}

/** @throws LanewiseError for cores without anything to predict */
function predictOf({ predict, predictCores }: RunRequest, cores: number): Pick<Options, 'predict'> {
  if (predict === undefined && predictCores === undefined) return {};
  if (predict === undefined)
    throw new LanewiseError(
      'usage',
      '--predict-cores says for which machine pools are predicted: it needs --predict, for example --predict 8,16.',
    );
  const most = predictCores === undefined ? null : parseCount(predictCores, 'predict-cores', 1, LARGEST_UV_POOL);
  return { predict: { lanes: [...parsePoolSizes(predict, cores)], cores: most } };
}

function parsePreset(name: string): PresetName {
  const names = Object.keys(PRESETS) as PresetName[];
  const preset = names.find((known) => known === name);
  if (preset !== undefined) return preset;
  throw new LanewiseError(
    'usage',
    `Unknown preset "${name}".${didYouMean(name, names)} There are: ${names.join(', ')}.`,
  );
}

function unusedLimit(inFlight: readonly InFlight[] | undefined, strategies: readonly string[]): number | undefined {
  return strategies.some(hasPool) ? undefined : inFlight?.find((one) => one !== 'all');
}

function parseBaseline(name: string | undefined, strategies: readonly string[]): string {
  const asked = strategies.map(canonical);
  if (name === undefined) return asked.includes(REFERENCE) ? REFERENCE : (asked[0] ?? REFERENCE);
  if (isConfiguration(name)) parseConfiguration(name, 'strategy');
  const baseline = canonical(name);
  // What those of the user's call themselves is not known yet.
  if (isAmong(baseline, strategies) || strategies.some(isPath)) return baseline;
  throw noBaseline(isConfiguration(name) ? name : parseStrategy(name), strategies);
}

export function noBaseline(name: string, strategies: readonly string[]): LanewiseError {
  return new LanewiseError(
    'usage',
    `The baseline "${name}" is not among the strategies asked for: add it, for example --strategy ${name},${strategies[0] ?? REFERENCE}.`,
  );
}

/** Text comes before values: a flag before a configuration. */
function scansOf({ param = [], scans = [] }: RunRequest): readonly ParamScan[] {
  const asked = parseParams(param);
  return [...scans.filter(({ name }) => !asked.some((scan) => scan.name === name)), ...asked];
}

function inputsOf({ input, inputs }: RunRequest): readonly unknown[] | undefined {
  if (input !== undefined && inputs !== undefined)
    throw new LanewiseError('usage', 'Give --input, which is for every task, or --inputs, one for each, and not both.');
  if (inputs?.length === 0) throw new LanewiseError('usage', 'There are no inputs: give at least one.');
  return input === undefined ? inputs : [parseJson(input, 'input')];
}

function parseJson(json: string, flag: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new LanewiseError(
      'usage',
      `What --${flag} was given is not JSON (${cause instanceof Error ? cause.message : String(cause)}): quote it for the shell, for example --${flag} '{"n": 40}'.`,
      { cause },
    );
  }
}

const VERIFY_MODES = ['all', 'sample', 'off'] as const satisfies readonly VerifyMode[];

function parseVerify(name: string): VerifyMode {
  const mode = VERIFY_MODES.find((known) => known === name);
  if (mode !== undefined) return mode;
  throw new LanewiseError(
    'usage',
    `Invalid --verify "${name}": use all, sample or off.${didYouMean(name, VERIFY_MODES)}`,
  );
}

function parseAtomics(name: string): (typeof ATOMICS)[number] {
  const mode = ATOMICS.find((known) => known === name);
  if (mode !== undefined) return mode;
  throw new LanewiseError(
    'usage',
    `"${name}" is no way for an idle worker to wait.${didYouMean(name, ATOMICS)} --atomics takes: ${ATOMICS.join(', ')}.`,
  );
}
