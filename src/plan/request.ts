import type { Params } from '../../workers/contract.ts';
import { LanewiseError } from '../errors.ts';
import type { Environment, InFlight, Options, StrategyName } from '../model.ts';
import { didYouMean } from './nearest.ts';
import { parseParams, type ParamScan } from './params.ts';
import {
  parseCount,
  parseDurationMs,
  parseInFlight,
  parseMinEffect,
  parsePoolSizes,
  parseStrategies,
  parseStrategy,
} from './parse-lists.ts';
import { PRESETS, type PresetName } from './presets.ts';
import { STRATEGY_NAMES } from './strategy-traits.ts';

/** What a user can ask of a run, as the flags of the command line carry it; everything is optional. */
export interface RunRequest {
  /** Names, globs of names, or paths to modules; none: the default suite. */
  readonly workloads?: readonly string[];
  readonly strategy?: readonly string[];
  readonly poolSize?: readonly string[];
  readonly inFlight?: readonly string[];
  readonly tasks?: string;
  readonly param?: readonly string[];
  /** JSON. */
  readonly input?: string;
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
  /** Pool sizes that are not measured: what a simulation makes of those that are. */
  readonly predict?: readonly string[];
  /** Of the machine that is simulated. */
  readonly predictCores?: string;
  /** The two workloads are two versions of one, to be measured in the same blocks. */
  readonly versus?: boolean;
  /** Numbers of tasks in a batch, of an earlier run that this one is to be compared with. */
  readonly batches?: readonly BatchSize[];
  /** Look at declared numbers of blocks whether all is decided, and stop then. */
  readonly untilDecided?: boolean;
  /** How many plain processes at once show what the machine can give; undefined: as many as there are cores. */
  readonly ceilingLanes?: readonly number[];
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
  readonly input: unknown;
  readonly poolSizesAreGiven: boolean;
  readonly inFlight: readonly InFlight[] | undefined;
  readonly versus: boolean;
  readonly batches: readonly BatchSize[];
  readonly untilDecided: boolean;
  readonly blocksAreGiven: boolean;
  readonly roundsAreGiven: boolean;
  /** Undefined: as many as there are cores. */
  readonly ceilingLanes: readonly number[] | undefined;
  readonly options: Options;
  readonly seed: number | undefined;
}

const DEFAULT_BASELINE: StrategyName = 'event-loop';
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
    scans: parseParams(request.param ?? []),
    tasks,
    input: request.input === undefined ? undefined : parseInput(request.input),
    poolSizesAreGiven: request.poolSize !== undefined,
    inFlight,
    versus: request.versus ?? false,
    batches: request.batches ?? [],
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
      ...predictOf(request, cores),
    },
  };
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

function parseBaseline(name: string | undefined, strategies: readonly StrategyName[]): StrategyName {
  if (name !== undefined) {
    const baseline = parseStrategy(name);
    if (strategies.includes(baseline)) return baseline;
    throw new LanewiseError(
      'usage',
      `The baseline "${name}" is not among the strategies asked for: add it, for example --strategy ${name},${strategies[0] ?? DEFAULT_BASELINE}.`,
    );
  }
  return strategies.includes(DEFAULT_BASELINE) ? DEFAULT_BASELINE : (strategies[0] ?? DEFAULT_BASELINE);
}

function parseInput(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new LanewiseError(
      'usage',
      `The input is not JSON (${cause instanceof Error ? cause.message : String(cause)}): quote it for the shell, for example --input '{"n": 40}'.`,
      { cause },
    );
  }
}

function parseAtomics(name: string): (typeof ATOMICS)[number] {
  const mode = ATOMICS.find((known) => known === name);
  if (mode !== undefined) return mode;
  throw new LanewiseError(
    'usage',
    `"${name}" is no way for an idle worker to wait.${didYouMean(name, ATOMICS)} --atomics takes: ${ATOMICS.join(', ')}.`,
  );
}
