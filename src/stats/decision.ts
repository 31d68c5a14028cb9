import type { Cell, Comparison, MeasuredCell, Recommendation, WithholdingWarning } from '../model/results.ts';
import { isFaster, isSlower, shownVerdict, type ShownVerdict } from './compare.ts';
import { comparisonOf, type ReportGroup, type Tuned } from './groups.ts';
import { sameAsLoop } from './same-program.ts';

/** Decision for one workload: headline, verdict and card all follow this one ladder. */
export type Decision =
  /** The times are in doubt. */
  | { readonly kind: 'withheld'; readonly by: WithholdingWarning }
  | { readonly kind: 'setting'; readonly choice: MeasuredCell; readonly tuned: Tuned }
  | { readonly kind: 'no-setting'; readonly reason: NoSetting; readonly tuned: Tuned }
  /** The run ended before any batch of it was measured. */
  | { readonly kind: 'not-reached' }
  | { readonly kind: 'all-failed' }
  | { readonly kind: 'versions'; readonly counts: VersionCounts; readonly example: Example | undefined }
  /** A/A test: how many differ from themselves, and the largest difference. */
  | { readonly kind: 'twins'; readonly counts: VersionCounts; readonly example: Example | undefined }
  /** An interruption is a look that was not declared, so there are estimates and no verdict. */
  | { readonly kind: 'interrupted' }
  /** Nothing to compare with. */
  | { readonly kind: 'alone'; readonly cell: MeasuredCell }
  /** All configurations run the same program. */
  | { readonly kind: 'one-program' }
  | { readonly kind: 'too-few-blocks'; readonly cells: number }
  /** The choice was never compared with the baseline. */
  | { readonly kind: 'not-compared'; readonly choice: MeasuredCell; readonly baseline: Cell | undefined }
  | { readonly kind: 'stay'; readonly choice: MeasuredCell; readonly closest: Compared | undefined }
  /** Nothing is significantly faster than the baseline, but the closest configuration may be; it may be the choice. */
  | { readonly kind: 'undecided'; readonly choice: MeasuredCell; readonly baseline: Cell; readonly closest: Compared }
  | {
      readonly kind: 'choose';
      readonly choice: MeasuredCell;
      readonly baseline: Cell;
      readonly comparison: Comparison;
      readonly verdict: Exclude<ShownVerdict, 'inconclusive'>;
    };

/** The cell closest to the baseline, or that looked better. */
export interface Compared {
  readonly cell: Cell;
  readonly comparison: Comparison;
}

/** Reason why `tune` chooses nothing. */
type NoSetting =
  | { readonly kind: 'none-measured' }
  /** Names the measured configuration that needs the least memory. */
  | { readonly kind: 'over-limits'; readonly least: MeasuredCell }
  | { readonly kind: 'only-one'; readonly cell: MeasuredCell }
  | { readonly kind: 'too-few-blocks' }
  | { readonly kind: 'interrupted' };

/** Number of configurations on which the newer version is faster, slower and so on. */
export type VersionCounts = Readonly<Record<ShownVerdict | 'all', number>>;

/** The configuration to name of two versions: the largest loss, else the largest gain. */
export interface Example extends Compared {
  readonly baseline: Cell;
}

export function decide(group: ReportGroup): Decision {
  const { workload, cells, baseline, comparisons, tuned, choice, withheldBy } = group;
  if (withheldBy !== undefined) return { kind: 'withheld', by: withheldBy };
  if (tuned !== undefined)
    return choice === undefined
      ? { kind: 'no-setting', reason: noSetting(group, tuned), tuned }
      : { kind: 'setting', choice, tuned };
  const ok = cells.filter((cell) => cell.status === 'ok');
  const [first] = ok;
  if (cells.length === 0) return { kind: 'not-reached' };
  // The configurations that an interrupted run never reached may not fail.
  if (workload.interrupted === true) return { kind: 'interrupted' };
  if (first === undefined) return { kind: 'all-failed' };
  if (workload.newerSource !== undefined)
    return { kind: 'versions', counts: versionCounts(comparisons, group.minEffect), example: exampleOf(group) };
  if (group.isAA)
    return { kind: 'twins', counts: versionCounts(comparisons, group.minEffect), example: exampleOf(group) };
  if (ok.length === 1) return { kind: 'alone', cell: first };
  const isOneProgram = sameAsLoop(ok, baseline?.id).length === ok.length - 1;
  if (choice === undefined)
    return isOneProgram ? { kind: 'one-program' } : { kind: 'too-few-blocks', cells: ok.length };
  if (choice.id === baseline?.id) return withoutWinner(group, choice);
  const comparison = comparisonOf(choice, group);
  if (baseline === undefined || comparison === undefined) return { kind: 'not-compared', choice, baseline };
  const verdict = shownVerdict(comparison, group.minEffect);
  return verdict === 'inconclusive'
    ? { kind: 'undecided', choice, baseline, closest: { cell: choice, comparison } }
    : { kind: 'choose', choice, baseline, comparison, verdict };
}

