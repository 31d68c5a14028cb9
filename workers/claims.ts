/** The declarations of a workload module, as plain data. */
import { WORKLOAD_FIELDS, type Params, type WorkloadDefinition } from './contract.ts';
import { NotAWorkloadError, type LoadedExport } from './load-workload.ts';
import { isPlain } from './value-kinds.ts';

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
  for (const field of HOOKS) checkHook(field, workload[field]);
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

const HOOKS = ['input', 'setup', 'digest', 'transfer', 'teardown'] as const satisfies (keyof WorkloadDefinition)[];

function checkHook(field: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  throw new NotAWorkloadError(`its \`${field}\` is no function`);
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
    throw new NotAWorkloadError(
      'its `params` contains a value that cannot be cloned, such as a function: use plain values',
    );
  }
}
