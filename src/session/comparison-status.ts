import { EXIT_CELL_FAILED, EXIT_REGRESSION, EXIT_UNDECIDED } from '../model/errors.ts';
import { LEAST_RUNS } from '../stats/compare-runs.ts';
import type { Change, FailOn, RunComparison } from '../model/comparison.ts';
import type { HeldComparison, LatencyComparison, LoadResults } from '../model/load.ts';
import type { Results } from '../model/results.ts';

/** Exit status of `--versus`: is the newer version slower? */
export function versionsStatus({ cells, comparisons, options }: Results, failOn: FailOn): number {
  const compared = new Set(comparisons.map(({ contender }) => contender));
  const isComplete = cells.every(
    ({ id, version, status }) => version !== 'new' || status === 'failed' || compared.has(id),
  );
  return statusOfAll(comparisons, { failOn, minEffect: options.minEffect, isComplete });
}

/** Exit status of `load --versus`: does the newer version hold less or, at given rates, take longer? */
export function loadVersionsStatus(
  { cells, workloads, options, heldComparisons, latencyComparisons }: LoadResults,
  failOn: FailOn,
): number {
  const comparisons: readonly (HeldComparison | LatencyComparison)[] = heldComparisons ?? latencyComparisons;
  const isComplete = cells.every(({ id, version, workload }) => {
    const rates = workloads.find(({ name }) => name === workload)?.rates.length ?? 0;
    const expected = heldComparisons === undefined ? rates : 1;
    return version !== 'new' || comparisons.filter(({ contender }) => contender === id).length === expected;
  });
  const judged = comparisons.map(({ verdict, speedup: { lo, hi } }) => ({
    verdict,
    speedup: { lo: lo ?? 0, hi: hi ?? Infinity },
  }));
  return statusOfAll(judged, { failOn, minEffect: options.minEffect, isComplete });
}

/**
 * Exit status of `compare` and `--against`: is the later run shown to be slower? A configuration that fails now outranks a slow
 * one.
 */
export function comparisonStatus(
  { olds, new: current, changes, notComparable, minEffect }: RunComparison,
  failOn: FailOn,
): number {
  const reasons = new Set(notComparable.map(({ because }) => because));
  if (failOn !== 'never' && reasons.has('failed-now')) return EXIT_CELL_FAILED;
  const isComplete =
    olds.every(({ complete }) => complete !== false) &&
    current.complete !== false &&
    !reasons.has('withheld') &&
    !reasons.has('other-batch') &&
    !reasons.has('other-load') &&
    !reasons.has('overloaded') &&
    !reasons.has('driver-limited') &&
    !reasons.has('beyond') &&
    !reasons.has('too-few-blocks') &&
    changes.every(
      ({ drift, oldRuns, otherCpus }) =>
        otherCpus === undefined &&
        // Without a measured drift, the interval of few runs leaves out what the machine itself may have changed.
        (drift !== null || oldRuns >= LEAST_RUNS),
    );
  return statusOfAll(changes, { failOn, minEffect, isComplete });
}

type Judged = Pick<Change, 'verdict' | 'looks'> & { readonly speedup: Pick<Change['speedup'], 'lo' | 'hi'> };

interface Question {
  readonly failOn: FailOn;
  readonly minEffect: number;
  /** Whether everything that should be compared was compared. */
  readonly isComplete: boolean;
}

function statusOfAll(comparisons: readonly Judged[], { failOn, minEffect, isComplete }: Question): number {
  if (failOn === 'never') return 0;
  if (comparisons.some(({ verdict, speedup }) => verdict === 'slower' && 1 / speedup.hi >= 1 + failOn))
    return EXIT_REGRESSION;
  const isDecided = isComplete && comparisons.every((comparison) => excludesSlower(comparison, failOn, minEffect));
  return isDecided ? 0 : EXIT_UNDECIDED;
}

/**
 * Whether the interval excludes a slowdown larger than the failing one and the minimum effect. What only looks slower
 * fails nothing, and is not excluded either.
 */
function excludesSlower({ verdict, looks, speedup }: Judged, failOn: number, minEffect: number): boolean {
  const isWithin = 1 / speedup.lo <= 1 + Math.max(failOn, minEffect);
  const judged = looks ?? verdict;
  switch (judged) {
    case 'same':
    case 'faster':
      return true;
    case 'slower':
      return isWithin;
    case 'inconclusive':
      // Between "same" and "faster". With any other interval the verdict was withheld, whatever the figures are.
      return isWithin && speedup.lo <= 1 && speedup.hi > 1 + minEffect;
    default:
      return judged satisfies never;
  }
}
