import { shortId } from '../model/cell-id.ts';
import type { Results } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { recordedIn, writeCommand } from '../options/values.ts';
import { groupBy } from '../stats/groups.ts';

/**
 * A command that measures much the same again: made from what the results hold, in which there is no path of the user, no input
 * and nothing of which flags were given. A file is named without its folder.
 */
export function commandText(results: Results): string {
  const { workloads, options, environment, seed } = results;
  const sources = sourcesOf(results);
  const common = { blocks: options.looks?.[0] ?? options.blocks, params: scansOf(workloads), seed };
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
    // As it was asked for, or else as it was inherited: elsewhere it would be another.
    uvThreads: options.uvThreads ?? environment.uvThreads,
    ...versionsOf(results),
  });
}

function sourcesOf({ workloads, options: { versusRef } }: Results): readonly string[] {
  const sources = workloads.flatMap(({ name, source, newerSource }) => {
    if (source === 'shipped') return [name];
    if (newerSource === undefined) return [`./${source}`];
    return versusRef === undefined ? [`./${source}`, `./${newerSource}`] : [`./${newerSource}`];
  });
  return [...new Set(sources)];
}

function versionsOf({ workloads, options: { versusRef } }: Results): object {
  if (versusRef !== undefined) return { versusRef: versusRef.ref };
  return workloads.some(({ newerSource }) => newerSource !== undefined) ? { versus: true } : {};
}

/** What `tune` was to look for. */
function aimOf({ options: { tuning: goal }, tuning, cells }: Results): object {
  // One size beside Node's own is tried unasked; with sizes that were asked for, every setting has one.
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

/** What is measured without `--pool-size`: one lane and as many as there are cores, and that only where lanes are started per task. */
function hasUsualSizes({ options: { poolSizes }, environment: { cores }, cells }: Results): boolean {
  const usual = [...new Set([1, cores])];
  return (
    JSON.stringify(poolSizes) === JSON.stringify(usual) &&
    cells.every((cell) => traitsOf(cell).lanes !== 'per-task' || cell.poolSize === cores)
  );
}

/** Params of a single workload all, since its defaults are not in the results; of several, those that were scanned. */
function scansOf(workloads: Results['workloads']): Readonly<Record<string, readonly unknown[]>> {
  const isAlone = new Set(workloads.map(({ name }) => name)).size === 1;
  const params = [...new Set(workloads.flatMap((workload) => Object.keys(workload.params)))];
  return Object.fromEntries(
    params.flatMap((param): [string, readonly unknown[]][] => {
      const having = workloads.filter((workload) => Object.hasOwn(workload.params, param));
      const byName = [...groupBy(having, ({ name }) => name).values()];
      const valuesOf = byName.map((own) => new Set(own.map((workload) => JSON.stringify(workload.params[param]))));
      const all = [...new Set(valuesOf.flatMap((values) => [...values]))];
      const isScanned = valuesOf.some(({ size }) => size > 1);
      // A list of lists cannot be written as a flag.
      const isFlag = all.length === 1 || all.every((value) => !/[[{,]/.test(value));
      return isFlag && (isScanned || isAlone) ? [[param, all.map((value) => JSON.parse(value) as unknown)]] : [];
    }),
  );
}
