import { laneName, type LaneError, type LaneId } from '../../workers/contract.ts';
import { OWN_PREFIX } from '../../workers/own-folders.ts';
import { isRuntimeName, RUNTIME_NAMES } from '../../workers/this-runtime.ts';
import type { CellOfGroup } from '../model/cell-id.ts';
import type { Cell, Comparison, Results } from '../model/results.ts';
import { traitsOf, type StrategyOfCell } from '../model/strategies.ts';
import { present } from './document.ts';
import { listed, plural, ratio } from './numbers.ts';

/** A cell in words: `the event loop`, `2 worker threads, all tasks at once`. */
export function configurationName(cell: CellOfGroup): string {
  return named(cell, lanesName(cell));
}

/** A configuration without its concurrency: `2 worker threads`. */
export function poolName(cell: CellOfGroup): string {
  return configurationName({ ...cell, concurrency: traitsOf(cell).plainConcurrency });
}

/** A configuration without its pool size: `worker threads, 8 tasks at once each`. */
export function curveWords(cell: CellOfGroup): string {
  const { wording } = traitsOf(cell);
  return named(cell, 'noun' in wording ? wording.noun[1] : wording.phrase);
}

function named(cell: CellOfGroup, lanes: string): string {
  const { uvThreads, machines, twin, version } = cell;
  return present(
    present(lanes, concurrencyName(cell)).join(', '),
    uvThreads !== undefined && `with ${plural(uvThreads, 'libuv thread')}`,
    machines !== undefined && `on ${machines + 1} machines`,
    runtimeName(cell),
    twin !== undefined && `(twin ${twin})`,
    version !== undefined && `(${version})`,
  ).join(' ');
}

/** A configuration that failed, of a run or a load. */
export type FailedCell = CellOfGroup & {
  readonly error: LaneError & { readonly task?: number | undefined; readonly lane?: LaneId | undefined };
};

/** Failed cells, the same error only once. */
export function differentFailures(failed: readonly FailedCell[]): readonly FailedCell[] {
  return failed.filter((cell, index) => failed.findIndex((one) => isAlike(one, cell)) === index);
}

const ALIKE_SHOWN = 4;

/**
 * Each error once, with all that had it: `2 worker threads failed in task 4, in worker thread 1: RangeError: no such
 * page, at pages.js:12:9. So did 2 child processes`.
 */
export function failureSentences(failed: readonly FailedCell[]): readonly string[] {
  return differentFailures(failed).map((cell) => {
    // All of them have different results, not the others the same.
    const others = isUnequal(cell) ? [] : failed.filter((one) => one !== cell && isAlike(one, cell));
    if (others.length === 0) return failureSentence(cell);
    const names = listed(others.map(configurationName), ALIKE_SHOWN);
    return `${failureSentence(cell).replace(/\.$/, '')}. So did ${names}`;
  });
}

function isAlike(one: FailedCell, { error }: FailedCell): boolean {
  return one.error.message === error.message;
}

function failureSentence(cell: FailedCell): string {
  const { error } = cell;
  if (isUnequal(cell)) return error.message;
  return `${capital(configurationName(cell))} failed${failurePlace(error)}: ${errorWithLine(error)}`;
}

/** Whether its results differ from those of others: nobody knows which are right, so all have failed. */
function isUnequal(cell: CellOfGroup | FailedCell): boolean {
  return 'error' in cell && cell.error.name === 'UnequalWorkError';
}

/** Why there is no verdict, if every configuration failed. */
export function allFailedClause(cells: readonly (CellOfGroup | FailedCell)[]): string {
  return cells.every(isUnequal) ? 'no verdict: the results differ' : 'no verdict: every configuration failed';
}

/** `RangeError: no such page, at pages.js:12:9` */
export function errorWithLine(error: LaneError): string {
  const line = lineOf(error);
  return `${errorText(error)}${line === undefined ? '' : `, at ${line}`}`;
}

/** The place of a failure, if known: ` in task 4, on the main thread`, ` in task 4, in worker thread 1`. */
function failurePlace({ task, lane }: FailedCell['error']): string {
  return present(
    task !== undefined && ` in task ${task + 1}`,
    lane && ` ${lane.kind === 'main' ? 'on the' : 'in'} ${laneName(lane)}`,
  ).join(',');
}

