/**
 * Loads workload modules and tells what they say of themselves, so that nothing of a workload's
 * is ever evaluated in the process that plans and judges the run.
 */
import { onParentMessage, tellParent } from './parent.ts';
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
import { loadExport, type LoadedExport } from './load-workload.ts';
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
  /** It says what of an input threads move, so that whoever hands the inputs over must ask it. */
  readonly transfers: boolean;
  /** Fields that no workload has and that none of its functions can read: a slip of the pen, most likely. */
  readonly unknownFields: readonly string[];
  /** It is the task function itself: what a pool calls. */
  readonly isFunction: boolean;
  /** How a program that imports the module gets to it: see `LoadedExport`. */
  readonly steps: readonly string[];
}

export interface DescribeBooted {
  readonly kind: 'booted';
}

/** One answer per ref, in order. A module that ends the process is the first one without an answer. */
export type DescribeReply = { readonly claims: WorkloadClaims } | { readonly error: LaneError };
export type DescribeStrategyReply = { readonly strategy: StrategyClaims } | { readonly error: LaneError };

onParentMessage((message) => {
  const request = message as DescribeRequest;
  void (request.kind === 'workloads' ? describeAll(request.refs) : describeStrategies(request.refs));
});

// So that one which does not come so far is not taken for the fault of a module.
tellParent({ kind: 'booted' } satisfies DescribeBooted);

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
    const reply: DescribeReply = await loadExport(ref)
      .then((loaded) => ({ claims: claimsOf(loaded) }))
      .catch((thrown: unknown) => ({ error: describeError(thrown) }));
    tellParent(reply);
  }
}

function claimsOf({ workload, isFunction, steps }: LoadedExport): WorkloadClaims {
  const { name, bound, description, params = {}, tasks, services = [], input, transfer } = workload;
  return {
    ...(name !== undefined && { name }),
    ...(bound !== undefined && { bound }),
    ...(description !== undefined && { description }),
    ...(tasks !== undefined && { tasks }),
    params: cloneable(params),
    services,
    takesInput: input === undefined,
    transfers: transfer !== undefined,
    unknownFields: unknownFieldsOf(workload),
    isFunction,
    steps,
  };
}

/** An instance of a class has fields of its own, and so has an object whose functions read them. */
function unknownFieldsOf(workload: WorkloadDefinition): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(workload);
  if (prototype !== Object.prototype && prototype !== null) return [];
  if (Object.values(workload).some(readsThis)) return [];
  return Object.keys(workload).filter((field) => !WORKLOAD_FIELDS.includes(field));
}

function readsThis(value: unknown): boolean {
  return typeof value === 'function' && /\bthis\b/.test(Function.prototype.toString.call(value));
}

function cloneable(params: Params): Params {
  try {
    return structuredClone(params);
  } catch {
    throw new TypeError('`params` holds something that cannot be cloned, such as a function: give plain values');
  }
}
