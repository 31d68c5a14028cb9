import type { Cell, Comparison, MeasuredCell } from '../model/results.ts';
import { comparisonOf, type ReportGroup, type Tuned } from './groups.ts';

/** What the measurements of one workload say: the one ladder that headline, verdict and card go down. */
export type Decision =
  | { readonly kind: 'tuned'; readonly tuned: Tuned }
  /** The run ended before any batch of it was measured. */
  | { readonly kind: 'not-reached' }
  | { readonly kind: 'all-failed' }
  | { readonly kind: 'versions'; readonly comparisons: readonly Comparison[] }
  /** What was timed is not the work, or not the work alone. */
  | { readonly kind: 'withheld' }
  /** There is nothing to compare it with. */
  | { readonly kind: 'alone'; readonly cell: MeasuredCell }
  | { readonly kind: 'too-few-blocks'; readonly cells: number }
  /** The choice was never compared with the baseline. */
  | { readonly kind: 'not-compared'; readonly choice: MeasuredCell; readonly baseline: Cell | undefined }
  | { readonly kind: 'stay'; readonly choice: MeasuredCell; readonly closest: Rival | undefined }
  /** The baseline would be the choice, but a rival looks better by more than the minimum effect. */
  | { readonly kind: 'open'; readonly choice: MeasuredCell; readonly closest: Rival }
  | {
      readonly kind: 'choose';
      readonly choice: MeasuredCell;
      readonly baseline: Cell;
      readonly comparison: Comparison;
    };

/** The cell that came nearest to the baseline, or looked better than it. */
export interface Rival {
  readonly cell: Cell;
  readonly comparison: Comparison;
}

export function decide(group: ReportGroup): Decision {
  const { workload, recommendation, cells, baseline, comparisons, tuned, isWithheld } = group;
  if (isWithheld) return { kind: 'withheld' };
  if (tuned !== undefined) return { kind: 'tuned', tuned };
  const ok = cells.filter((cell) => cell.status === 'ok');
  const [first] = ok;
  if (cells.length === 0) return { kind: 'not-reached' };
  if (first === undefined) return { kind: 'all-failed' };
  if (workload.newerSource !== undefined) return { kind: 'versions', comparisons };
  if (ok.length === 1) return { kind: 'alone', cell: first };
  const choice = ok.find((cell) => cell.id === recommendation?.choose);
  if (choice === undefined) return { kind: 'too-few-blocks', cells: ok.length };
  if (choice.id === baseline?.id) return staying(group, choice);
  const comparison = comparisonOf(choice, group);
  if (baseline === undefined || comparison === undefined) return { kind: 'not-compared', choice, baseline };
  return { kind: 'choose', choice, baseline, comparison };
}

function staying({ cells, comparisons, minEffect }: ReportGroup, choice: MeasuredCell): Decision {
  const best = comparisons.toSorted((a, b) => b.speedup.estimate - a.speedup.estimate)[0];
  const rival = cells.find((cell) => cell.id === best?.contender);
  if (best === undefined || rival === undefined) return { kind: 'stay', choice, closest: undefined };
  const closest = { cell: rival, comparison: best };
  return best.verdict === 'inconclusive' && best.speedup.estimate > 1 + minEffect
    ? { kind: 'open', choice, closest }
    : { kind: 'stay', choice, closest };
}
