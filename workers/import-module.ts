import type { ModuleRef } from './contract.ts';

/** All exports of a module, by name. */
export type Module = Readonly<Record<string, unknown>>;

const registered = new Set<string>();

/**
 * Imports a custom module, after registering its loaders. Each thread registers them itself: it does not inherit those
 * of its process, and `--import` is not enough for threads.
 *
 * @param prepare called just before the module is imported
 * @throws the error of the module on import
 */
export async function importModule({ url, loaders = [] }: ModuleRef, prepare?: () => void): Promise<Module> {
  for (const loader of loaders.filter((one) => !registered.has(one))) {
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
