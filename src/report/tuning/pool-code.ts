import { present } from '../document.ts';
import { json, quoted, urlPath, type Lines } from './code-text.ts';
import type { Deployment, MeasuredWith, Setting } from './deployment.ts';
import { workerModule } from './worker-file.ts';

/** A pool class of a package, and its options. */
export interface Pool {
  readonly name: string;
  readonly module: string;
  readonly install: string;
  readonly options: Lines;
  /** The parts of an input that are moved instead of copied; undefined: none. */
  readonly moved?: string | undefined;
}

export function piscina(setting: Setting, { definition }: Deployment, measured: MeasuredWith): Pool {
  const { poolSize } = setting;
  return {
    name: 'Piscina',
    module: 'piscina',
    install: present('piscina', measured.piscina).join('@'),
    options: present(
      `minThreads: ${poolSize}`,
      `maxThreads: ${poolSize}`,
      'idleTimeout: Infinity',
      concurrencyOption('concurrentTasksPerWorker', setting),
      measured.atomics !== 'sync' && `atomics: '${measured.atomics}'`,
    ),
    moved: definition?.transfers === true ? 'workload.transfer(input)' : undefined,
  };
}

export function processPool(setting: Setting): Pool {
  const { poolSize, uvThreads } = setting;
  return {
    name: 'ProcessPool',
    module: 'lanewise/pool',
    install: 'lanewise',
    options: present(
      `processes: ${poolSize}`,
      concurrencyOption('concurrency', setting),
      uvThreads !== undefined && `env: { ...process.env, UV_THREADPOOL_SIZE: '${uvThreads}' }`,
    ),
  };
}

/**
 * The option for more than one task at a time in each worker. `all` depends on how many there are, which in a program
 * is not the number in a measured batch.
 */
function concurrencyOption(option: string, { poolSize, concurrency }: Setting): string | false {
  const each = concurrency === 'all' ? `Math.ceil(inputs.length / ${poolSize}) || 1` : concurrency;
  return each !== 1 && `${option}: ${each}`;
}

/** Options of a pool about the worker file. */
export function fileOptions(where: Deployment): Lines {
  const { module, isPackage, exportName } = workerModule(where);
  const file =
    where.format === 'cjs'
      ? `require.resolve(${quoted(module)})`
      : isPackage
        ? `import.meta.resolve(${quoted(module)})`
        : `new URL(${quoted(urlPath(module))}, import.meta.url).href`;
  return present(
    `filename: ${file}`,
    exportName !== undefined && `name: ${quoted(exportName)}`,
    where.workerData !== undefined && `workerData: ${json(where.workerData)}`,
  );
}
