/** The declarations of workload and strategy modules, as plain data. */
import { WORKLOAD_FIELDS, type LaneId, type Params, type WorkloadDefinition } from './contract.ts';
import type { LoadedExport } from './load-workload.ts';
import { isObject, isPlain } from './value-kinds.ts';

/** The declarations of a workload; the planner chooses absent fields. */
export interface WorkloadClaims extends Pick<WorkloadDefinition, 'name' | 'bound' | 'description' | 'tasks'> {
  readonly params: Params;
  readonly services: readonly string[];
  readonly takesInput: boolean;
  /**
   * Whether the task has a parameter for its input. A definition’s task with two may take the first only to reach the
   * context.
   */
  readonly readsInput: boolean;
  /** Whether it has a `transfer` function, which the host must call for every input that it sends to a thread. */
  readonly transfers: boolean;
  /** Fields that no workload has and that none of its functions can read: probably typos. */
  readonly unknownFields: readonly string[];
  /** Whether the export is the task function itself, as pools call it. */
  readonly isFunction: boolean;
  /** Path from the imported module to the export: see `LoadedExport`. */
  readonly steps: readonly string[];
}

export function workloadClaimsOf({ workload, isFunction, parameters, steps }: LoadedExport): WorkloadClaims {
  const { name, bound, description, params = {}, tasks, services = [], input, transfer } = workload;
  return {
    ...(name !== undefined && { name }),
    ...(bound !== undefined && { bound }),
    ...(description !== undefined && { description }),
    ...(tasks !== undefined && { tasks }),
    params: cloneable(params),
    services,
    takesInput: input === undefined,
    readsInput: isFunction ? parameters > 0 : parameters === 1,
    transfers: transfer !== undefined,
    unknownFields: unknownFieldsOf(workload),
    isFunction,
    steps,
  };
}

/** An instance of a class may have any fields, and so may an object whose functions read them. */
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
    throw new TypeError('`params` contains a value that cannot be cloned, such as a function: use plain values');
  }
}

/** The declarations of a custom strategy, or the reason why the default export is not one. */
export type StrategyClaims =
  | { readonly wrong: string }
  | {
      readonly name?: string;
      readonly description?: string;
      readonly lanes: LaneId['kind'];
      readonly keepsLanes: boolean;
    };

/** Checks a custom module, whose default export can be anything. */
export function strategyClaimsOf(exported: unknown): StrategyClaims {
  if (!isObject(exported)) return { wrong: 'its default export must be an object with `lanes` and `open`' };
  const { name, description, lanes, keepsLanes = true, open } = exported;
  if (name !== undefined && !(typeof name === 'string' && /^[\w.-]{1,80}$/.test(name)))
    return { wrong: '`name` must consist of up to 80 letters, digits, dots, dashes and underscores' };
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
