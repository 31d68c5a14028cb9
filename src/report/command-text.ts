import { wayOf } from '../model/cell-id.ts';
import type { Results } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';

/**
 * A command that measures much the same again: made from what the results hold, in which there is no path of the user, no input
 * and nothing of which flags were given. A file is named without its folder.
 */
export function commandText(results: Results): string {
  const { workloads, options, seed } = results;
  const { versusRef } = options;
  const sources = workloads.flatMap(({ name, source, newerSource }) => {
    if (source === 'shipped') return [name];
    if (newerSource === undefined) return [`./${source}`];
    return versusRef === undefined ? [`./${source}`, `./${newerSource}`] : [`./${newerSource}`];
  });
  const words = [
    'lanewise',
    options.tuning === undefined ? 'run' : 'tune',
    ...new Set(sources),
    ...aim(results),
    ...(versusRef === undefined ? [] : list('--versus-ref', [versusRef.ref])),
    ...(versusRef === undefined && workloads.some(({ newerSource }) => newerSource !== undefined) ? ['--versus'] : []),
    ...list('--strategy', options.strategies),
    ...(options.tuning === undefined && hasUsualSizes(results) ? [] : list('--pool-size', options.poolSizes)),
    ...(options.inFlight === null ? [] : list('--in-flight', options.inFlight)),
    ...scans(workloads),
    ...(options.tasks === null || options.tasks === undefined ? [] : list('--tasks', [options.tasks])),
    ...(options.tuning === undefined ? list('--baseline', [options.baseline]) : []),
    ...list('--preset', [options.preset]),
    ...list('--blocks', [options.looks?.[0] ?? options.blocks]),
    ...(options.looks === undefined ? [] : ['--until-decided']),
    ...list('--rounds', [options.rounds]),
    ...list('--min-effect', [percentOf(options.minEffect)]),
    ...uvThreadsOf(results),
    ...list('--atomics', [options.atomics]),
    ...(options.predict === undefined ? [] : list('--predict', options.predict.lanes)),
    ...(typeof options.predict?.cores === 'number' ? list('--predict-cores', [options.predict.cores]) : []),
    ...list('--seed', [seed]),
  ];
  return words.map(quoted).join(' ');
}

/** As it was asked for, or else as it was inherited: elsewhere it would be another. */
function uvThreadsOf({ options, environment }: Results): string[] {
  const size = options.uvThreads ?? environment.uvThreads;
  return options.tuning !== undefined || size === undefined || size === null ? [] : list('--uv-threads', [size]);
}

/** What `tune` was to look for. Nothing of a run. */
function aim({ options: { tuning: goal }, tuning, cells }: Results): string[] {
  if (goal === undefined) return [];
  const { current } = tuning ?? {};
  // One size beside Node's own is tried unasked; with sizes that were asked for, every setting has one.
  const sizes = cells.map(({ uvThreads }) => uvThreads);
  const isAsked = sizes.length > 0 && !sizes.includes(undefined);
  return [
    ...list('--for', [goal.for]),
    ...(goal.for === 'throughput' ? [] : list('--min-throughput', [percentOf(goal.minThroughput)])),
    ...(goal.maxMemoryMiB === null ? [] : list('--max-memory', [`${Number(goal.maxMemoryMiB.toPrecision(6))}MiB`])),
    ...list('--max-pool-size', [goal.maxPoolSize]),
    ...(isAsked ? list('--uv-threads', [...new Set(sizes)]) : []),
    ...(current === undefined ? [] : list('--current', [wayOf(current)])),
  ];
}

function percentOf(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(6))}%`;
}

function list(flag: string, values: readonly unknown[]): string[] {
  return [flag, values.map(String).join(',')];
}

/** What is measured without `--pool-size`: one lane and as many as there are cores, and that only where lanes are started per task. */
function hasUsualSizes({ options: { poolSizes }, environment: { cores }, cells }: Results): boolean {
  const usual = [...new Set([1, cores])];
  return (
    JSON.stringify(poolSizes) === JSON.stringify(usual) &&
    cells.every((cell) => traitsOf(cell).lanes !== 'per-task' || cell.poolSize === cores)
  );
}

/** Params of a single workload all, since its defaults are not in the results; of several, those that were scanned. */
function scans(workloads: Results['workloads']): string[] {
  const names = [...new Set(workloads.map(({ name }) => name))];
  const params = [...new Set(workloads.flatMap((workload) => Object.keys(workload.params)))];
  return params.flatMap((param) => {
    const valuesOf = (name: string): readonly string[] => [
      ...new Set(
        workloads
          .filter((workload) => workload.name === name && Object.hasOwn(workload.params, param))
          .map((workload) => JSON.stringify(workload.params[param])),
      ),
    ];
    const all = [...new Set(names.flatMap(valuesOf))];
    const isScanned = names.some((name) => valuesOf(name).length > 1);
    // A list of lists cannot be written as a flag.
    const isFlag = all.length === 1 || all.every((value) => !/[[{,]/.test(value));
    return isFlag && (isScanned || names.length === 1) ? ['--param', `${param}=${all.join(',')}`] : [];
  });
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
