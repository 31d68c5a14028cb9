import type { MeasuredCell, Verdict } from '../model/results.ts';
import { judge } from './compare.ts';
import { comparisonOf, speedupOf, type ReportGroup } from './groups.ts';

/**
 * After how many batches the lanes of a cell have saved what it took longer to start them than those of another cell.
 *
 * @returns null: never, since it was shown not to be faster; undefined: neither was shown
 */
export function paybackOf(cell: MeasuredCell, against: MeasuredCell, group: ReportGroup): number | null | undefined {
  const verdict = verdictBetween(cell, against, group);
  if (verdict === undefined || verdict === 'inconclusive') return undefined;
  const savedMs = against.summary.wallMs.median - cell.summary.wallMs.median;
  if (verdict !== 'faster' || savedMs <= 0) return null;
  return Math.max(0, cell.summary.startupMs - against.summary.startupMs) / savedMs;
}

/** Of two that were both compared with a third: by the ends of their intervals that are farthest apart. */
function verdictBetween(cell: MeasuredCell, against: MeasuredCell, group: ReportGroup): Verdict | undefined {
  const comparison = comparisonOf(cell, group);
  if (comparison?.baseline === against.id) return comparison.verdict;
  const [own, other] = [speedupOf(cell, group), speedupOf(against, group)];
  if (own === undefined || other === undefined) return undefined;
  return judge({ lo: Math.log(own.lo / other.hi), hi: Math.log(own.hi / other.lo) }, Math.log1p(group.minEffect));
}
