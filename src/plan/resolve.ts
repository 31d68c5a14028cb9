import type { Params } from '../../workers/contract.ts';
import {
  byName,
  canonical,
  isAmong,
  isQueue,
  requireShipped,
  writtenStrategy,
  named,
  poolSizesOn,
  serverIn,
  type AskedStrategy,
  type NamedStrategy,
  type PoolSize,
} from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { MeasuredBound, OwnStrategy } from '../model/plan.ts';
import { PRESETS } from '../model/evidence.ts';
import { partOfCpu, type Environment, type Options } from '../model/results.ts';
import { KNOWN_STRATEGY_NAMES, REFERENCE, STRATEGY_NAMES } from '../model/strategies.ts';
import type { WorkOf } from '../options/table.ts';

/** Request of a run, each value checked on its own; all are optional. */
export interface RunRequest extends WorkOf<'run'> {
  /** Numbers of independent processes for the upper bound; undefined: one per CPU. */
  readonly upperBoundLanes?: readonly number[];
  /** Batch sizes of the earlier run to compare with. */
  readonly batches?: readonly { readonly workload: string; readonly params: Params; readonly tasks: number }[];
  /** Kinds of undeclared workloads, as far as the resumed run could measure them, and the tasks that it planned. */
  readonly kinds?: readonly { readonly source: string; readonly bound: MeasuredBound; readonly tasks?: number }[];
  /** Commit of the older version when the resumed run began. */
  readonly versusCommit?: string;
}

/** {@link ResolvedRequest} with strategy names instead of module paths. */
export interface NamedRequest extends ResolvedRequest {
  readonly strategies: readonly NamedStrategy[];
  readonly baseline: NamedStrategy;
}

/** A consistent request that fits this machine. */
export interface ResolvedRequest extends RunRequest {
  readonly strategies: readonly AskedStrategy[];
  /** The configuration shown as 1.00×. */
  readonly baseline: AskedStrategy;
  /** As in results. */
  readonly options: Options;
}

const DEFAULT_POOL_SIZES: readonly PoolSize[] = [1, { perCore: 1 }];

/**
 * @param serves whether requests arrive over HTTP, which only some strategies need
 * @throws LanewiseError for values that contradict each other, with a remedy
 */
export function resolveRequest(
  { input, ...asked }: RunRequest,
  { cores, emulated }: Pick<Environment, 'cores' | 'emulated'>,
  serves = false,
): ResolvedRequest {
  const { strategies = byName(...STRATEGY_NAMES), preset = 'standard', inputs, versus = false, versusRef } = asked;
  if (input !== undefined && inputs !== undefined)
    throw new LanewiseError('usage', 'Give either --input, for every task, or --inputs, one for each.');
  if (versus && versusRef !== undefined)
    throw new LanewiseError(
      'usage',
      'Give either --versus, with two paths, or --versus-ref, which takes the old version from git.',
    );
  if (asked.aa === true && (versus || versusRef !== undefined || asked.predict !== undefined))
    throw new LanewiseError(
      'usage',
      '--aa compares every configuration with itself: give it without --versus, --versus-ref and --predict.',
    );
  const server = serves ? undefined : strategies.find((strategy) => serverIn(strategy) !== undefined);
  if (server !== undefined)
    throw new LanewiseError(
      'usage',
      `Invalid strategy "${writtenStrategy(server)}": its workers are servers. Measure them with lanewise load, --via http.`,
    );
  checkMachines(asked, strategies);
  const baseline = baselineOf(asked.baseline, strategies);
  return {
    ...asked,
    // Independent processes would have a part of a CPU each.
    ...((asked.upperBound === false || partOfCpu(emulated) !== undefined) && { upperBoundLanes: [] }),
    ...(input !== undefined && { inputs: [input] }),
    strategies,
    baseline,
    options: {
      strategies: strategies.map(writtenStrategy),
      poolSizes: [...poolSizesOn(asked.poolSizes ?? DEFAULT_POOL_SIZES, cores)],
      concurrency: asked.concurrency === undefined ? null : [...asked.concurrency],
      baseline: canonical(baseline),
      preset,
      blocks: asked.blocks ?? PRESETS[preset].blocks,
      rounds: asked.rounds ?? PRESETS[preset].rounds,
      warmups: PRESETS[preset].warmups,
      minEffect: asked.minEffect ?? 0.05,
      timeoutMs: asked.timeoutMs ?? 60_000,
      startTimeoutMs: asked.startTimeoutMs ?? 30_000,
      timeLimitMs: asked.timeLimitMs ?? null,
      atomics: asked.atomics ?? 'sync',
      uvThreads: asked.uvThreads ?? null,
      tasks: asked.tasks ?? null,
      noiseLimits: PRESETS[preset].noiseLimits,
      verify: asked.verify ?? 'sample',
      ...(asked.machines !== undefined && { machines: [...asked.machines] }),
      ...(asked.aa === true && { aa: true as const }),
      ...(asked.cpuProf === true && { cpuProf: true as const }),
      ...predictOf(asked, cores),
    },
  };
}

