import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';
import type { LaneError, ModuleRef } from '../../workers/contract.ts';
import { oneLine } from '../model/errors.ts';
import { workingFolder } from '../system/working-folder.ts';

function isTypeScript(url: string): boolean {
  return /\.[cm]?tsx?$/.test(url);
}

/**
 * A module, with what must be imported and registered before it can be loaded: tsx, if the module is TypeScript, this Node does not strip types (it
 * does since 22.18), and tsx is installed beside the module or in the working folder.
 */
export function withLoaders(url: string): ModuleRef {
  const loaders = isTypeScript(url) && !stripsTypes() ? loadersFor(url) : [];
  return { url, ...(loaders.length > 0 && { loaders }) };
}

function loadersFor(url: string): readonly string[] {
  const folders = [new URL(url), pathToFileURL(join(workingFolder(), 'lanewise.js'))];
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

/** Why a TypeScript module could not be loaded, and what would help, to follow its name; undefined if that is not why. */
export function whyNotLoaded({ url, loaders }: ModuleRef, { name, message }: LaneError): string | undefined {
  const isAboutSyntax =
    name === 'SyntaxError' || /Unknown file extension|Unexpected token|Unexpected identifier/.test(message);
  if (!isTypeScript(url) || loaders !== undefined || !isAboutSyntax) return undefined;
  return stripsTypes()
    ? `is TypeScript that Node ${process.version} cannot run by leaving out its types (${oneLine(message)}): write it without enums, namespaces and parameter properties, or compile it to JavaScript first.`
    : `is TypeScript, which Node ${process.version} does not run by itself: install tsx beside it (npm install --save-dev tsx), use Node 22.18 or later, or compile it to JavaScript first.`;
}

/** Whether this Node runs TypeScript by itself. */
export function stripsTypes(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}
