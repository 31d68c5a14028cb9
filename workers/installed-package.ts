/** Packages that users install beside Lanewise. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { workingFolder } from './own-folders.ts';

/**
 * Where they are looked for: beside Lanewise, or else in the working folder, since a global Lanewise, or one of npx,
 * measures with those of the project.
 */
const BASES = [import.meta.url, ...(workingFolder === undefined ? [] : [join(workingFolder, 'package.json')])];

/** The main file of a package, or one of its files; undefined if it is not installed. */
export function installedPath(name: string, bases: readonly string[] = BASES): string | undefined {
  for (const base of bases) {
    try {
      return createRequire(base).resolve(name);
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** @throws if it is not installed */
export function loadInstalled(name: string): unknown {
  const path = installedPath(name);
  if (path === undefined) throw new Error(`the package ${name} is not installed`);
  return createRequire(import.meta.url)(path);
}
