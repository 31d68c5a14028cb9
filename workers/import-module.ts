import type { ModuleRef } from './contract.ts';

/** All that a module exports, by name. */
export type Module = Readonly<Record<string, unknown>>;

const registered = new Set<string>();

/**
 * Imports a module of the user's, with what it needs to be loaded registered before. In each thread by itself: threads do not inherit what
 * their process has registered, nor is it enough to give them `--import`.
 *
 * @param prepare called last before the module itself is imported
 * @throws whatever the module throws on import
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

/** A CommonJS module that was compiled from ESM keeps its default export one level down. */
export function defaultExport({ default: exported }: Module): unknown {
  const isTranspiled = typeof exported === 'object' && exported !== null && '__esModule' in exported;
  return isTranspiled && 'default' in exported ? exported.default : exported;
}
