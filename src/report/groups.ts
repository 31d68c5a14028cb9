import type { Ceiling, Cell, Comparison, Recommendation, Results } from '../model.ts';

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
  /** What plain processes can give; undefined where it was not measured. */
  readonly ceiling: Ceiling | undefined;
  /** The smallest difference worth telling, as a fraction. */
  readonly minEffect: number;
}

export function groupResults({
  workloads,
  cells,
  comparisons,
  recommendations,
  ceilings = [],
  options,
}: Results): readonly ReportGroup[] {
  const [cellsOf, comparisonsOf] = [byKey(cells), byKey(comparisons)];
  const [recommendationsOf, ceilingsOf] = [byKey(recommendations), byKey(ceilings)];
  return workloads.map((workload) => {
    const key = keyOf({ workload: workload.name, params: workload.params });
    const own = cellsOf.get(key) ?? [];
    const shown = comparisonsOf.get(key) ?? [];
    const firstId = own[0]?.id;
    return {
      workload,
      title: firstId?.includes('/') ? firstId.slice(0, firstId.lastIndexOf('/')) : workload.name,
      cells: own.toSorted((a, b) => wallOf(a) - wallOf(b)),
      baseline:
        own.find((cell) => cell.id === shown[0]?.baseline) ?? own.find((cell) => cell.strategy === options.baseline),
      comparisons: shown,
      recommendation: recommendationsOf.get(key)?.[0],
      ceiling: ceilingsOf.get(key)?.at(-1),
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
export function byKey<Item extends OfGroup>(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const own = found.get(key);
    if (own === undefined) found.set(key, [item]);
    else own.push(item);
  }
  return found;
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
