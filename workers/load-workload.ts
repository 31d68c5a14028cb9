import type { TaskFunction, WorkloadDefinition, WorkloadRef } from './contract.ts';
import { defaultExport, importModule, type Module } from './import-module.ts';
import { setWorkerData } from './worker-data.ts';

/**
 * Imports a workload module: its default export, or the one that was asked for, is a definition or the task function itself.
 *
 * @throws whatever the module throws on import, or {@link NotAWorkloadError}.
 */
export async function loadWorkload({ exportName, workerData, ...ref }: WorkloadRef): Promise<WorkloadDefinition> {
  setWorkerData(workerData);
  const module = await importModule(ref);
  const exported = exportName === undefined ? defaultExport(module) : namedExport(module, exportName);
  if (isTask(exported)) return { task: exported };
  if (isDefinition(exported)) return exported;
  throw new NotAWorkloadError(`${describe(exported, exportName)}; ${remedyFor(module)}`);
}

/** The module loads, but what it exports is no workload; the message says what it is. */
class NotAWorkloadError extends Error {
  override readonly name = 'NotAWorkloadError';
}

/** Of a CommonJS module Node does not see every name, but its `module.exports` is the default export. */
function namedExport(module: Module, name: string): unknown {
  return module[name] ?? (isObject(module.default) ? module.default[name] : undefined);
}

function isObject(value: unknown): value is Module {
  return typeof value === 'object' && value !== null;
}

function isTask(exported: unknown): exported is TaskFunction {
  return typeof exported === 'function';
}

function isDefinition(exported: unknown): exported is WorkloadDefinition {
  return typeof exported === 'object' && exported !== null && 'task' in exported && typeof exported.task === 'function';
}

function describe(exported: unknown, exportName: string | undefined): string {
  const what = exportName === undefined ? 'default export' : `export "${exportName}"`;
  if (exported === undefined) return `it has no ${what}`;
  if (isObject(exported)) return `its ${what} has no \`task\` function`;
  return `its ${what} is ${exported === null ? 'null' : `a ${typeof exported}`}`;
}

/** Another export that would do, or what is needed. */
function remedyFor(module: Module): string {
  const all = { ...(isObject(module.default) && module.default), ...module };
  const names = Object.keys(all).filter((name) => name !== 'default' && (isTask(all[name]) || isDefinition(all[name])));
  if (names.length === 0) return 'it must export the task function, or an object with a `task`, as its default export';
  const shown = names.slice(0, MOST_NAMES).map((name) => `#${name}`);
  return `to take another of its exports, add its name to the path: ${shown.join(', ')}`;
}

const MOST_NAMES = 8;
