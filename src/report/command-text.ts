import type { Results } from '../model.ts';

/**
 * A command that measures the same again: made from what the results hold, in which no path of the user is. A file is named
 * without its folder.
 */
export function commandText({ workloads, options, seed }: Results): string {
  const sources = workloads.flatMap(({ name, source, newerSource }) =>
    source === 'shipped' ? [name] : [`./${source}`, ...(newerSource === undefined ? [] : [`./${newerSource}`])],
  );
  const words = [
    'lanewise',
    'run',
    ...new Set(sources),
    ...(workloads.some(({ newerSource }) => newerSource !== undefined) ? ['--versus'] : []),
    ...list('--strategy', options.strategies),
    ...list('--pool-size', options.poolSizes),
    ...(options.inFlight === null ? [] : list('--in-flight', options.inFlight)),
    ...scans(workloads),
    ...(options.tasks === null || options.tasks === undefined ? [] : list('--tasks', [options.tasks])),
    ...list('--baseline', [options.baseline]),
    ...list('--preset', [options.preset]),
    ...list('--blocks', [options.looks?.[0] ?? options.blocks]),
    ...(options.looks === undefined ? [] : ['--until-decided']),
    ...list('--rounds', [options.rounds]),
    ...list('--min-effect', [`${Number((options.minEffect * 100).toPrecision(6))}%`]),
    ...(options.uvThreads === null ? [] : list('--uv-threads', [options.uvThreads])),
    ...list('--atomics', [options.atomics]),
    ...list('--seed', [seed]),
  ];
  return words.map(quoted).join(' ');
}

function list(flag: string, values: readonly unknown[]): string[] {
  return [flag, values.map(String).join(',')];
}

/** Params of a single workload all, since its defaults are not in the results; of several, those that were scanned. */
function scans(workloads: Results['workloads']): string[] {
  const isOne = new Set(workloads.map(({ name }) => name)).size === 1;
  const names = [...new Set(workloads.flatMap(({ params }) => Object.keys(params)))];
  return names.flatMap((name) => {
    const values = workloads.filter(({ params }) => name in params).map(({ params }) => JSON.stringify(params[name]));
    const different = [...new Set(values)];
    return isOne || different.length > 1 ? ['--param', `${name}=${different.join(',')}`] : [];
  });
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
