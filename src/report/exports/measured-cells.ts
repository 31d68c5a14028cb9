import type { MeasuredCell, Results } from '../../model/results.ts';
import { groupResults, type ReportGroup } from '../../stats/groups.ts';

/** The cells with numbers, each with its workload: the formats of other tools have no place for failed ones. */
export function measuredCells(
  results: Results,
): readonly { readonly cell: MeasuredCell; readonly workload: ReportGroup['workload'] }[] {
  return groupResults(results).flatMap(({ cells, workload }) =>
    cells.filter((cell) => cell.status === 'ok').map((cell) => ({ cell, workload })),
  );
}
