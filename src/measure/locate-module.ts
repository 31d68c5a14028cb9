import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';
import type { ModuleRef } from '../../workers/contract.ts';
import { LanewiseError } from '../model/errors.ts';
import type { FoundWorkload, WorkloadPlace } from '../model/plan.ts';
import { isPackagePath, parseModulePath } from '../model/module-path.ts';
import { workingFolder } from '../system/working-folder.ts';
import { withLoaders } from './type-loader.ts';

export type LocatedWorkload = Omit<FoundWorkload, 'claims'>;

/** Finds the file of a workload. @throws LanewiseError if there is none, or if it can be no module */
export function locateWorkload(place: WorkloadPlace): LocatedWorkload {
  if (place.kind === 'shipped') {
    const url = new URL(`../../bench/${place.module}`, import.meta.url);
    return { ref: { url: url.href }, source: 'shipped', fallbackName: place.name };
  }
  const { ref, exportName, source, fallbackName } = locateModule(place.path);
  return {
    ref: { ...ref, ...(exportName !== undefined && { exportName }) },
    source: place.version === undefined ? source : `${source} at ${place.version}`,
    fallbackName,
  };
}

interface LocatedModule {
  readonly ref: ModuleRef;
  readonly exportName: string | undefined;
  /** Without its folder, or what the package is imported by. */
  readonly source: string;
  readonly fallbackName: string;
}

/** Finds the file of a module of the user's. @throws LanewiseError if there is none, or if it can be no module */
export function locateModule(asked: string): LocatedModule {
  const { path: wanted, exportName } = parseModulePath(asked);
  const isOfPackage = isPackagePath(wanted);
  const path = isOfPackage ? inPackage(wanted) : fileAt(wanted);
  const suffix = exportName === undefined ? '' : `#${exportName}`;
  const [source, name] = isOfPackage ? [wanted, wanted] : [basename(path), basename(path, extname(path))];
  return {
    ref: withLoaders(pathToFileURL(path).href),
    exportName,
    source: `${source}${suffix}`,
    fallbackName: `${name}${suffix}`,
  };
}

function fileAt(asked: string): string {
  const path = resolve(workingFolder(), asked);
  if (!existsSync(path))
    throw new LanewiseError(
      'input',
      `There is no file ${asked}: give the path of a module that exports a workload, or a name that "lanewise list" shows.`,
    );
  if (statSync(path).isDirectory())
    throw new LanewiseError(
      'input',
      `${asked} is a folder: give the path of the module in it that exports the workload.`,
    );
  if (extname(path) === '.json')
    throw new LanewiseError(
      'input',
      `${asked} is JSON, not a module: give the path of a module that exports a workload.`,
    );
  return path;
}

/** As a module in the working folder would import it, or else require it: then a file’s ending may be left out. */
function inPackage(asked: string): string {
  const from = pathToFileURL(join(workingFolder(), 'lanewise.js'));
  try {
    return fileURLToPath(moduleResolve(asked, from, new Set(['node', 'import'])));
  } catch (cause) {
    const required = requiredFrom(from, asked);
    if (required !== undefined) return required;
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
        ? 'the package has no such module among its exports'
        : 'and no package here has such a module';
    throw new LanewiseError(
      'input',
      `There is no file ${asked}, ${why}: give the path of a module that exports a workload, or a name that "lanewise list" shows.`,
      { cause },
    );
  }
}

function requiredFrom(from: URL, asked: string): string | undefined {
  try {
    return createRequire(from).resolve(asked);
  } catch {
    return undefined;
  }
}
