/** What modules say of themselves, as plain data. */
import { WORKLOAD_FIELDS, type LaneId, type Params, type WorkloadDefinition } from './contract.ts';
import type { LoadedExport } from './load-workload.ts';
import { isObject, isPlain } from './value-kinds.ts';

/** What a module says of itself; absent fields are left to the planner. */
export interface WorkloadClaims extends Pick<WorkloadDefinition, 'name' | 'bound' | 'description' | 'tasks'> {
  readonly params: Params;
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

export function workloadClaimsOf({ workload, isFunction, steps }: LoadedExport): WorkloadClaims {
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
  if (!isPlain(workload)) return [];
  const functions: readonly unknown[] = Object.values(workload).filter((value) => typeof value === 'function');
  if (functions.some((one) => /\bthis\b/.test(Function.prototype.toString.call(one)))) return [];
  return Object.keys(workload).filter((field) => !WORKLOAD_FIELDS.includes(field));
}

function cloneable(params: Params): Params {
  try {
    return structuredClone(params);
  } catch {
    throw new TypeError('`params` holds something that cannot be cloned, such as a function: give plain values');
  }
}

/** What the default export of a module says of itself that should be a strategy. */
export type StrategyClaims =
  | { readonly wrong: string }
  | {
      readonly name?: string;
      readonly description?: string;
      readonly lanes: LaneId['kind'];
      readonly keepsLanes: boolean;
    };

/** The module is the user's: its default export can be anything. */
export function strategyClaimsOf(exported: unknown): StrategyClaims {
  if (!isObject(exported)) return { wrong: 'its default export is no object with `lanes` and `open`' };
  const { name, description, lanes, keepsLanes = true, open } = exported;
  if (name !== undefined && !(typeof name === 'string' && /^[\w.-]{1,80}$/.test(name)))
    return { wrong: '`name` must be of letters, digits, dots, dashes and underscores' };
  if (lanes !== 'thread' && lanes !== 'process' && lanes !== 'main')
    return { wrong: "`lanes` must be 'thread', 'process' or 'main'" };
  if (typeof keepsLanes !== 'boolean') return { wrong: '`keepsLanes` must be true or false' };
  if (typeof open !== 'function') return { wrong: '`open` must be a function' };
  return {
    lanes,
    keepsLanes,
    ...(name !== undefined && { name }),
    ...(typeof description === 'string' && { description }),
  };
}
