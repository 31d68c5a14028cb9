import { shortId } from '../model/cell-id.ts';
import type { LoadResults } from '../model/load.ts';
import type { Results } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { recordedIn, writeCommand } from '../options/values.ts';
import { groupBy } from '../stats/groups.ts';

/**
 * The command to reproduce a run, made from its results: these hold no paths, no inputs and not which flags were given,
 * so files are named without their folders.
 */
export function commandText(results: Results): string {
  const { workloads, options, environment, seed } = results;
  const sources = sourcesOf(results);
  const common = {
    blocks: options.looks?.[0] ?? options.blocks,
    params: scansOf(workloads),
    seed,
    ...environment.emulated,
  };
  if (options.tuning !== undefined)
    return writeCommand('tune', { ...recordedIn('tune', options), ...common, ...aimOf(results), workload: sources[0] });
  return writeCommand('run', {
    ...recordedIn('run', options),
    ...common,
    workloads: sources,
    ...(hasUsualSizes(results) && { poolSizes: undefined }),
    ...(options.looks && { untilDecided: true }),
    predict: options.predict?.lanes,
    predictCores: options.predict?.cores,
    // As given, or else as inherited: the default elsewhere may differ.
    uvThreads: options.uvThreads ?? environment.uvThreads,
    ...versionsOf(results),
  });
}

/** The command to reproduce a load measurement, with the objective and the windows that it had. */
export function loadCommandText(results: LoadResults): string {
  const { workloads, cells, options, environment, seed } = results;
  const inPools = new Set(cells.flatMap((cell) => (traitsOf(cell).lanes === 'one' ? [] : [cell.concurrency])));
  const isUsual = inPools.size === 0 || (inPools.size === 1 && inPools.has(1));
  return writeCommand('load', {
    ...recordedIn('load', options),
    ...environment.emulated,
    workload: sourcesOf(results),
    objective: workloads[0]?.objective,
    probe: options.probePerSecond,
    window: options.requests,
    ...(options.stricterFifo && { stricterFifo: undefined }),
    ...(!isUsual && { concurrency: [...inPools] }),
    params: scansOf(workloads),
    blocks: options.blocks,
    seed,
    ...versionsOf(results),
  });
}

/** Modules and their params, as results of both kinds have them. */
interface FromModules {
  readonly workloads: readonly Pick<Results['workloads'][number], 'name' | 'source' | 'newerSource' | 'params'>[];
  readonly options: Pick<Results['options'], 'versusRef'>;
}

function sourcesOf({ workloads, options: { versusRef } }: FromModules): readonly string[] {
  const sources = workloads.flatMap(({ name, source, newerSource }) => {
    if (source === 'shipped') return [name];
    if (newerSource === undefined) return [pathOf(source)];
    return versusRef === undefined ? [pathOf(source), pathOf(newerSource)] : [pathOf(newerSource)];
  });
  return [...new Set(sources)];
}

/** Files are named without their folder and with their ending; anything else is the specifier of a package. */
function pathOf(source: string): string {
  return /^[^/]*\.[cm]?[jt]sx?(?:#|$)/.test(source) ? `./${source}` : source;
}

function versionsOf({ workloads, options: { versusRef } }: FromModules): object {
  if (versusRef !== undefined) return { versusRef: versusRef.ref };
  return workloads.some(({ newerSource }) => newerSource !== undefined) ? { versus: true } : {};
}

/** The goal of `tune`. */
function aimOf({ options: { tuning: goal }, tuning, cells }: Results): object {
  // One size besides Node's own is tried by default; with --uv-threads, every candidate has a size.
  const sizes = cells.map(({ uvThreads }) => uvThreads);
  const current = cells.find(({ id }) => id === tuning?.current);
  const isAsked = sizes.length > 0 && !sizes.includes(undefined);
  return {
    ...goal,
    ...(goal?.for === 'throughput' && { minThroughput: undefined }),
    ...(isAsked && { uvThreads: [...new Set(sizes)] }),
    ...(current !== undefined && { current: shortId(current) }),
  };
}

/**
 * Whether the pool sizes are the defaults: 1 and the number of CPUs, only the latter where every task starts a lane.
 */
function hasUsualSizes({ options: { poolSizes }, environment: { cores }, cells }: Results): boolean {
  const usual = [...new Set([1, cores])];
  return (
    JSON.stringify(poolSizes) === JSON.stringify(usual) &&
    cells.every((cell) => traitsOf(cell).lanes !== 'per-task' || cell.poolSize === cores)
  );
}

/**
 * All params of a single workload, since results do not hold its defaults; with several workloads, the scanned params.
 */
function scansOf(workloads: FromModules['workloads']): Readonly<Record<string, readonly unknown[]>> {
  const isAlone = new Set(workloads.map(({ name }) => name)).size === 1;
  const params = [...new Set(workloads.flatMap((workload) => Object.keys(workload.params)))];
  return Object.fromEntries(
    params.flatMap((param): [string, readonly unknown[]][] => {
      const having = workloads.filter((workload) => Object.hasOwn(workload.params, param));
      const byName = [...groupBy(having, ({ name }) => name).values()];
      const valuesOf = byName.map((own) => new Set(own.map((workload) => JSON.stringify(workload.params[param]))));
      const all = [...new Set(valuesOf.flatMap((values) => [...values]))];
      const isScanned = valuesOf.some(({ size }) => size > 1);
      // A flag cannot hold a list of lists.
      const isFlag = all.length === 1 || all.every((value) => !/[[{,]/.test(value));
      return isFlag && (isScanned || isAlone) ? [[param, all.map((value) => JSON.parse(value) as unknown)]] : [];
    }),
  );
}
