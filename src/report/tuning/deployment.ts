import type { TunedModule, Tuning } from '../../model/results.ts';

/** Where the code of a setting is to run: what results tell of the module, and what they do not, since they are passed on. */
export interface Deployment extends TunedModule {
  /** As it is imported from a file in the working folder: `./src/worker.js`, or `some-package/worker`. */
  readonly module: string;
  /** One for each task, or one for all; undefined: tasks have none, make their own, or it is not known. */
  readonly inputs?: readonly unknown[];
  readonly workerData?: unknown;
}

/** What is known where only results are: the name of the file, without its folder. */
export function deploymentOf(source: string, tuning: Pick<Tuning, 'module'> = {}): Deployment {
  const [file = source, exportName] = source === 'shipped' ? ['worker.js'] : source.split('#');
  // Results of an earlier version know nothing of the module.
  const facts = tuning.module ?? {
    isPackage: false,
    format: 'esm',
    steps: [exportName ?? 'default'],
    needsTsx: false,
    ...(exportName !== undefined && { exportName }),
  };
  return { ...facts, module: facts.isPackage ? file : `./${file}` };
}
