import { basename, isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFoundAs } from '../measure/locate-module.ts';
import { isPackagePath, parseModulePath } from '../model/module-path.ts';
import type { Plan, Workload } from '../model/plan.ts';
import type { TunedModule } from '../model/results.ts';
import type { Deployment } from '../report/tuning/deployment.ts';
import { packageType } from '../system/package-type.ts';
import { workingFolder } from '../system/surroundings.ts';

/**
 * Facts of a module that code to paste needs; its path stays private.
 *
 * @param asked the workload as given
 * @returns undefined for a built-in workload, which no program imports
 */
export function tunedModule(asked: string, { source, ref, claims, services }: Workload): TunedModule | undefined {
  if (source === 'shipped') return undefined;
  const { path } = parseModulePath(asked);
  const file = fileURLToPath(ref.url);
  const format = formatIn(workingFolder());
  const isPackage = isPackagePath(path);
  return {
    isPackage,
    // The conditions of its exports may lead the code to another file than the measured one, or to none.
    ...(isPackage && !isFoundAs(path, file, format) && { file: basename(file) }),
    ...(ref.exportName !== undefined && { exportName: ref.exportName }),
    format,
    steps: [...claims.steps],
    ...(!claims.isFunction && {
      definition: { makesInputs: !claims.takesInput, transfers: claims.transfers, services: [...services] },
    }),
    needsTsx: ref.needsLoaders === true,
  };
}

/** Format of a `.js` file in a folder, by the nearest package.json. */
export function formatIn(folder: string): TunedModule['format'] {
  return packageType(folder) === 'module' ? 'esm' : 'cjs';
}

/**
 * Paths for the code that a tuning prints, relative to the working folder. For the terminal only: results and reports
 * are shared, so they name files without folders. Undefined for a built-in workload.
 *
 * @param asked the workload as the user gave it
 */
export function deploymentFor(asked: string, { groups }: Plan): Deployment | undefined {
  const workload = groups[0]?.workload;
  if (workload === undefined) return undefined;
  const facts = tunedModule(asked, workload);
  if (facts === undefined) return undefined;
  const { ref, inputs } = workload;
  const isPackage = facts.isPackage && facts.file === undefined;
  return {
    ...facts,
    isPackage,
    module: isPackage ? parseModulePath(asked).path : pathFrom(workingFolder(), fileURLToPath(ref.url)),
    ...(inputs !== undefined && { inputs }),
    ...(ref.workerData !== undefined && { workerData: ref.workerData }),
  };
}

function pathFrom(folder: string, file: string): string {
  const path = relative(folder, file);
  // On another drive of Windows.
  if (isAbsolute(path)) return path;
  const shown = path.split(sep).join('/');
  return shown.startsWith('../') ? shown : `./${shown}`;
}
