import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';
import type { WorkloadRef } from '../../workers/contract.ts';

export function isTypeScript(url: string): boolean {
  return /\.[cm]?tsx?$/.test(url);
}

/**
 * What Node must import before it can load the module: tsx, if the module is TypeScript, this Node does not strip types (it does since
 * 22.18), and tsx is installed beside the module or in the working folder. Otherwise undefined.
 */
export function loaderFor(url: string): string | undefined {
  if (!isTypeScript(url) || stripsTypes()) return undefined;
  const folders = [new URL(url), pathToFileURL(join(process.cwd(), 'lanewise.js'))];
  return folders.map(tsxFrom).find((loader) => loader !== undefined);
}

function tsxFrom(parent: URL): string | undefined {
  try {
    return moduleResolve('tsx', parent, new Set(['node', 'import'])).href;
  } catch {
    return undefined;
  }
}

/** Whether this Node runs TypeScript by itself. */
export function stripsTypes(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}

/** The flags with which Node can load these modules. Threads and forked processes inherit them. */
export function importing(refs: readonly WorkloadRef[]): readonly string[] {
  const loaders = new Set(refs.flatMap(({ loader }) => loader ?? []));
  return [...loaders].flatMap((loader) => ['--import', loader]);
}
