import type { Params } from '../../workers/contract.ts';
import { LanewiseError } from '../model/errors.ts';
import type { OwnStrategy, PlannedCell, Workload } from '../model/plan.ts';
import type { InFlight, StrategyName } from '../model/results.ts';
import { isConfiguration, parseConfiguration } from './configurations.ts';
import { traitsOf } from '../model/strategies.ts';
import { wayId, type Way } from './way.ts';

export interface CellRequest {
  /** In the order to be shown, single configurations among them; one that is there twice makes twins. */
  readonly strategies: readonly StrategyName[];
  readonly poolSizes: readonly number[];
  /** Undefined: each strategy's own default. */
  readonly inFlight: readonly InFlight[] | undefined;
  /** The same of the event loop. */
  readonly loopInFlight?: readonly InFlight[];
  /** Undefined: a strategy without a pool gets one size only, the largest. */
  readonly poolSizesAreGiven: boolean;
  /** What is known of those of the user's. */
  readonly own?: readonly OwnStrategy[];
}

/** The ways that were asked for, strategy by strategy. */
export function waysOf(workload: Workload, request: CellRequest): readonly Way[] {
  return request.strategies.flatMap((strategy) =>
    isConfiguration(strategy)
      ? [parseConfiguration(strategy, 'strategy')]
      : poolSizesOf(strategy, request).flatMap((poolSize) =>
          inFlightOf(strategy, workload, request).map((inFlight) => ({
            strategy,
            poolSize,
            inFlight,
            ...laneKindOf(strategy, request),
          })),
        ),
  );
}

/** The cells of one workload with one set of params; a way that is there twice makes twins. */
export function planCells(workload: Workload, params: Params, ways: readonly Way[]): readonly PlannedCell[] {
  const seen = new Map<string, number>();
  return ways.map((way) => {
    const id = cellId(workload, params, way);
    const twin = (seen.get(id) ?? 0) + 1;
    seen.set(id, twin);
    return { ...way, id: twin === 1 ? id : `${id}#${twin}` };
  });
}

/**
 * `primes/worker-threads@2`, `http/worker-threads@2x8`, `http/event-loop` for all tasks in flight on the one main loop,
 * `gzip[bytes=1024]/child-processes@4` for params that are not the default.
 */
function cellId(workload: Workload, params: Params, way: Way): string {
  return `${groupName(workload, params)}/${wayId(way)}`;
}

/** The workload with those of its params that are not the default. */
export function groupName(workload: Workload, params: Params): string {
  const changed = Object.entries(params).filter(([name, value]) => value !== workload.params[name]);
  const list = changed
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(',');
  return list === '' ? workload.name : `${workload.name}[${list}]`;
}

function laneKindOf(strategy: StrategyName, { own = [] }: CellRequest): Pick<PlannedCell, 'laneKind'> {
  const found = own.find(({ name }) => name === strategy);
  return found === undefined ? {} : { laneKind: found.laneKind };
}

function poolSizesOf(strategy: StrategyName, { poolSizes, poolSizesAreGiven, own }: CellRequest): readonly number[] {
  switch (traitsOf(strategy, own).lanes) {
    case 'one':
      return [1];
    case 'pool':
      return poolSizes;
    case 'per-task':
      return poolSizesAreGiven ? poolSizes : [Math.max(...poolSizes)];
    default:
      throw new LanewiseError('internal', `The strategy ${strategy} has no kind of lanes.`);
  }
}

/** What is asked for is about pools: the event loop keeps all tasks at once, and a limited one is a configuration of its own. */
function inFlightOf(strategy: StrategyName, workload: Workload, request: CellRequest): readonly InFlight[] {
  const { defaultInFlight } = traitsOf(strategy, request.own);
  if (defaultInFlight === undefined) return [1];
  const asked = strategy === 'event-loop' ? request.loopInFlight : request.inFlight;
  return asked ?? defaultInFlight(workload.bound);
}
