import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../model.ts';
import { isPackagePath, parseModulePath } from '../module-path.ts';
import type { Deployment, ModuleFormat } from '../report/tuning/deployment.ts';
import { workingFolder } from '../working-folder.ts';

/**
 * Where the code of a tuning is to run: in the working folder, from which the module was given. Only for the user's own screen: results and
 * reports are passed on, and name a file without its folder. Undefined of a workload that ships, which no program has.
 *
 * @param asked the workload as it was given
 */
export function deploymentFor(asked: string, { groups }: Plan): Deployment | undefined {
  const workload = groups[0]?.workload;
  if (workload?.claims === undefined || workload.source === 'shipped') return undefined;
  const { ref, claims, inputs, services } = workload;
  const folder = workingFolder();
  const { path } = parseModulePath(asked);
  const isPackage = isPackagePath(path);
  return {
    module: isPackage ? path : pathFrom(folder, fileURLToPath(ref.url)),
    isPackage,
    ...(ref.exportName !== undefined && { exportName: ref.exportName }),
    format: formatIn(folder),
    steps: claims.steps,
    ...(!claims.isFunction && {
      definition: { makesInputs: !claims.takesInput, transfers: claims.transfers, services },
    }),
    ...(inputs !== undefined && { inputs }),
    ...(ref.workerData !== undefined && { workerData: ref.workerData }),
    needsCompiling: (ref.loaders ?? []).length > 0,
  };
}

function pathFrom(folder: string, file: string): string {
  const path = relative(folder, file);
  // On another drive of Windows.
  if (isAbsolute(path)) return path;
  const shown = path.split(sep).join('/');
  return shown.startsWith('../') ? shown : `./${shown}`;
}

/** What a `.js` file in that folder is: as the nearest package.json says. */
export function formatIn(folder: string): ModuleFormat {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return isModule(manifest) ? 'esm' : 'cjs';
  const parent = dirname(folder);
  return parent === folder ? 'cjs' : formatIn(parent);
}

function isModule(manifest: string): boolean {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly type?: unknown } | null)?.type === 'module';
  } catch {
    // Node could not read it either.
    return false;
  }
}
