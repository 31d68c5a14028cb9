import type { LaneError } from '../../workers/contract.ts';
import type { DescribeReply } from '../../workers/describe.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { LanewiseError } from '../model/errors.ts';
import type { FoundWorkload, WorkloadPlace } from '../model/plan.ts';
import { describeModules, notLoaded } from './describe-modules.ts';
import { START_TIMEOUT_MS } from './host.ts';
import { locateWorkload, type LocatedWorkload } from './locate-module.ts';

export interface FindOptions {
  readonly workerData?: unknown;
  /** For each module to load. */
  readonly startTimeoutMs?: number | undefined;
}

/**
 * Finds each module and asks it, in a process of its own, what it says of itself.
 *
 * @param options.workerData what they find as that of their thread
 * @throws LanewiseError for the first that is missing, does not load or is no workload
 */
export async function findWorkloads(
  places: readonly WorkloadPlace[],
  { workerData, startTimeoutMs = START_TIMEOUT_MS }: FindOptions = {},
): Promise<readonly FoundWorkload[]> {
  const modules = places
    .map(locateWorkload)
    .map((located) => (workerData === undefined ? located : { ...located, ref: { ...located.ref, workerData } }))
    .map((module) => ({ ...module, called: `The workload ${nameOf(module)}` }));
  const found: FoundWorkload[] = [];
  for await (const [module, reply] of describeModules('workloads', modules, isDescription, startTimeoutMs)) {
    if ('error' in reply) throw failureOf(module, reply.error);
    const { called: _called, ...located } = module;
    found.push({ ...located, claims: reply.claims });
  }
  return found;
}

function nameOf({ source, fallbackName }: LocatedWorkload): string {
  return source === 'shipped' ? fallbackName : source;
}

function failureOf(module: LocatedWorkload & { readonly called: string }, error: LaneError): LanewiseError {
  if (error.name !== 'NotAWorkloadError') return notLoaded(module, error);
  return new LanewiseError('input', `The module ${nameOf(module)} is no workload: ${error.message}.`);
}

/** The fields of a workload are checked by the planner; here only that an answer is one. */
function isDescription(message: unknown): message is DescribeReply {
  return isObject(message) && (isObject(message.claims) || isObject(message.error));
}
