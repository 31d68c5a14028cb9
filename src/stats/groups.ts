import { shortId } from '../model/cell-id.ts';
import {
  isWithholding,
  type Ceiling,
  type Cell,
  type Comparison,
  type MeasuredCell,
  type Prediction,
  type Ratio,
  type Recommendation,
  type Results,
  type Scaling,
  type Tuning,
  type TuningGoal,
} from '../model/results.ts';

/** What a report says of one workload with one set of params. */
export interface ReportGroup {
  readonly workload: Results['workloads'][number];
  /** The workload with its params, as in the cells' ids. */
  readonly title: string;
  /** Fastest first; failed cells last. */
  readonly cells: readonly Cell[];
  readonly baseline: Cell | undefined;
  readonly comparisons: readonly Comparison[];
  readonly recommendation: Recommendation | undefined;
  /** What was recommended or, by `tune`, chosen. */
  readonly choice: MeasuredCell | undefined;
  /** Those that could not be told from the choice. */
  readonly tied: readonly Cell[];
  /** What plain processes can give; undefined where it was not measured. */
  readonly ceiling: Ceiling | undefined;
  /** How each pool scales, where several sizes were measured. */
  readonly scaling: readonly Scaling[];
  readonly predictions: readonly Prediction[];
  /** What `tune` found for it; undefined of any other run. */
  readonly tuned: Tuned | undefined;
  /** What was timed is not the work, or not the work alone; a warning says why. */
  readonly isWithheld: boolean;
  /** The smallest difference worth telling, as a fraction. */
  readonly minEffect: number;
}

/** What `tune` found for the one piece of work it was asked about. */
export interface Tuned {
  readonly tuning: Tuning;
  readonly goal: TuningGoal;
  /** Measured with little evidence, to find the finalists. */
  readonly screened: readonly Cell[];
}

export function groupResults(results: Results): readonly ReportGroup[] {
  const { options, tuning } = results;
  const cells = byKey(results.cells);
  const comparisons = byKey(results.comparisons);
  const recommendations = byKey(results.recommendations);
  const ceilings = byKey(results.ceilings);
  const scaling = byKey(results.scaling);
  const predictions = byKey(results.predictions);
  const withheld = results.warnings.filter(isWithholding);
  return results.workloads.map((workload) => {
    const key = keyOf({ workload: workload.name, params: workload.params });
    const all = cells.get(key) ?? [];
    const own = all.filter(isOfReport);
    const shown = comparisons.get(key) ?? [];
    const byWall = own.toSorted((a, b) => wallOf(a) - wallOf(b));
    const recommendation = recommendations.get(key)?.[0];
    const chosen = (tuning ?? recommendation)?.choose;
    return {
      workload,
      title: workload.title ?? workload.name,
      cells: byWall,
      baseline:
        own.find((cell) => cell.id === shown[0]?.baseline) ??
        own.find((cell) => shortId(cell) === options.baseline) ??
        own.find((cell) => cell.strategy === options.baseline),
      comparisons: shown,
      recommendation,
      choice: byWall.find((cell): cell is MeasuredCell => cell.status === 'ok' && cell.id === chosen),
      tied: byWall.filter(({ id }) => id !== chosen && recommendation?.tied.includes(id)),
      ceiling: ceilings.get(key)?.at(-1),
      scaling: scaling.get(key) ?? [],
      predictions: predictions.get(key) ?? [],
      tuned:
        tuning === undefined || options.tuning === undefined
          ? undefined
          : { tuning, goal: options.tuning, screened: all.filter((cell) => !isOfReport(cell)) },
      isWithheld: withheld.some((warning) =>
        'cell' in warning ? own.some(({ id }) => id === warning.cell) : warning.workload === workload.name,
      ),
      minEffect: options.minEffect,
    };
  });
}

interface OfGroup {
  readonly workload: string;
  readonly params: unknown;
}

export function keyOf({ workload, params }: OfGroup): string {
  return JSON.stringify([workload, params]);
}

/** What belongs to each workload with its params. */
function byKey<Item extends OfGroup>(items: readonly Item[] = []): ReadonlyMap<string, readonly Item[]> {
  return groupBy(items, keyOf);
}

/** Not what `tune` has screened. */
function isOfReport({ phase }: Cell): boolean {
  return phase === undefined;
}

/** How many blocks were measured of each workload. */
export function blocksByWorkload({ cells, workloads }: Pick<Results, 'cells' | 'workloads'>): readonly number[] {
  const cellsOf = byKey(cells);
  return workloads.map(({ name, params }) => {
    const own = (cellsOf.get(keyOf({ workload: name, params })) ?? []).filter(isOfReport);
    return new Set(own.flatMap(({ samples }) => samples.map(({ block }) => block))).size;
  });
}

/** How the cell compares with its baseline; undefined of a baseline, and of what was not compared. */
export function comparisonOf(cell: Pick<Cell, 'id'>, { comparisons }: ReportGroup): Comparison | undefined {
  return comparisons.find(({ contender }) => contender === cell.id);
}

function wallOf(cell: Cell): number {
  return cell.status === 'ok' ? cell.summary.wallMs.median : Number.POSITIVE_INFINITY;
}

/** Whether others are compared with this cell: of two versions of a workload, every older one is a baseline. */
export function isBaseline(cell: Cell, { baseline, comparisons }: ReportGroup): boolean {
  return cell.id === baseline?.id || comparisons.some((comparison) => comparison.baseline === cell.id);
}

/** How many times as fast as its baseline a cell is, with the interval; a baseline is 1 by definition; undefined: it was not compared. */
export function speedupOf(cell: Cell, group: ReportGroup): Ratio | undefined {
  return comparisonOf(cell, group)?.speedup ?? (isBaseline(cell, group) ? { estimate: 1, lo: 1, hi: 1 } : undefined);
}

/** What has the same key, in the order in which keys first appear. */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  toKey: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = toKey(item);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [item]);
    else own.push(item);
  }
  return groups;
}

/** What was measured, by its block. */
export function byBlock<Item extends { readonly block: number }>(items: readonly Item[]): readonly (readonly Item[])[] {
  return [...groupBy(items, ({ block }) => block).values()];
}
