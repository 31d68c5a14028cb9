import { findRuntimes } from '../measure/find-runtimes.ts';
import { findStrategies, findWorkloads } from '../measure/find-modules.ts';
import type { FoundWorkload } from '../model/plan.ts';
import type { Environment, Warning } from '../model/results.ts';
import type { NamedRequest, ResolvedRequest } from '../plan/resolve.ts';
import { nameStrategies } from '../plan/name-strategies.ts';
import type { Machine } from '../plan/plan.ts';
import { selectWorkloads } from '../plan/select-workloads.ts';
import { randomSeed } from '../system/surroundings.ts';
import { findVersions } from './versions.ts';

/** What was asked for, found: modules that load and say what they are, binaries that run. */
export interface Found {
  readonly workloads: readonly FoundWorkload[];
  readonly request: NamedRequest;
  readonly machine: Machine;
  readonly seed: number;
  readonly warnings: readonly Warning[];
  /** Older versions were written to a folder. */
  readonly remove: () => void;
}

/** @throws LanewiseError for the first that is missing, or is not what it should be */
export async function find(asked: ResolvedRequest, environment: Environment): Promise<Found> {
  const { startTimeoutMs } = asked.options;
  const own = await findStrategies(
    asked.strategies.flatMap((one) => (one.kind === 'module' ? [one.path] : [])),
    startTimeoutMs,
  );
  const named = nameStrategies(asked, own.strategies);
  const { versusRef: ref, versusCommit: commit } = named;
  const versions = await findVersions(
    selectWorkloads(named.workloads),
    ref === undefined ? undefined : { ref, commit },
  );
  try {
    const request = { ...named, options: { ...named.options, ...versions.options } };
    return {
      workloads: await findWorkloads(versions.places, { workerData: request.workerData, startTimeoutMs }),
      request,
      machine: { ...environment, runtimes: await findRuntimes(request), ownStrategies: own.strategies },
      seed: request.seed ?? randomSeed(),
      warnings: [...own.warnings, ...versions.warnings],
      remove: versions.remove,
    };
  } catch (thrown) {
    versions.remove();
    throw thrown;
  }
}
