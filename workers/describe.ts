/**
 * Loads workload modules and tells what they say of themselves, so that nothing of a workload's
 * is ever evaluated in the process that plans and judges the run.
 */
import type { Bound, LaneError, Params, WorkloadDefinition, WorkloadRef } from './contract.ts';
import { describeError } from './describe-error.ts';
import { loadWorkload } from './load-workload.ts';

export interface DescribeRequest {
  readonly refs: readonly WorkloadRef[];
}

/** What a module says of itself; absent fields are left to the planner. */
export interface WorkloadClaims {
  readonly name?: string;
  readonly bound?: Bound;
  readonly description?: string;
  readonly params: Params;
  readonly tasks?: number;
  readonly services: readonly string[];
  readonly takesInput: boolean;
}

/** One answer per ref, in order. A module that ends the process is the first one without an answer. */
export type DescribeReply = { readonly claims: WorkloadClaims } | { readonly error: LaneError };

process.on('message', (request: DescribeRequest) => {
  void describeAll(request.refs);
});
process.on('disconnect', () => process.exit(0));

async function describeAll(refs: readonly WorkloadRef[]): Promise<void> {
  for (const ref of refs) {
    const reply: DescribeReply = await loadWorkload(ref).then(
      (workload) => ({ claims: claimsOf(workload) }),
      (thrown: unknown) => ({ error: describeError(thrown) }),
    );
    process.send?.(reply);
  }
}

function claimsOf({
  name,
  bound,
  description,
  params = {},
  tasks,
  services = [],
  input,
}: WorkloadDefinition): WorkloadClaims {
  return {
    ...(name !== undefined && { name }),
    ...(bound !== undefined && { bound }),
    ...(description !== undefined && { description }),
    ...(tasks !== undefined && { tasks }),
    params,
    services,
    takesInput: input === undefined,
  };
}
