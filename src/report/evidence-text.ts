import type { Results } from '../model/results.ts';
import { blocksByWorkload } from '../stats/groups.ts';
import { duration, plural, percent } from './numbers.ts';

/** How far a run came that was interrupted, killed or out of time, and what it did not reach; undefined of a whole run. */
export function interruption(
  results: Pick<Results, 'cells' | 'complete' | 'options' | 'tuning' | 'workloads'>,
): string | undefined {
  if (results.complete) return undefined;
  const { tuning, options, workloads } = results;
  if (tuning !== undefined && tuning.finalists.length === 0)
    return `Interrupted while screening: no finalists were chosen, and nothing was measured again.`;
  const counts = blocksByWorkload(results).map((blocks, index) => ({ blocks, name: nameOf(workloads, index) }));
  const last = options.looks?.at(-1) ?? options.blocks;
  const partly = counts
    .filter(({ blocks }) => blocks > 0 && blocks < last)
    .map(
      ({ name, blocks }) =>
        `${name} (${blocks} of ${options.looks === undefined ? '' : 'up to '}${plural(last, 'block')})`,
    );
  const missing = counts.filter(({ blocks }) => blocks === 0).map(({ name }) => name);
  return [
    'Interrupted: these are the results so far.',
    ...(partly.length === 0 ? [] : [`Measured in part: ${some(partly)}.`]),
    ...(missing.length === 0 ? [] : [`Not reached: ${some(missing)}.`]),
  ].join(' ');
}

const NAMED = 6;

function some(names: readonly string[]): string {
  return names.length > NAMED
    ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`
    : names.join(', ');
}

/** With its params where the same workload was to be measured with several. */
function nameOf(workloads: Results['workloads'], index: number): string {
  const { name = '', params = {} } = workloads[index] ?? {};
  const isScanned = workloads.filter((other) => other.name === name).length > 1;
  return isScanned
    ? `${name}[${Object.entries(params)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(',')}]`
    : name;
}

/** How long it took; of a run that was gone on with, without the time between. */
function timeText({ durationMs, resumedAt = [] }: Pick<Results, 'durationMs' | 'resumedAt'>): string {
  return resumedAt.length === 0 ? duration(durationMs) : `${duration(durationMs)} in ${resumedAt.length + 1} parts`;
}

/** How many blocks and rounds were measured: of a run that may end before the last look, at which numbers of blocks it looked. */
export function evidenceText(results: Pick<Results, 'cells' | 'complete' | 'options' | 'workloads'>): string {
  const { blocks, rounds, looks } = results.options;
  const measured = measuredBlocks(results);
  const of = plural(rounds, 'round');
  if (looks !== undefined)
    return `until decided, looked at after ${looks.join(', ')} blocks, of ${of}: ${measured} measured`;
  return results.complete
    ? `${plural(blocks, 'block')} of ${of}`
    : `${measured} of ${plural(blocks, 'block')} of ${of}`;
}

/** `10`, or `8 to 10` where workloads differ. */
function measuredBlocks(results: Pick<Results, 'cells' | 'workloads'>): string {
  const counts = blocksByWorkload(results);
  const least = counts.reduce((fewest, count) => Math.min(fewest, count), counts[0] ?? 0);
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  return least === most ? String(most) : `${least} to ${most}`;
}

/** Where, when and with how much evidence it was measured, one fact each. */
export function factsOf(results: Results): readonly string[] {
  const { environment, options, startedAt, seed } = results;
  const { cpuModel, cores, os } = environment;
  return [
    cpuModel,
    plural(cores, 'usable core'),
    nodesOf(results),
    ...inheritedBy(results),
    os,
    ...(options.versusRef === undefined
      ? []
      : [`older version ${options.versusRef.ref} (commit ${options.versusRef.commit.slice(0, 7)})`]),
    evidenceText(results),
    timeText(results),
    startedAt,
    verificationText(results),
    `margin ${percent(options.minEffect)}`,
    `seed ${seed}`,
    ...(countsCommands(results) ? [] : ['CPU time of programs that tasks start: not counted on this system']),
  ].filter((fact) => fact !== '');
}

/** Which outputs were compared with those of every other configuration; nothing of results that do not say. */
function verificationText({ options: { verify }, cells }: Results): string {
  if (verify === undefined) return '';
  if (verify === 'off') return 'results not verified';
  const shares = cells.flatMap((cell) => (cell.status === 'ok' ? (cell.summary.verifiedShare ?? []) : []));
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  if (shares.length === 0) return 'results verified in untimed batches';
  const share = least === most ? percent(least) : `${percent(least)} to ${percent(most)}`;
  return `results verified: all of untimed batches, ${share} of timed ones`;
}

/** What was measured on, with the flags it was given. */
function nodesOf({ environment, runtimes = [] }: Results): string {
  if (runtimes.length === 0) return `Node ${environment.node}`;
  const names = runtimes.map(({ node, flags }) => [`Node ${node}`, ...flags].join(' '));
  return names.join(', ');
}

/** What of the environment decides what is measured: the same command gives other figures where it is another. */
function inheritedBy({ environment, options }: Results): readonly string[] {
  const { uvThreads, nodeFlags = [], variables = {} } = environment;
  const size = options.uvThreads ?? uvThreads;
  return [
    ...(size === undefined || size === null ? [] : [`UV_THREADPOOL_SIZE=${size}`]),
    ...(nodeFlags.length === 0 ? [] : [`NODE_OPTIONS ${nodeFlags.join(' ')}`]),
    ...Object.entries(variables).map(([name, value]) => (value === 'set' ? `${name} set` : `${name}=${value}`)),
  ];
}

/** Results of before they were counted do not say that they were not. */
function countsCommands({ cells }: Results): boolean {
  return !cells.some(({ samples }) => samples.some(({ commandsMs }) => commandsMs === null));
}
