import type { Bound, Params } from '../../workers/contract.ts';
import { LanewiseError } from '../model/errors.ts';
import { isPath } from '../model/module-path.ts';
import { poolSizesOn, type PoolSize } from '../model/pool-size.ts';
import { PRESETS } from '../model/presets.ts';
import type { Environment, InFlight, Options } from '../model/results.ts';
import { REFERENCE, STRATEGY_NAMES } from '../model/strategies.ts';
import type { WorkOf } from '../options/table.ts';
import { canonical, isConfiguration, parseConfiguration, requireStrategy } from '../options/configuration.ts';
import { hasPool, isAmong } from './configurations.ts';
import type { ParamScan } from './params.ts';

/** What is asked of a run, each value checked by itself; nothing needs to be. */
export interface RunRequest extends WorkOf<'run'> {
  /** How many plain processes at once show what the machine can give; undefined: as many as there are cores. */
  readonly ceilingLanes?: readonly number[];
  /** Numbers of tasks in a batch, of an earlier run that this one is to be compared with. */
  readonly batches?: readonly BatchSize[];
  /** What a run that is resumed had found out of workloads that do not say what they are bound by. */
  readonly kinds?: readonly KnownKind[];
  /** What the ref of the older version was when the run began that is resumed. */
  readonly versusCommit?: string;
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
/** A request that a machine can do: what depends on its cores is known, and nothing contradicts anything else. */
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

const DEFAULT_POOL_SIZES: readonly PoolSize[] = [1, { perCore: 1 }];

/** @throws LanewiseError for values that contradict each other: what they are, and what would do */
export function resolveRequest(request: RunRequest, { cores }: Pick<Environment, 'cores'>): ResolvedRequest {
  const { strategies = STRATEGY_NAMES, preset = 'standard', inFlight, tasks, params = {}, ceiling = true } = request;
  return {
    workloads: request.workloads ?? [],
    scans: Object.entries(params).map(([name, values]) => ({ name, values })),
    tasks,
    inputs: inputsOf(request),
    workerData: request.workerData,
    poolSizesAreGiven: request.poolSizes !== undefined,
    inFlight,
    unusedLimit: strategies.some(hasPool) ? undefined : inFlight?.find((one) => one !== 'all'),
    nodes: request.nodes ?? [],
    nodeOptions: request.nodeOptions ?? [],
    versus: request.versus ?? false,
    versusRef: versusRefOf(request),
    batches: request.batches ?? [],
    kinds: request.kinds ?? [],
    untilDecided: request.untilDecided ?? false,
    blocksAreGiven: request.blocks !== undefined,
    roundsAreGiven: request.rounds !== undefined,
    ceilingLanes: request.ceilingLanes ?? (ceiling ? undefined : []),
    seed: request.seed,
    options: {
      strategies: [...strategies],
      poolSizes: [...poolSizesOn(request.poolSizes ?? DEFAULT_POOL_SIZES, cores)],
      inFlight: inFlight === undefined ? null : [...inFlight],
      baseline: baselineOf(request.baseline, strategies),
      preset,
      blocks: request.blocks ?? PRESETS[preset].blocks,
      rounds: request.rounds ?? PRESETS[preset].rounds,
      warmups: PRESETS[preset].warmups,
      minEffect: request.minEffect ?? 0.05,
      timeoutMs: request.timeoutMs ?? 60_000,
      startTimeoutMs: request.startTimeoutMs ?? 30_000,
      timeLimitMs: request.timeLimitMs ?? null,
      atomics: request.atomics ?? 'sync',
      uvThreads: request.uvThreads ?? null,
      tasks: tasks ?? null,
      noiseLimits: PRESETS[preset].noiseLimits,
      verify: request.verify ?? 'sample',
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
  if (predict !== undefined)
    return { predict: { lanes: [...poolSizesOn(predict, cores)], cores: predictCores ?? null } };
  if (predictCores === undefined) return {};
  throw new LanewiseError(
    'usage',
    '--predict-cores says for which machine pools are predicted: it needs --predict, for example --predict 8,16.',
  );
}

function baselineOf(name: string | undefined, strategies: readonly string[]): string {
  const asked = strategies.map(canonical);
  if (name === undefined) return asked.includes(REFERENCE) ? REFERENCE : (asked[0] ?? REFERENCE);
  if (isConfiguration(name)) parseConfiguration(name, '--baseline');
  const baseline = canonical(name);
  // What those of the user's call themselves is not known yet.
  if (isAmong(baseline, strategies) || strategies.some(isPath)) return baseline;
  throw noBaseline(isConfiguration(name) ? name : requireStrategy(name), strategies);
}

export function noBaseline(name: string, strategies: readonly string[]): LanewiseError {
  return new LanewiseError(
    'usage',
    `The baseline "${name}" is not among the strategies asked for: add it, for example --strategy ${name},${strategies[0] ?? REFERENCE}.`,
  );
}

function inputsOf({ inputs, ...request }: RunRequest): readonly unknown[] | undefined {
  if (!('input' in request)) return inputs;
  if (inputs === undefined) return [request.input];
  throw new LanewiseError('usage', 'Give --input, which is for every task, or --inputs, one for each, and not both.');
}
