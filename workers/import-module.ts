import type { ModuleRef } from './contract.ts';
import { runsTypeScript, thisRuntime } from './this-runtime.ts';

/** All exports of a module, by name. */
export type Module = Readonly<Record<string, unknown>>;

const registered = new Set<string>();

/**
 * Imports a custom module, after registering its loaders if they are needed. Each thread registers them itself: it does
 * not inherit those of its process, and `--import` is not enough for threads.
 *
 * @param prepare called just before the module is imported
 * @throws the error of the module on import
 */
export async function importModule(
  { url, loaders = [], needsLoaders }: ModuleRef,
  prepare?: () => void,
): Promise<Module> {
  // Bun and Deno run all of TypeScript.
  const areNeeded = thisRuntime().name === 'node' && (needsLoaders === true || !runsTypeScript());
  const needed = areNeeded ? loaders : [];
  for (const loader of needed.filter((one) => !registered.has(one))) {
    registered.add(loader);
    const module = (await import(loader)) as { readonly register: () => unknown };
    module.register();
  }
  prepare?.();
  return (await import(url)) as Module;
}

/** Finds the default export; a CommonJS module that was compiled from ESM has it one level deeper. */
export function defaultExport({ default: exported }: Module): unknown {
  const isTranspiled = typeof exported === 'object' && exported !== null && '__esModule' in exported;
  return isTranspiled && 'default' in exported ? exported.default : exported;
}
