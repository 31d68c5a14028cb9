import type { Cell, Options, TunedModule, Tuning } from '../../model/results.ts';

/**
 * Where the code of a configuration will run: facts of the module, and others left out of results because those are
 * shared.
 */
export interface Deployment extends TunedModule {
  /** Specifier for importing it from the working folder: `./src/worker.js`, or `some-package/worker`. */
  readonly module: string;
  /** One per task, or one for all; undefined: none, made by the workload, or unknown. */
  readonly inputs?: readonly unknown[];
  readonly workerData?: unknown;
}

/** The deployment as far as results hold it: the name of the file, without its folder. */
export function deploymentOf(source: string, tuning: Pick<Tuning, 'module'> = {}): Deployment {
  const [file = source, exportName] = source === 'shipped' ? ['worker.js'] : source.split('#');
  // Results of earlier versions do not describe the module.
  const facts = tuning.module ?? {
    isPackage: false,
    format: 'esm',
    steps: [exportName ?? 'default'],
    needsTsx: false,
    ...(exportName !== undefined && { exportName }),
  };
  const isPackage = facts.isPackage && facts.file === undefined;
  return { ...facts, isPackage, module: isPackage ? file : `./${facts.file ?? file}` };
}

export type Setting = Pick<Cell, 'strategy' | 'poolSize' | 'concurrency' | 'uvThreads'>;

/** Other facts of the measurement that the code reproduces. */
export interface MeasuredWith {
  /** Tasks of a batch. */
  readonly tasks: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly atomics: Options['atomics'];
  /** Node flags of the hosts. */
  readonly flags: readonly string[];
  /** The version of Piscina; undefined: unknown. */
  readonly piscina: string | undefined;
  /** The server of a queue; undefined: there is none. */
  readonly queueServer?: NonNullable<Options['queue']>['server'] | undefined;
  /** Longest task, ms; undefined: unknown. */
  readonly longestMs?: number | undefined;
}
