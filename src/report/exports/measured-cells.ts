import type { MeasuredCell, Results } from '../../model/results.ts';
import { groupResults, type ReportGroup } from '../../stats/groups.ts';

/** The cells that have numbers, each with its workload: other tools have no place for those that failed. */
export function measuredCells(
  results: Results,
): readonly { readonly cell: MeasuredCell; readonly workload: ReportGroup['workload'] }[] {
  return groupResults(results).flatMap(({ cells, workload }) =>
    cells.filter((cell) => cell.status === 'ok').map((cell) => ({ cell, workload })),
  );
}
