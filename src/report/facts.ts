import type { Results } from '../model/results.ts';
import { evidenceText, timeText } from './evidence-text.ts';
import { percent, plural } from './numbers.ts';

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
