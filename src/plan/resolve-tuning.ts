import { byName, poolSizesOn } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, TuningGoal } from '../model/results.ts';
import { strategiesWith } from '../model/strategies.ts';
import type { WorkOf } from '../options/table.ts';
import { requireOneMachine, resolveRequest, type NamedRequest, type ResolvedRequest } from './resolve.ts';
import type { Configuration } from '../model/cell-id.ts';

/** Request of a tuning, each value checked on its own. */
export type TuningRequest = WorkOf<'tune'>;

/** A request that fits the machine. */
export interface ResolvedTuning {
  readonly request: ResolvedRequest;
  readonly goal: Omit<TuningGoal, 'maxPoolSize'> & { readonly maxPoolSize: number | undefined };
  readonly current: Configuration | undefined;
  /** Undefined: sizes that suit the work. */
  readonly poolSizes: readonly number[] | undefined;
  readonly uvThreads: readonly number[] | undefined;
}

/** {@link ResolvedTuning} with the names of strategies. */
export interface NamedTuning extends ResolvedTuning {
  readonly request: NamedRequest;
}

/** @throws LanewiseError for values that contradict each other, with a remedy */
export function resolveTuning(asked: TuningRequest, environment: Pick<Environment, 'cores'>): ResolvedTuning {
  const { workload, for: goal, minThroughput, maxMemoryMiB, maxPoolSize, current, uvThreads, ...rest } = asked;
  // From code, it may be missing.
  if ((workload as string | undefined) === undefined)
    throw new LanewiseError('usage', 'Missing workload: tune takes one, for example ./worker.js.');
  const request = resolveRequest(
    { strategies: byName(...strategiesWith(({ isTuned }) => isTuned)), ...rest, workloads: [workload] },
    environment,
  );
  requireOneMachine(request);
  const several = Object.entries(request.params ?? {}).find(([, values]) => values.length > 1);
  if (several !== undefined)
    throw new LanewiseError('usage', `Invalid --param ${several[0]}: tune takes one value. To scan it: lanewise run.`);
  if ([request.runtimes, request.nodeOptions].some((given = []) => given.length > 1))
    throw new LanewiseError(
      'usage',
      'Invalid --runtime or --node-option: tune takes each once, several flags in one text. To compare them: lanewise run.',
    );
  return {
    request,
    goal: {
      for: goal ?? 'throughput',
      minThroughput: minThroughput ?? 0.9,
      maxMemoryMiB: maxMemoryMiB ?? null,
      maxPoolSize,
    },
    current,
    poolSizes: rest.poolSizes && poolSizesOn(rest.poolSizes, environment.cores),
    uvThreads,
  };
}
