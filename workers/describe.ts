/**
 * Loads workload modules and tells what they say of themselves, so that nothing of a workload's
 * is ever evaluated in the process that plans and judges the run.
 */
import { tellParent } from './parent.ts';
import {
  WORKLOAD_FIELDS,
  type Bound,
  type LaneError,
  type ModuleRef,
  type Params,
  type WorkloadDefinition,
  type WorkloadRef,
} from './contract.ts';
import { describeError } from './describe-error.ts';
import { defaultExport, importModule } from './import-module.ts';
import { loadWorkload } from './load-workload.ts';
import { strategyClaimsOf, type StrategyClaims } from './strategy-claims.ts';

/** Workloads, or strategies of the user's. */
export type DescribeRequest =
  | { readonly kind: 'workloads'; readonly refs: readonly WorkloadRef[] }
  | { readonly kind: 'strategies'; readonly refs: readonly ModuleRef[] };

/** What a module says of itself; absent fields are left to the planner. */
export interface WorkloadClaims {
  readonly name?: string;
  readonly bound?: Bound;
  readonly description?: string;
  readonly params: Params;
  readonly tasks?: number;
  readonly services: readonly string[];
  readonly takesInput: boolean;
  /** Fields that no workload has: a slip of the pen, most likely. */
  readonly unknownFields: readonly string[];
}

/** One answer per ref, in order. A module that ends the process is the first one without an answer. */
export type DescribeReply = { readonly claims: WorkloadClaims } | { readonly error: LaneError };
export type DescribeStrategyReply = { readonly strategy: StrategyClaims } | { readonly error: LaneError };

process.on('message', (request: DescribeRequest) => {
  void (request.kind === 'workloads' ? describeAll(request.refs) : describeStrategies(request.refs));
});

async function describeStrategies(refs: readonly ModuleRef[]): Promise<void> {
  for (const ref of refs) {
    const reply: DescribeStrategyReply = await importModule(ref)
      .then((module) => ({ strategy: strategyClaimsOf(defaultExport(module)) }))
      .catch((thrown: unknown) => ({ error: describeError(thrown) }));
    tellParent(reply);
  }
}

async function describeAll(refs: readonly WorkloadRef[]): Promise<void> {
  for (const ref of refs) {
    const reply: DescribeReply = await loadWorkload(ref)
      .then((workload) => ({ claims: claimsOf(workload) }))
      .catch((thrown: unknown) => ({ error: describeError(thrown) }));
    tellParent(reply);
  }
}

function claimsOf(workload: WorkloadDefinition): WorkloadClaims {
  const { name, bound, description, params = {}, tasks, services = [], input } = workload;
  return {
    ...(name !== undefined && { name }),
    ...(bound !== undefined && { bound }),
    ...(description !== undefined && { description }),
    ...(tasks !== undefined && { tasks }),
    params: cloneable(params),
    services,
    takesInput: input === undefined,
    unknownFields: Object.keys(workload).filter((field) => !WORKLOAD_FIELDS.includes(field)),
  };
}

function cloneable(params: Params): Params {
  try {
    return structuredClone(params);
  } catch {
    throw new TypeError('`params` holds something that cannot be cloned, such as a function: give plain values');
  }
}
