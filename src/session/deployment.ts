import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../model/plan.ts';
import { parseModulePath } from '../model/module-path.ts';
import type { Deployment } from '../report/tuning/deployment.ts';
import { tunedModule } from '../flow/tuned-module.ts';
import { workingFolder } from '../system/working-folder.ts';

/**
 * Where the code of a tuning is to run: in the working folder, from which the module was given. Only for the user's own screen: results and
 * reports are passed on, and name a file without its folder. Undefined of a workload that ships.
 *
 * @param asked the workload as it was given
 */
export function deploymentFor(asked: string, { groups }: Plan): Deployment | undefined {
  const workload = groups[0]?.workload;
  if (workload === undefined) return undefined;
  const facts = tunedModule(asked, workload);
  if (facts === undefined) return undefined;
  const { ref, inputs } = workload;
  return {
    ...facts,
    module: facts.isPackage ? parseModulePath(asked).path : pathFrom(workingFolder(), fileURLToPath(ref.url)),
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
