import { probeKinds, type Probed } from '../measure/probe-kinds.ts';
import type { FoundWorkload, Runtime } from '../model/plan.ts';
import type { Options } from '../model/results.ts';
import { completeWorkload } from '../plan/complete-workload.ts';
import { scanParams } from '../plan/params.ts';
import type { KnownKind, ResolvedRequest } from '../plan/resolve.ts';

interface KindSettings {
  readonly options: Options;
  readonly seed: number;
  readonly runtimes: readonly Runtime[];
}

/**
 * The workloads with what they are bound by, measured where their modules do not say, or as the run that is resumed had measured it: what is tried
 * depends on it.
 */
export async function withKinds(
  found: readonly FoundWorkload[],
  request: ResolvedRequest,
  { options, seed, runtimes }: KindSettings,
): Promise<readonly FoundWorkload[]> {
  const known = found.map((module) => knownKind(module, request.kinds));
  const open = known.filter(({ claims, measuredBound }) => claims.bound === undefined && measuredBound === undefined);
  const probed = open.map((module): Probed => {
    const workload = completeWorkload(module, request);
    return { workload, params: scanParams(workload, request.params)[0] ?? workload.params };
  });
  const kinds = await probeKinds(probed, { options, seed, runtime: runtimes[0] });
  return known.map((module) => {
    const bound = kinds[open.indexOf(module)];
    return bound === undefined ? module : { ...module, measuredBound: bound };
  });
}

/** Before anything is measured: as known, or else of the kind that has the fewest configurations, so that nothing is refused that may fit. */
export function likelyKind(module: FoundWorkload, { kinds }: Pick<ResolvedRequest, 'kinds'>): FoundWorkload {
  const known = knownKind(module, kinds);
  return known.claims.bound === undefined && known.measuredBound === undefined
    ? { ...known, measuredBound: 'cpu' }
    : known;
}

function knownKind(module: FoundWorkload, kinds: readonly KnownKind[] = []): FoundWorkload {
  const kind = kinds.find(({ source }) => source === module.source);
  return kind === undefined ? module : { ...module, measuredBound: kind.bound };
}
