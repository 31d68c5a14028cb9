/**
 * Loads workload modules and tells what they say of themselves, so that nothing of a workload's
 * is ever evaluated in the process that plans and judges the run.
 */
import { onParentMessage, tellParent } from './parent.ts';
import { strategyClaimsOf, workloadClaimsOf, type StrategyClaims, type WorkloadClaims } from './claims.ts';
import type { LaneError, WorkloadRef } from './contract.ts';
import { describeError } from './describe-error.ts';
import { defaultExport, importModule } from './import-module.ts';
import { loadExport } from './load-workload.ts';

/** Each of these modules is to be one of that kind: a workload, or a strategy of the user's. */
export interface DescribeRequest {
  readonly kind: 'workloads' | 'strategies';
  readonly refs: readonly WorkloadRef[];
}

export interface DescribeBooted {
  readonly kind: 'booted';
}

/** One answer per ref, in order. A module that ends the process is the first one without an answer. */
export type DescribeReply<Claims = WorkloadClaims> = { readonly claims: Claims } | { readonly error: LaneError };

type AnyClaims = WorkloadClaims | StrategyClaims;

const claimsOf: Readonly<Record<DescribeRequest['kind'], (ref: WorkloadRef) => Promise<AnyClaims>>> = {
  workloads: async (ref) => workloadClaimsOf(await loadExport(ref)),
  strategies: async (ref) => strategyClaimsOf(defaultExport(await importModule(ref))),
};

onParentMessage((message) => void answer(message as DescribeRequest));
// So that one which does not come so far is not taken for the fault of a module.
tellParent({ kind: 'booted' } satisfies DescribeBooted);

async function answer({ kind, refs }: DescribeRequest): Promise<void> {
  for (const ref of refs) tellParent(await claimsOf[kind](ref).then(toReply, toFailure));
}

function toReply(claims: AnyClaims): DescribeReply<AnyClaims> {
  return { claims };
}

function toFailure(thrown: unknown): DescribeReply<never> {
  return { error: describeError(thrown) };
}
