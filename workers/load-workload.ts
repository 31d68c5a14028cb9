import type { TaskFunction, WorkloadDefinition, WorkloadRef } from './contract.ts';

/**
 * Imports a workload module: its default export is a definition or the task function itself.
 *
 * @throws whatever the module throws on import, or {@link NotAWorkloadError}.
 */
export async function loadWorkload(ref: WorkloadRef): Promise<WorkloadDefinition> {
  const exported = defaultExport(await import(ref.url));
  if (isTask(exported)) return { task: exported };
  if (isDefinition(exported)) return exported;
  throw new NotAWorkloadError(describe(exported));
}

/** The module loads, but its default export is no workload; the message says what it is. */
class NotAWorkloadError extends Error {
  override readonly name = 'NotAWorkloadError';
}

function defaultExport(module: { readonly default?: unknown }): unknown {
  const exported = module.default;
  // A CommonJS module compiled from ESM keeps its default export one level down.
  const isTranspiled = typeof exported === 'object' && exported !== null && '__esModule' in exported;
  return isTranspiled && 'default' in exported ? exported.default : exported;
}

function isTask(exported: unknown): exported is TaskFunction {
  return typeof exported === 'function';
}

function isDefinition(exported: unknown): exported is WorkloadDefinition {
  return typeof exported === 'object' && exported !== null && 'task' in exported && typeof exported.task === 'function';
}

function describe(exported: unknown): string {
  if (exported === undefined) return 'it has no default export';
  if (typeof exported === 'object' && exported !== null) return 'its default export has no `task` function';
  return `its default export is ${exported === null ? 'null' : `a ${typeof exported}`}`;
}
