import { LanewiseError } from '../model/errors.ts';
import type { Environment, TuningGoal } from '../model/results.ts';
import { parseConfiguration } from '../plan/configurations.ts';
import { didYouMean } from '../model/nearest.ts';
import { LARGEST_POOL, parseCount, parsePoolSizes, parseShare, splitList } from './parse-lists.ts';
import { resolveRequest, type ResolvedRequest, type RunRequest } from './request.ts';
import type { Way } from '../plan/way.ts';
import { strategiesWith } from '../model/strategies.ts';

/** What a tuning looks for by itself, or has no use for. */
type OnlyOfRun =
  | 'workloads'
  | 'baseline'
  | 'predict'
  | 'predictCores'
  | 'versus'
  | 'versusRef'
  | 'versusCommit'
  | 'batches'
  | 'untilDecided'
  | 'timeLimit'
  | 'uvThreads';

/** What a user can ask of `tune`, as the flags of the command line carry it; all but the workload is optional. */
export interface TuningRequest extends Omit<RunRequest, OnlyOfRun> {
  /** A name, or the path of a module. */
  readonly workload: string;
  /** `throughput`, `latency`, `responsiveness` or `memory`. */
  readonly for?: string;
  /** A percentage. */
  readonly minThroughput?: string;
  /** `512MiB`. */
  readonly maxMemory?: string;
  readonly maxPoolSize?: string;
  /** The user's present setting: `worker-threads@8x1`. */
  readonly current?: string;
  /** Sizes of libuv's pool to try. */
  readonly uvThreads?: readonly string[];
}

/** What a request says of a tuning, too: that looks for strategy, pool size and tasks in flight by itself, for one workload. */
export function tuningPartOf(request: RunRequest): Omit<RunRequest, OnlyOfRun> {
  const {
    workloads: _workloads,
    baseline: _baseline,
    predict: _predict,
    predictCores: _predictCores,
    versus: _versus,
    versusRef: _versusRef,
    versusCommit: _versusCommit,
    batches: _batches,
    untilDecided: _untilDecided,
    timeLimit: _timeLimit,
    uvThreads: _uvThreads,
    ...rest
  } = request;
  return rest;
}

/** A request whose every value has been checked. */
export interface ResolvedTuning {
  readonly request: ResolvedRequest;
  readonly goal: Omit<TuningGoal, 'maxPoolSize'> & { readonly maxPoolSize: number | undefined };
  readonly current: Way | undefined;
  /** Undefined: those that suit the work. */
  readonly poolSizes: readonly number[] | undefined;
  readonly uvThreads: readonly number[] | undefined;
}

const GOALS = ['throughput', 'latency', 'responsiveness', 'memory'] as const satisfies readonly TuningGoal['for'][];

/** @throws LanewiseError for the first value that cannot be used: what it is, and what would do. */
export function resolveTuning(asked: TuningRequest, environment: Pick<Environment, 'cores'>): ResolvedTuning {
  const { workload, for: goal, minThroughput, maxMemory, maxPoolSize, current, uvThreads, ...rest } = asked;
  const request = resolveRequest(
    { strategy: strategiesWith(({ isTuned }) => isTuned), ...rest, workloads: [workload] },
    environment,
  );
  const several = request.scans.find(({ values }) => values.length > 1);
  if (several !== undefined)
    throw new LanewiseError(
      'usage',
      `A setting is for one kind of task: give --param ${several.name} one value, or scan it with "lanewise run".`,
    );
  if (request.nodes.length > 1 || request.nodeOptions.length > 1)
    throw new LanewiseError(
      'usage',
      'A setting is for one Node: give --node and --node-option once each, several flags in one text, or compare them with "lanewise run".',
    );
  return {
    request,
    goal: {
      for: parseGoal(goal ?? 'throughput'),
      minThroughput: parseShare(minThroughput ?? '90%', 'min-throughput'),
      maxMemoryMiB: maxMemory === undefined ? null : parseMemory(maxMemory),
      maxPoolSize: maxPoolSize === undefined ? undefined : parseCount(maxPoolSize, 'max-pool-size', 1, LARGEST_POOL),
    },
    current: current === undefined ? undefined : parseConfiguration(current, 'current'),
    poolSizes: rest.poolSize === undefined ? undefined : parsePoolSizes(rest.poolSize, environment.cores),
    uvThreads: uvThreads && [
      ...new Set(splitList(uvThreads).map((value) => parseCount(value, 'uv-threads', 1, LARGEST_POOL))),
    ],
  };
}

function parseGoal(name: string): TuningGoal['for'] {
  const goal = GOALS.find((known) => known === name);
  if (goal !== undefined) return goal;
  throw new LanewiseError(
    'usage',
    `"${name}" is nothing to tune for.${didYouMean(name, GOALS)} --for takes: ${GOALS.join(', ')}.`,
  );
}

const MIB_PER_UNIT = { MiB: 1, GiB: 1024, MB: 1e6 / 2 ** 20, GB: 1e9 / 2 ** 20 } as const;

function parseMemory(value: string): number {
  const parts = /^(\d+(?:\.\d+)?)(MiB|GiB|MB|GB)$/.exec(value);
  const mib = parts === null ? 0 : Number(parts[1]) * MIB_PER_UNIT[parts[2] as keyof typeof MIB_PER_UNIT];
  if (mib > 0) return mib;
  throw new LanewiseError(
    'usage',
    `"${value}" is no amount of memory: give it with its unit (MiB, GiB, MB, GB), for example --max-memory 512MiB.`,
  );
}
