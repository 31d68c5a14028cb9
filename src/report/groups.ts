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
  return workloads.map((workload) => {
    const belongs = (item: { readonly workload: string; readonly params: unknown }): boolean =>
      item.workload === workload.name && JSON.stringify(item.params) === JSON.stringify(workload.params);
    const own = cells.filter(belongs);
    const shown = comparisons.filter(belongs);
    const firstId = own[0]?.id ?? workload.name;
    return {
      workload,
      title: firstId.slice(0, firstId.includes('/') ? firstId.lastIndexOf('/') : undefined),
      cells: own.toSorted((a, b) => wallOf(a) - wallOf(b)),
      baseline:
        own.find((cell) => cell.id === shown[0]?.baseline) ?? own.find((cell) => cell.strategy === options.baseline),
      comparisons: shown,
      recommendation: recommendations.find(belongs),
      ceiling: ceilings.findLast(belongs),
      minEffect: options.minEffect,
    };
  });
}

function wallOf(cell: Cell): number {
  return cell.status === 'ok' ? cell.summary.wallMs.median : Number.POSITIVE_INFINITY;
}

/** Whether others are compared with this cell: of two versions of a workload, every older one is a baseline. */
export function isBaseline(cell: Cell, { baseline, comparisons }: ReportGroup): boolean {
  return cell.id === baseline?.id || comparisons.some((comparison) => comparison.baseline === cell.id);
}
