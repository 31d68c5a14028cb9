/**
 * Loads workload modules and tells what they say of themselves, so that nothing of a workload's
 * is ever evaluated in the process that plans and judges the run.
 */
import { onParentMessage, tellParent } from './parent.ts';
import { strategyClaimsOf, workloadClaimsOf, type StrategyClaims, type WorkloadClaims } from './claims.ts';
import type { LaneError, ModuleRef, WorkloadRef } from './contract.ts';
import { describeError } from './describe-error.ts';
import { defaultExport, importModule } from './import-module.ts';
import { loadExport } from './load-workload.ts';

/** Workloads, or strategies of the user's. */
export type DescribeRequest =
  | { readonly kind: 'workloads'; readonly refs: readonly WorkloadRef[] }
  | { readonly kind: 'strategies'; readonly refs: readonly ModuleRef[] };

export interface DescribeBooted {
  readonly kind: 'booted';
}

/** One answer per ref, in order. A module that ends the process is the first one without an answer. */
export type DescribeReply = { readonly claims: WorkloadClaims } | { readonly error: LaneError };
export type DescribeStrategyReply = { readonly strategy: StrategyClaims } | { readonly error: LaneError };

onParentMessage((message) => void answer(message as DescribeRequest));
// So that one which does not come so far is not taken for the fault of a module.
tellParent({ kind: 'booted' } satisfies DescribeBooted);

async function answer({ kind, refs }: DescribeRequest): Promise<void> {
  const describe = kind === 'workloads' ? describeWorkload : describeStrategy;
  for (const ref of refs)
    tellParent(await describe(ref).catch((thrown: unknown) => ({ error: describeError(thrown) })));
}

async function describeWorkload(ref: WorkloadRef): Promise<DescribeReply> {
  return { claims: workloadClaimsOf(await loadExport(ref)) };
}

async function describeStrategy(ref: ModuleRef): Promise<DescribeStrategyReply> {
  return { strategy: strategyClaimsOf(defaultExport(await importModule(ref))) };
}
