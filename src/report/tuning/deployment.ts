/** Where the code of a setting is to run, as far as results do not tell it: they hold no path, no input and nothing of the module. */
export interface Deployment {
  /** As it is imported from a file in the working folder: `./src/worker.js`, or `some-package/worker`. */
  readonly module: string;
  /** Of a package, and not a path. */
  readonly isPackage: boolean;
  readonly exportName?: string;
  /** What `.js` files are in the user's project. */
  readonly format: ModuleFormat;
  /** From what `import()` of the module gives to the function or the definition: names, and `await` where there is a promise. */
  readonly steps: readonly string[];
  /** Undefined: the module exports the function that a pool calls. */
  readonly definition?: Definition;
  /** One for each task, or one for all; undefined: tasks have none, or make their own. */
  readonly inputs?: readonly unknown[];
  readonly workerData?: unknown;
  /** Why the file cannot be run as it is by the Node that it is measured on: it is TypeScript, and a loader did it. */
  readonly needsCompiling: boolean;
}

export type ModuleFormat = 'esm' | 'cjs';

/** A workload with more than a function: what a pool calls must be made of it. */
interface Definition {
  readonly makesInputs: boolean;
  /** It says what of an input threads move. */
  readonly transfers: boolean;
  readonly services: readonly string[];
}

/** What is known of the code's place where only results are: the name of the file. */
export function deploymentOf(source: string): Deployment {
  const [file = source, exportName] = source === 'shipped' ? ['worker.js'] : source.split('#');
  return {
    module: `./${file}`,
    isPackage: false,
    ...(exportName !== undefined && { exportName }),
    format: 'esm',
    steps: [exportName ?? 'default'],
    needsCompiling: false,
  };
}