/** Longer lines of a stack are none of an engine. */
const LONGEST_LINE = 1000;

/** The line of the file outside Lanewise from which an error came, if it came from one: `pages.js:12:9`. */
function lineOf({ stack = '' }: LaneError): string | undefined {
  const places = stack
    .split('\n')
    .filter((line) => line.length <= LONGEST_LINE)
    .flatMap((line) => /^\s+at (?:.* \(|async )?([^()]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
  const place = places.find((one) => !one.startsWith('node:'));
  return place === undefined || place.startsWith(OWN_PREFIX) ? undefined : place;
}

/** An error with its causes: `Error: no answer (caused by Error: connect ECONNREFUSED; error 1 in it Error: …)`. */
export function errorText({ name, message, causes = [], errors = [] }: LaneError): string {
  const parts = [
    ...causes.map((cause) => `caused by ${cause.name}: ${cause.message}`),
    ...errors.map((error, index) => `error ${index + 1} in it ${error.name}: ${error.message}`),
  ];
  return `${name}: ${message}${parts.length === 0 ? '' : ` (${parts.join('; ')})`}`;
}

/** The error with its stack, if known. */
export function failureText(error: LaneError): string {
  const { name, message, stack } = error;
  const said = `${name}: ${message}`;
  const all = errorText(error);
  if (stack === undefined) return all;
  // The stack lacks the causes and whatever was added to the message later.
  return stack.startsWith(said) && all === said ? stack : `${all}\n${stack}`;
}

function lanesName(cell: CellOfGroup): string {
  const { wording, lanes } = traitsOf(cell);
  if ('noun' in wording) return plural(cell.poolSize, ...wording.noun);
  return lanes === 'per-task' ? `${wording.phrase} (${cell.poolSize} at once)` : wording.phrase;
}

function concurrencyName(cell: CellOfGroup): string {
  const { concurrency } = cell;
  const { plainConcurrency, lanes } = traitsOf(cell);
  if (concurrency === plainConcurrency) return '';
  return concurrency === 'all'
    ? 'all tasks at once'
    : `${plural(concurrency, 'task')} at once${lanes === 'one' ? '' : ' each'}`;
}

/** Name and version of the runtime of Lanewise: `Node v24.1.0`, `Bun 1.4.5`. */
export function runtimeText({ runtime, node }: Pick<Results['environment'], 'runtime' | 'node'>): string {
  return runtime === undefined ? `Node ${node}` : `${RUNTIME_NAMES[runtime.name]} ${runtime.version}`;
}

/** `on Node 24 with --flag` for `node24~--flag`. */
function runtimeName({ runtime }: CellOfGroup): string {
  const parts = runtime === undefined ? [] : runtime.split('~');
  return parts
    .map((part) => {
      const [, name, version] = /^(node|bun|deno)(\d.*)$/.exec(part) ?? [];
      return isRuntimeName(name) ? `on ${RUNTIME_NAMES[name]} ${version}` : `with ${part}`;
    })
    .join(' ');
}

/** Whether it takes a plural verb: `2 worker threads are …`. */
export function isMany(cell: StrategyOfCell & Pick<Cell, 'poolSize'>): boolean {
  return cell.poolSize > 1 && 'noun' in traitsOf(cell).wording;
}

/** `on the event loop`, `with 2 worker threads`. */
export function withPreposition(cell: CellOfGroup): string {
  return `${traitsOf(cell).preposition} ${configurationName(cell)}`;
}

/** `1.65× as fast as the event loop`. */
export function speedPhrase({ speedup }: Comparison, baseline: CellOfGroup): string {
  return `${ratio(speedup.estimate)}× as fast as ${configurationName(baseline)}`;
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Kind of a workload, if known. */
export function workName({ bound, boundIs }: Pick<Results['workloads'][number], 'bound' | 'boundIs'>): string {
  return boundIs === 'unknown' ? 'kind of work not measured' : KINDS[bound];
}

const KINDS = { cpu: 'CPU-bound', io: 'I/O-bound', mixed: 'mixed' } as const;

/** @param name of one that joined; undefined: the machine of the run */
export function machineText(name: string | undefined): string {
  return name === undefined ? 'this machine' : `machine ${name}`;
}
