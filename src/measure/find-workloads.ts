import type { WorkloadRef } from '../../workers/contract.ts';
import type { DescribeReply, DescribeRequest, WorkloadClaims } from '../../workers/describe.ts';
import { LanewiseError, oneLine } from '../errors.ts';
import type { FoundWorkload, WorkloadPlace } from '../model.ts';
import { locateWorkload, type LocatedWorkload } from './locate-module.ts';
import { whyNotLoaded } from './type-loader.ts';
import { openWorkerProcess, ProcessFailure } from './worker-process.ts';

/** A module may do something on import, but not for ever. */
const IMPORT_TIMEOUT_MS = 10_000;

/**
 * Finds each module and asks it, in a process of its own, what it says of itself.
 *
 * @param workerData what they find as that of their thread
 * @throws LanewiseError for the first that is missing, does not load or is no workload
 */
export async function findWorkloads(
  places: readonly WorkloadPlace[],
  workerData?: unknown,
): Promise<readonly FoundWorkload[]> {
  const modules = places
    .map(locateWorkload)
    .map((located) => (workerData === undefined ? located : { ...located, ref: { ...located.ref, workerData } }));
  const claims = await describe(modules);
  return modules.map((module, index) => {
    const found = claims[index];
    if (found === undefined) throw new LanewiseError('internal', `${module.source} was not described.`);
    return { ...module, claims: found };
  });
}

/** The fields of a workload are checked by the planner; here only that an answer is one. */
function isDescription(message: unknown): message is DescribeReply {
  if (!isObject(message)) return false;
  const { claims, error } = message;
  if (isObject(error)) return typeof error.name === 'string' && typeof error.message === 'string';
  return isObject(claims) && typeof claims.takesInput === 'boolean' && Array.isArray(claims.unknownFields);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** One process for all: a module that ends it, or never settles, is the first one without an answer. */
async function describe(modules: readonly LocatedWorkload[]): Promise<readonly WorkloadClaims[]> {
  const process = openWorkerProcess<DescribeRequest, DescribeReply>('describe.js', {
    isReply: isDescription,
  });
  try {
    process.send({ kind: 'workloads', refs: modules.map(({ ref }): WorkloadRef => ref) });
    const claims: WorkloadClaims[] = [];
    for (const { ref, source, fallbackName } of modules) {
      const name = source === 'shipped' ? fallbackName : source;
      const reply = await process.next(IMPORT_TIMEOUT_MS).catch((cause: unknown) => {
        throw new LanewiseError(
          'input',
          `The workload ${name} cannot be loaded: on import ${cause instanceof ProcessFailure ? cause.message : String(cause)}.`,
          { cause },
        );
      });
      if ('error' in reply) throw new LanewiseError('input', sentenceFor(name, ref, reply.error));
      claims.push(reply.claims);
    }
    return claims;
  } finally {
    process.kill();
    await process.end();
  }
}

function sentenceFor(
  name: string,
  ref: WorkloadRef,
  error: { readonly name: string; readonly message: string },
): string {
  const why = whyNotLoaded(ref, error);
  if (why !== undefined) return `The workload ${name} ${why}`;
  if (error.name === 'NotAWorkloadError') return `The module ${name} is no workload: ${error.message}.`;
  return `The workload ${name} cannot be loaded: on import it threw ${error.name}: ${oneLine(error.message)}.`;
}