function withoutWinner(group: ReportGroup, choice: MeasuredCell): Decision {
  const { cells, minEffect } = group;
  const bestFirst = alternatives(group).toSorted((a, b) => b.speedup.estimate - a.speedup.estimate);
  // As long as one may be faster by more than the minimum effect, it is open whether nothing is.
  const open = bestFirst.find(({ verdict, speedup }) => verdict === 'inconclusive' && speedup.hi > 1 + minEffect);
  const best = bestFirst[0]?.verdict === 'faster' ? bestFirst[0] : (open ?? bestFirst[0]);
  const cell = cells.find(({ id }) => id === best?.contender);
  if (best === undefined || cell === undefined) return { kind: 'stay', choice, closest: undefined };
  const closest = { cell, comparison: best };
  return best === open ? { kind: 'undecided', choice, baseline: choice, closest } : { kind: 'stay', choice, closest };
}

/** The cell with the highest speedup, beside the choice and its baseline. */
export function closestConfiguration(group: ReportGroup): Cell | undefined {
  const { cells, choice, baseline } = group;
  const compared = alternatives(group)
    .filter(({ contender }) => contender !== choice?.id && contender !== baseline?.id)
    .toSorted((a, b) => b.speedup.estimate - a.speedup.estimate);
  return cells.find(({ id }) => id === compared[0]?.contender);
}

/** Comparisons with another program than the baseline's. */
function alternatives({ cells, comparisons, baseline }: ReportGroup): readonly Comparison[] {
  const same = sameAsLoop(cells, baseline?.id);
  return comparisons.filter(({ contender }) => !same.some(({ id }) => id === contender));
}

function noSetting({ cells, workload }: ReportGroup, { tuning, screened }: Tuned): NoSetting {
  const ok = (cells.length > 0 ? cells : screened).filter((cell) => cell.status === 'ok');
  const [only] = ok;
  const [least] = ok.toSorted((a, b) => memoryOf(a) - memoryOf(b));
  if (only === undefined || least === undefined)
    return { kind: workload.interrupted === true ? 'interrupted' : 'none-measured' };
  // Those that were not reached may fit.
  if (workload.interrupted === true) return { kind: 'interrupted' };
  if (ok.every(({ id }) => tuning.leftOut.some(({ cell }) => cell === id))) return { kind: 'over-limits', least };
  if (tuning.screened === 1) return { kind: 'only-one', cell: only };
  return { kind: tuning.finalists.length > 0 ? 'too-few-blocks' : 'interrupted' };
}

function memoryOf({ summary: { memoryMiB } }: MeasuredCell): number {
  return memoryMiB ?? Number.POSITIVE_INFINITY;
}

export function versionCounts(comparisons: readonly Comparison[], minEffect: number): VersionCounts {
  const verdicts = comparisons.map((comparison) => shownVerdict(comparison, minEffect));
  const having = (wanted: ShownVerdict): number => verdicts.filter((verdict) => verdict === wanted).length;
  return {
    slower: having('slower'),
    'slightly slower': having('slightly slower'),
    faster: having('faster'),
    'slightly faster': having('slightly faster'),
    inconclusive: having('inconclusive'),
    same: having('same'),
    all: comparisons.length,
  };
}

function exampleOf({ comparisons, cells, minEffect }: ReportGroup): Example | undefined {
  const bySpeed = comparisons.toSorted((a, b) => a.speedup.estimate - b.speedup.estimate);
  const comparison =
    bySpeed.find((one) => isSlower(one, minEffect)) ??
    bySpeed.findLast((one) => isFaster(one, minEffect)) ??
    bySpeed.at(-1);
  const [cell, baseline] = [comparison?.contender, comparison?.baseline].map((id) =>
    cells.find((own) => own.id === id),
  );
  return comparison && cell && baseline && { comparison, cell, baseline };
}

/** Category of a decision, to count many workloads. */
export type Outcome = 'another' | 'as-good' | 'stay' | 'undecided' | 'nothing';

const OUTCOMES: Readonly<Record<Decision['kind'], Outcome>> = {
  setting: 'another',
  'no-setting': 'another',
  choose: 'another',
  stay: 'stay',
  undecided: 'undecided',
  'not-reached': 'nothing',
  interrupted: 'nothing',
  'all-failed': 'nothing',
  withheld: 'nothing',
  versions: 'nothing',
  twins: 'nothing',
  alone: 'nothing',
  'one-program': 'nothing',
  'too-few-blocks': 'nothing',
  'not-compared': 'nothing',
};

export function outcomeOf(decision: Decision): Outcome {
  if (decision.kind === 'choose' && !/faster/.test(decision.verdict)) return 'as-good';
  return OUTCOMES[decision.kind];
}

/** Cost of following the choice. */
export interface GivenUp {
  readonly choice: MeasuredCell;
  readonly other: MeasuredCell;
  readonly tradeOff: NonNullable<Recommendation['tradeOff']>;
  /** Throughput is tied and nothing else was tuned for: this leads the report. */
  readonly comesFirst: boolean;
}

export function givenUp({ cells, recommendation, choice, tuned, tied }: ReportGroup): GivenUp | undefined {
  const tradeOff = recommendation?.tradeOff;
  const other = cells.find(({ id }) => id === tradeOff?.cell);
  if (recommendation === undefined || tradeOff === undefined || choice === undefined || other?.status !== 'ok')
    return undefined;
  return { choice, other, tradeOff, comesFirst: tuned === undefined && tied.includes(other) };
}
