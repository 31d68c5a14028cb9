import type { NotComparable, RunComparison } from '../model/comparison.ts';
import type { Cell, Environment, Noise, Options, Results } from '../model/results.ts';
import type { WallTime } from './compare.ts';
import { groupResults, type ReportGroup } from './groups.ts';

/** A saved run of any kind, as far as it is compared with another. */
export interface ComparableRun extends Pick<Results, 'startedAt' | 'seed' | 'complete'> {
  readonly environment: Environment;
  readonly options: Partial<Pick<Options, 'uvThreads' | 'atomics'>>;
  readonly noise: readonly Pick<Noise, 'workload' | 'params' | 'blocks'>[];
  /** By id, in measured order. */
  readonly units: ReadonlyMap<string, ComparableUnit>;
}

/** One thing that is compared with itself: a configuration or, of a load measurement, one at a rate. */
export interface ComparableUnit extends Pick<Cell, 'workload' | 'params' | 'poolSize'> {
  readonly configuration: RunComparison['configurations'][number];
  readonly status: 'ok' | 'failed';
  /** Reason against comparing it; undefined: none. */
  readonly doubt: NotComparable | undefined;
  /** Equal if the same was asked of both, and the reason if not. */
  readonly asked: { readonly what: string; readonly because: NotComparable };
  readonly digest: string | null | undefined;
  /** Comparable like wall times. */
  readonly times: readonly WallTime[];
}

/** The cells of a run. Those that were only screened have too little evidence. */
export function comparableRun(results: Results): ComparableRun {
  const groupOf = new Map(groupResults(results).flatMap((group) => group.cells.map((cell) => [cell, group] as const)));
  const units = results.cells.flatMap((cell) => {
    const group = groupOf.get(cell);
    return group === undefined ? [] : [[cell.id, unitOf(cell, group)] as const];
  });
  return { ...results, noise: results.noise ?? [], units: new Map(units) };
}

function unitOf(cell: Cell, { title, workload, withheldBy }: ReportGroup): ComparableUnit {
  return {
    ...cell,
    configuration: configurationOf(cell, title),
    doubt: withheldBy === undefined ? undefined : 'withheld',
    asked: { what: String(workload.tasks), because: 'other-batch' },
    digest: workload.digest,
    times: cell.status === 'ok' ? cell.samples : [],
  };
}

/** The parts of a cell's id, with the title of its table. */
export function configurationOf(
  cell: Omit<RunComparison['configurations'][number], 'cell' | 'title'> & Pick<Cell, 'id'>,
  title: string,
): RunComparison['configurations'][number] {
  const { id, strategy, poolSize, concurrency, uvThreads, machines, runtime, laneKind, keepsLanes, version, twin } =
    cell;
  return {
    cell: id,
    title,
    strategy,
    poolSize,
    concurrency,
    ...(uvThreads !== undefined && { uvThreads }),
    ...(machines !== undefined && { machines }),
    ...(runtime !== undefined && { runtime }),
    ...(laneKind !== undefined && { laneKind }),
    ...(keepsLanes !== undefined && { keepsLanes }),
    ...(version !== undefined && { version }),
    ...(twin !== undefined && { twin }),
  };
}
