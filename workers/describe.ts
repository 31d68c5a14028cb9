/**
 * Loads modules and reports their declarations, so that code of workloads is never evaluated in the process that plans
 * and evaluates the run.
 */
import { onParentMessage, sendToParent } from './parent.ts';
import { workloadClaimsOf, type WorkloadClaims } from './claims.ts';
import { strategyClaimsOf, type StrategyClaims } from './strategy-claims.ts';
import type { LaneError, WorkloadRef } from './contract.ts';
import { describeError } from './describe-error.ts';
import { defaultExport, importModule } from './import-module.ts';
import { loadExport } from './load-workload.ts';
import { thisLoader, type Loader } from './this-runtime.ts';

/** Modules to load, each of which must be of this kind. */
export interface DescribeRequest {
  readonly kind: 'workloads' | 'strategies';
  readonly refs: readonly WorkloadRef[];
}

/** The process is ready. */
export interface DescribeBooted extends Loader {
  readonly kind: 'booted';
}

/** One reply per ref, in order. If a module ends the process, it is the first one without a reply. */
export type DescribeReply<Claims = WorkloadClaims> = { readonly claims: Claims } | { readonly error: LaneError };

type AnyClaims = WorkloadClaims | StrategyClaims;

const claimsOf: Readonly<Record<DescribeRequest['kind'], (ref: WorkloadRef) => Promise<AnyClaims>>> = {
  workloads: async (ref) => workloadClaimsOf(await loadExport(ref)),
  strategies: async (ref) => strategyClaimsOf(defaultExport(await importModule(ref))),
};

onParentMessage((message) => void answer(message as DescribeRequest));
// A process that fails to start must not be blamed on a module.
sendToParent({ kind: 'booted', ...thisLoader() } satisfies DescribeBooted);

async function answer({ kind, refs }: DescribeRequest): Promise<void> {
  for (const ref of refs) sendToParent(await claimsOf[kind](ref).then(toReply, toFailure));
}

function toReply(claims: AnyClaims): DescribeReply<AnyClaims> {
  return { claims };
}

function toFailure(thrown: unknown): DescribeReply<never> {
  return { error: describeError(thrown) };
}
