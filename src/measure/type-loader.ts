import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';

export function isTypeScript(url: string): boolean {
  return /\.[cm]?tsx?$/.test(url);
}

/**
 * What a lane must import and register before it can load the module: tsx, if the module is TypeScript, this Node does not strip types (it
 * does since 22.18), and tsx is installed beside the module or in the working folder. Otherwise nothing.
 */
export function loadersFor(url: string): readonly string[] {
  if (!isTypeScript(url) || stripsTypes()) return [];
  const folders = [new URL(url), pathToFileURL(join(process.cwd(), 'lanewise.js'))];
  return folders.map(tsxFrom).find((loaders) => loaders.length > 0) ?? [];
}

/** For modules that Node takes for CommonJS, and for ES modules. */
function tsxFrom(parent: URL): readonly string[] {
  try {
    return ['tsx/cjs/api', 'tsx/esm/api'].map((name) => moduleResolve(name, parent, new Set(['node', 'import'])).href);
  } catch {
    return [];
  }
}

/** Whether this Node runs TypeScript by itself. */
export function stripsTypes(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}
