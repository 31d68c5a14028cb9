import type { Change, NotComparable, RunComparison, RunFacts } from '../model/comparison.ts';
import { LEVEL } from '../model/evidence.ts';
import type { Results } from '../model/results.ts';
import { comparableRun, type ComparableRun, type ComparableUnit } from './comparable-run.ts';
import { contrastRuns, verdictOf, ratioAt } from './compare.ts';
import { differingLoad, driftOf } from './machine-between-runs.ts';
import { runDifferences } from './run-differences.ts';
import { contrastWithRuns, hasSpread } from './run-means.ts';

/** Earlier runs without which the variation between runs is unknown. */
export const LEAST_RUNS = 3;

/** Earlier runs, at least one. */
export type EarlierRuns = readonly [Results, ...Results[]];

/** {@link compareUnits} of two runs. @param minEffect the minimum effect, as a fraction */
export function compareRuns(earlier: EarlierRuns, current: Results, minEffect: number): RunComparison {
  const [first, ...others] = earlier;
  const olds = [comparableRun(first), ...others.map(comparableRun)] as const;
  return compareUnits(olds, comparableRun(current), minEffect);
}

/**
 * Compares a run with earlier ones, unit by unit. A run is one unit of inference: whatever is different on that day is in
 * all of its blocks, and more blocks do not average it out. From three earlier runs on, the CI comes from how much those
 * differ among themselves. With fewer, that is unknown: the canaries show only a part of it, so nothing is shown, and a
 * change only looks like one.
 *
 * @param minEffect the minimum effect, as a fraction
 */
export function compareUnits(
  earlier: readonly [ComparableRun, ...ComparableRun[]],
  current: ComparableRun,
  minEffect: number,
): RunComparison {
  // The same file given twice is one run.
  const olds = [...new Map(earlier.map((run) => [`${run.startedAt} ${run.seed}`, run])).values()].toSorted((a, b) =>
    a.startedAt.localeCompare(b.startedAt),
  );
  const latest = olds.at(-1) ?? earlier[0];
  const known = new Set(olds.flatMap(({ units }) => [...units.keys()]));
  const notComparable: { cell: string; because: NotComparable }[] = [
    ...[...known].filter((id) => !current.units.has(id)).map((id) => ({ cell: id, because: 'only-old' as const })),
    ...[...current.units.keys()]
      .filter((id) => !known.has(id))
      .map((id) => ({ cell: id, because: 'only-new' as const })),
  ];
  const pairs: Pair[] = [];
  for (const [id, after] of current.units) {
    const candidates = olds.flatMap((run) => {
      const unit = run.units.get(id);
      return unit === undefined ? [] : [{ run, unit }];
    });
    if (candidates.length === 0) continue;
    const reasons = candidates.map(({ unit }) => reasonAgainst(unit, after));
    const befores = candidates.filter((_, index) => reasons[index] === undefined);
    const because = reasons.findLast((reason) => reason !== undefined);
    if (befores.length > 0) {
      const otherResults = candidates.some(
        ({ run, unit }) => run.seed === current.seed && areOther(unit.digest, after.digest),
      );
      pairs.push({ id, befores, after, otherResults });
    } else if (because !== undefined) notComparable.push({ cell: id, because });
  }
  // Bonferroni: all comparisons of the two runs share one level.
  const alpha = LEVEL / Math.max(1, pairs.length);
  const changes = pairs.flatMap((pair): Change[] => {
    const change = changeOf(pair, current, alpha, minEffect);
    if (change === undefined) notComparable.push({ cell: pair.id, because: 'too-few-blocks' });
    return change === undefined ? [] : [change];
  });
  const all = new Map([...olds, current].flatMap(({ units }) => [...units]));
  return {
    schema: 'lanewise/comparison@1',
    old: factsOf(latest),
    olds: olds.map(factsOf),
    new: factsOf(current),
    minEffect,
    changes,
    configurations: [...all.values()].map(({ configuration }) => configuration),
    notComparable,
    differences: runDifferences(latest, current),
  };
}

interface Before {
  readonly run: ComparableRun;
  readonly unit: ComparableUnit;
}

/** A unit that can be compared. */
interface Pair {
  readonly id: string;
  readonly befores: readonly Before[];
  readonly after: ComparableUnit;
  readonly otherResults: boolean;
}

function changeOf(
  { id, befores: all, after, otherResults }: Pair,
  current: ComparableRun,
  alpha: number,
  minEffect: number,
): Change | undefined {
  // One that ended after a block is no evidence of how much runs differ.
  const spread = all.filter(({ unit }) => hasSpread(unit.times));
  const befores = spread.length > 0 ? spread : all;
  const before = befores.at(-1);
  if (before === undefined) return undefined;
  const isShown = spread.length >= LEAST_RUNS;
  const drift = driftOf(before.run, current, after);
  const found = isShown
    ? contrastWithRuns(
        befores.map(({ unit }) => unit.times),
        after.times,
        alpha,
      )
    : contrastRuns(before.unit.times, after.times, alpha, drift ?? 0);
  if (found === undefined) return undefined;
  const otherCpus = differingLoad(
    befores.map(({ run }) => run),
    current,
    after,
  );
  const verdict = verdictOf(found.interval, Math.log1p(minEffect));
  // Without a canary in both runs, a slower machine looks like slower code.
  const isKnown = otherCpus === undefined && (isShown || drift !== undefined);
  return {
    cell: id,
    speedup: ratioAt(found, alpha),
    verdict: isKnown && isShown ? verdict : 'inconclusive',
    ...(isKnown && !isShown && verdict !== 'inconclusive' && { looks: verdict }),
    blocks: found.blocks,
    // Where no run has a spread, only the latest was compared.
    oldRuns: isShown ? befores.length : Math.min(befores.length, LEAST_RUNS - 1),
    drift: drift === undefined ? null : Math.exp(drift),
    ...(otherCpus !== undefined && { otherCpus }),
    otherResults,
  };
}

/** The reason why a unit cannot be compared with its later self; undefined: it can. */
function reasonAgainst(was: ComparableUnit, now: ComparableUnit): NotComparable | undefined {
  if (now.status === 'failed') return 'failed-now';
  if (was.status === 'failed') return 'failed-before';
  // Measured again, a doubt may be gone; what was asked for would still be another thing.
  if (was.asked.what !== now.asked.what) return now.asked.because;
  return was.doubt ?? now.doubt;
}

function factsOf({ startedAt, environment, seed, complete }: ComparableRun): RunFacts {
  return { startedAt, node: environment.node, seed, ...(!complete && { complete }) };
}

/** Outputs known to differ; a run without verified output proves no difference. */
function areOther(before: string | null | undefined, after: string | null | undefined): boolean {
  return typeof before === 'string' && typeof after === 'string' && before !== after;
}
