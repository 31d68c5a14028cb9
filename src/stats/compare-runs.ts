import type { Change, NotComparable, RunComparison, RunFacts } from '../model/comparison.ts';
import { LEVEL } from '../model/evidence.ts';
import type { Cell, MeasuredCell, Results } from '../model/results.ts';
import { contrastRuns, verdictOf, ratioAt } from './compare.ts';
import { groupResults, type ReportGroup } from './groups.ts';
import { differingLoad, driftOf } from './machine-between-runs.ts';
import { runDifferences } from './run-differences.ts';
import { contrastWithRuns } from './run-means.ts';

/** Earlier runs without which the variation between runs is unknown. */
export const LEAST_RUNS = 3;

/** Earlier runs, at least one. */
export type EarlierRuns = readonly [Results, ...Results[]];

/**
 * Compares a run with earlier ones, cell by cell. A run is one unit: whatever is different on that day is in all of its
 * blocks, and more blocks do not average it out. From three earlier runs on, the CI comes from how much those differ
 * among themselves. With fewer, that is unknown: the canaries show only a part of it, so nothing is shown, and a change
 * only looks like one.
 *
 * @param minEffect the minimum effect, as a fraction
 */
export function compareRuns(earlier: EarlierRuns, current: Results, minEffect: number): RunComparison {
  // The same file given twice is one run.
  const olds = [...new Map(earlier.map((run) => [`${run.startedAt} ${run.seed}`, run])).values()].toSorted((a, b) =>
    a.startedAt.localeCompare(b.startedAt),
  );
  const latest = olds.at(-1) ?? earlier[0];
  const oldCells = olds.map((run) => ({ run, cells: comparable(run) }));
  const newCells = comparable(current);
  const known = new Set(oldCells.flatMap(({ cells }) => [...cells.keys()]));
  const notComparable: { cell: string; because: NotComparable }[] = [
    ...[...known].filter((id) => !newCells.has(id)).map((id) => ({ cell: id, because: 'only-old' as const })),
    ...[...newCells.keys()].filter((id) => !known.has(id)).map((id) => ({ cell: id, because: 'only-new' as const })),
  ];
  const pairs: Pair[] = [];
  for (const [id, now] of newCells) {
    const candidates = oldCells.flatMap(({ run, cells }) => {
      const was = cells.get(id);
      return was === undefined ? [] : [{ run, was }];
    });
    if (candidates.length === 0) continue;
    const reasons = candidates.map(({ was }) => reasonAgainst(was, now));
    const befores = candidates.flatMap(({ run, was: { cell } }, index) =>
      reasons[index] === undefined && cell.status === 'ok' ? [{ run, cell }] : [],
    );
    const because = reasons.findLast((reason) => reason !== undefined);
    if (befores.length > 0 && now.cell.status === 'ok') {
      const otherResults = candidates.some(
        ({ run, was: { group } }) =>
          run.seed === current.seed && areOther(group.workload.digest, now.group.workload.digest),
      );
      pairs.push({ befores, after: now.cell, otherResults });
    } else if (because !== undefined) notComparable.push({ cell: id, because });
  }
  // Bonferroni: all comparisons of the two runs share one level.
  const alpha = LEVEL / Math.max(1, pairs.length);
  const changes = pairs.flatMap((pair): Change[] => {
    const change = changeOf(pair, current, alpha, minEffect);
    if (change === undefined) notComparable.push({ cell: pair.after.id, because: 'too-few-blocks' });
    return change === undefined ? [] : [change];
  });
  return {
    schema: 'lanewise/comparison@1',
    old: factsOf(latest),
    olds: olds.map(factsOf),
    new: factsOf(current),
    minEffect,
    changes,
    configurations: configurationsIn([...oldCells.map(({ cells }) => cells), newCells]),
    notComparable,
    differences: runDifferences(latest, current),
  };
}

function configurationsIn(runs: readonly ReadonlyMap<string, Comparable>[]): RunComparison['configurations'] {
  const all = new Map(runs.flatMap((cells) => [...cells]));
  return [...all.values()].map(({ cell, group }) => {
    const { id, strategy, poolSize, concurrency, uvThreads, runtime, laneKind, keepsLanes, version, twin } = cell;
    return {
      cell: id,
      title: group.title,
      strategy,
      poolSize,
      concurrency,
      ...(uvThreads !== undefined && { uvThreads }),
      ...(runtime !== undefined && { runtime }),
      ...(laneKind !== undefined && { laneKind }),
      ...(keepsLanes !== undefined && { keepsLanes }),
      ...(version !== undefined && { version }),
      ...(twin !== undefined && { twin }),
    };
  });
}

interface Before {
  readonly run: Results;
  readonly cell: MeasuredCell;
}

/** A cell that can be compared. */
interface Pair {
  readonly befores: readonly Before[];
  readonly after: MeasuredCell;
  readonly otherResults: boolean;
}

function changeOf(
  { befores, after, otherResults }: Pair,
  current: Results,
  alpha: number,
  minEffect: number,
): Change | undefined {
  const before = befores.at(-1);
  if (before === undefined) return undefined;
  const isShown = befores.length >= LEAST_RUNS;
  const drift = driftOf(before.run, current, after);
  const found = isShown
    ? contrastWithRuns(
        befores.map(({ cell }) => cell.samples),
        after.samples,
        alpha,
      )
    : contrastRuns(before.cell.samples, after.samples, alpha, drift ?? 0);
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
    cell: after.id,
    speedup: ratioAt(found, alpha),
    verdict: isKnown && isShown ? verdict : 'inconclusive',
    ...(isKnown && !isShown && verdict !== 'inconclusive' && { looks: verdict }),
    blocks: found.blocks,
    oldRuns: befores.length,
    drift: drift === undefined ? null : Math.exp(drift),
    ...(otherCpus !== undefined && { otherCpus }),
    otherResults,
  };
}

/** The reason why a cell cannot be compared with its later self; undefined: it can. */
function reasonAgainst(was: Comparable, now: Comparable): NotComparable | undefined {
  if (now.cell.status === 'failed') return 'failed-now';
  if (was.cell.status === 'failed') return 'failed-before';
  if (was.group.withheldBy !== undefined || now.group.withheldBy !== undefined) return 'withheld';
  return was.group.workload.tasks === now.group.workload.tasks ? undefined : 'other-batch';
}

interface Comparable {
  readonly cell: Cell;
  readonly group: ReportGroup;
}

/** Cells by id, in measured order. Screened-only cells have too little evidence. */
function comparable(results: Results): ReadonlyMap<string, Comparable> {
  const groupOf = new Map(groupResults(results).flatMap((group) => group.cells.map((cell) => [cell, group] as const)));
  return new Map(
    results.cells.flatMap((cell) => {
      const group = groupOf.get(cell);
      return group === undefined ? [] : [[cell.id, { cell, group }] as const];
    }),
  );
}

function factsOf({ startedAt, environment, seed, complete }: Results): RunFacts {
  return { startedAt, node: environment.node, seed, ...(!complete && { complete }) };
}

/** Outputs known to differ; a run without verified output proves no difference. */
function areOther(before: string | null | undefined, after: string | null | undefined): boolean {
  return typeof before === 'string' && typeof after === 'string' && before !== after;
}