/** @throws LanewiseError for what other machines cannot run, since no code, flag or environment is sent */
function checkMachines(asked: RunRequest, strategies: readonly AskedStrategy[]): void {
  if (!needsMachines({ ...asked, strategies })) return;
  if (!strategies.some(isQueue))
    throw new LanewiseError('usage', '--machines is for the strategy bullmq: add it, as -s worker-threads,bullmq.');
  const other = (['runtimes', 'nodeOptions', 'uvThreads', 'workerData', 'versusRef'] as const).find(
    (name) => asked[name] !== undefined,
  );
  if (other !== undefined)
    throw new LanewiseError(
      'usage',
      'Other machines run their own Node: give --machines without --runtime, --node-option, --uv-threads, --worker-data and --versus-ref.',
    );
}

/** Whether other machines must join before anything is measured. */
export function needsMachines({
  machines = [],
  strategies,
}: Pick<ResolvedRequest, 'machines' | 'strategies'>): boolean {
  return (
    machines.some((count) => count > 0) ||
    strategies.some((one) => one.kind === 'configuration' && one.configuration.machines !== undefined)
  );
}

/** @throws LanewiseError for a configuration that only a run spreads */
export function requireOneMachine(request: ResolvedRequest): void {
  if (!needsMachines(request)) return;
  throw new LanewiseError(
    'usage',
    'Invalid --strategy: only lanewise run measures on several machines. Leave ~machines out, or use lanewise run --machines 0,1.',
  );
}

/** @throws LanewiseError for CPUs without anything to predict */
function predictOf({ predict, predictCores }: RunRequest, cores: number): Pick<Options, 'predict'> {
  if (predict !== undefined)
    return { predict: { lanes: [...poolSizesOn(predict, cores)], cores: predictCores ?? null } };
  if (predictCores === undefined) return {};
  throw new LanewiseError('usage', '--predict-cores needs --predict, for example --predict 8,16.');
}

function baselineOf(asked: AskedStrategy | undefined, strategies: readonly AskedStrategy[]): AskedStrategy {
  const reference: AskedStrategy = { kind: 'strategy', name: REFERENCE };
  if (asked === undefined) return isAmong(reference, strategies) ? reference : (strategies[0] ?? reference);
  // Names of custom strategies are not known yet.
  if (isAmong(asked, strategies) || strategies.some(({ kind }) => kind === 'module')) return asked;
  throw noBaseline(requireShipped(asked), strategies);
}

export function noBaseline(asked: AskedStrategy, strategies: readonly AskedStrategy[]): LanewiseError {
  const [name, first = REFERENCE] = [asked, ...strategies].map(writtenStrategy);
  return new LanewiseError(
    'usage',
    `Invalid --baseline "${name}": it is not among the strategies. Add it, as --strategy ${name},${first}.`,
  );
}

/**
 * Replaces each strategy path by the strategy's name. A path can be a pattern for several; one with a missing package
 * stands for none.
 *
 * @throws LanewiseError if two share a name, or nothing is left to measure
 */
export function nameStrategies(request: ResolvedRequest, own: readonly OwnStrategy[]): NamedRequest {
  const strategies = request.strategies.flatMap((asked) => named(asked, own));
  // Two paths can lead to one module.
  const names = [...KNOWN_STRATEGY_NAMES, ...new Map(own.map(({ ref, name }) => [ref.url, name])).values()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new LanewiseError('input', `Two strategies are called "${twice}": give one of them another \`name\`.`);
  // The first strategy replaces a baseline that was left out.
  const [baseline = strategies[0]] = named(request.baseline, own);
  if (baseline === undefined)
    throw new LanewiseError('input', 'No strategy can be measured: each needs a package that is not installed.');
  if (!isAmong(baseline, strategies)) throw noBaseline(baseline, strategies);
  const options = { strategies: strategies.map(writtenStrategy), baseline: canonical(baseline) };
  return { ...request, strategies, baseline, options: { ...request.options, ...options } };
}
