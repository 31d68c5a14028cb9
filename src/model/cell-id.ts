/** Ids of cells and groups: built here from their fields, and never parsed. */
import type { Params } from '../../workers/contract.ts';
import type { PlannedCell } from './plan.ts';
import { visible } from './text.ts';
import { traitsOf, type StrategyOfCell } from './strategies.ts';

/** Settings under which a workload runs, independent of the workload. */
export type Configuration = StrategyOfCell &
  Pick<PlannedCell, 'poolSize' | 'concurrency' | 'uvThreads' | 'machines' | 'runtime'>;

/** A cell within its group: a configuration, in a version of the workload, perhaps repeated. */
export type CellOfGroup = Configuration & Pick<PlannedCell, 'version' | 'twin'>;

/**
 * `worker-threads@2x8`; `event-loop` (all tasks at once); `event-loop~uv16` (16 threads); `event-loop~node24`;
 * `bullmq@4~machines1` (of the 4 workers, 2 are on another machine).
 */
export function configurationId(configuration: Configuration): string {
  const { poolSize, concurrency } = configuration;
  const { isSized, plainConcurrency } = traitsOf(configuration);
  const lanes = concurrency === plainConcurrency ? (isSized ? `@${poolSize}` : '') : `@${poolSize}x${concurrency}`;
  return `${configuration.strategy}${lanes}${uvMark(configuration)}${machinesMark(configuration)}${configuration.runtime === undefined ? '' : `~${configuration.runtime}`}`;
}

/** A cell’s id within its group: its configuration, `#2` if it is repeated, `~new` for the newer version. */
export function shortId(cell: CellOfGroup): string {
  return `${configurationId(cell)}${twinMark(cell)}${cell.version === 'new' ? '~new' : ''}`;
}

/** `primes/worker-threads@2`, `gzip[bytes=1024]/child-processes@4#2`. @param title the group's title */
export function cellId(title: string, cell: CellOfGroup): string {
  return `${title}/${shortId(cell)}`;
}

/** A workload with its non-default params: `gzip[bytes=1024]`. */
export function groupTitle(name: string, params: Params, defaults: Params): string {
  const changed = Object.entries(params).filter(([param, value]) => value !== defaults[param]);
  const list = changed.map(([param, value]) => `${param}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return list.length === 0 ? name : `${name}[${visible(list.join(','))}]`;
}

/**
 * The curve that a cell lies on: everything but its pool size. Cells of one curve are fitted and drawn together:
 * `worker-threads x4~uv16`.
 */
export function curveName(cell: CellOfGroup): string {
  const { strategy, concurrency, runtime } = cell;
  const node = runtime === undefined ? '' : ` ${runtime}`;
  return `${strategy}${concurrency === 1 ? '' : ` x${concurrency}`}${uvMark(cell)}${machinesMark(cell)}${node}${twinMark(cell)}`;
}

function uvMark({ uvThreads }: Configuration): string {
  return uvThreads === undefined ? '' : `~uv${uvThreads}`;
}

function machinesMark({ machines }: Configuration): string {
  return machines === undefined ? '' : `~machines${machines}`;
}

function twinMark({ twin }: CellOfGroup): string {
  return twin === undefined ? '' : `#${twin}`;
}
