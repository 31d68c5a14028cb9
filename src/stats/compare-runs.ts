import { LEVEL } from '../model/level.ts';
import type { Change, NotComparable, RunComparison, RunFacts } from '../model/comparison.ts';
import type { Cell, MeasuredCell, Results } from '../model/results.ts';
import { isWithholding } from '../model/withholding.ts';
import { contrastRuns, judge } from './compare.ts';
import { rankSumInterval } from './rank-sum.ts';
import { runDifferences } from './run-differences.ts';

/**
 * What changed from one run to another, cell by cell. The runs have no block in common, so this is weaker than a comparison
 * within a run; what the machine itself may have changed is read off the canaries of both runs, and widens every interval.
 *
 * @param minEffect the smallest difference worth telling, as a fraction
 */
export function compareRuns(old: Results, current: Results, minEffect: number): RunComparison {
  const oldCells = new Map(comparable(old).map((cell) => [cell.id, cell]));
  const newCells = comparable(current);
  const newIds = new Set(newCells.map(({ id }) => id));
  const notComparable: { cell: string; because: NotComparable }[] = [
    ...[...oldCells.keys()].filter((id) => !newIds.has(id)).map((id) => ({ cell: id, because: 'only-old' as const })),
    ...newCells.filter(({ id }) => !oldCells.has(id)).map(({ id }) => ({ cell: id, because: 'only-new' as const })),
  ];
  const pairs: { readonly before: MeasuredCell; readonly after: MeasuredCell }[] = [];
  for (const after of newCells) {
    const before = oldCells.get(after.id);
    if (before === undefined) continue;
    if (after.status === 'failed') notComparable.push({ cell: after.id, because: 'failed-now' });
    else if (before.status === 'failed') notComparable.push({ cell: after.id, because: 'failed-before' });
    else if (isWithheld(old, before) || isWithheld(current, after))
      notComparable.push({ cell: after.id, because: 'withheld' });
    else if (groupOf(old, before)?.tasks !== groupOf(current, after)?.tasks)
      notComparable.push({ cell: after.id, because: 'other-batch' });
    else pairs.push({ before, after });
  }
  // Bonferroni: the comparisons are shown together, so they share one level.
  const alpha = LEVEL / Math.max(1, pairs.length);
  const changes = pairs.flatMap(({ before, after }): Change[] => {
    const drift = driftOf(old, current, after);
    const found = contrastRuns(before.samples, after.samples, alpha, drift ?? 0);
    if (found === undefined) {
      notComparable.push({ cell: after.id, because: 'too-few-blocks' });
      return [];
    }
    const { estimate, interval, blocks } = found;
    return [
      {
        cell: after.id,
        speedup: {
          estimate: Math.exp(estimate),
          lo: Math.exp(interval.lo),
          hi: Math.exp(interval.hi),
          level: 1 - alpha,
        },
        // Without a canary in both runs, a slower day cannot be told from slower code.
        verdict: drift === undefined ? 'inconclusive' : judge(interval, Math.log1p(minEffect)),
        blocks,
        drift: drift === undefined ? null : Math.exp(drift),
        otherResults:
          old.seed === current.seed && areOther(groupOf(old, before)?.digest, groupOf(current, after)?.digest),
      },
    ];
  });
  return {
    schema: 'lanewise/comparison@1',
    old: factsOf(old),
    new: factsOf(current),
    minEffect,
    changes,
    notComparable,
    differences: runDifferences(old, current),
  };
}

/** A doubt about one configuration is about the work of them all. */
function isWithheld({ warnings, cells }: Results, { workload, params }: Cell): boolean {
  return warnings.filter(isWithholding).some((warning) => {
    if (!('cell' in warning)) return warning.workload === workload;
    const doubted = cells.find(({ id }) => id === warning.cell);
    return doubted !== undefined && doubted.workload === workload && sameParams(doubted, { params });
  });
}

/** What was only screened has too little evidence. */
function comparable({ cells }: Results): readonly Cell[] {
  return cells.filter(({ phase }) => phase === undefined);
}

function factsOf({ startedAt, environment, seed, complete }: Results): RunFacts {
  return { startedAt, node: environment.node, seed, ...(!complete && { complete }) };
}

function groupOf(results: Results, cell: Cell): Results['workloads'][number] | undefined {
  return results.workloads.find((workload) => workload.name === cell.workload && sameParams(workload, cell));
}

function driftOf(old: Results, current: Results, cell: Cell): number | undefined {
  const [before, after] = [old, current].map(({ noise = [] }) =>
    noise
      .find((group) => group.workload === cell.workload && sameParams(group, cell))
      ?.blocks.map(({ canaryMs }) => canaryMs),
  );
  return before === undefined || after === undefined ? undefined : canaryDrift(before, after);
}

/**
 * By what factor, in logarithms and either way, the same fixed work may have taken longer in one of two runs.
 *
 * @returns undefined if there are too few blocks to tell
 */
export function canaryDrift(beforeMs: readonly number[], afterMs: readonly number[]): number | undefined {
  const interval = rankSumInterval(beforeMs.map(Math.log), afterMs.map(Math.log), LEVEL);
  return interval && Math.max(Math.abs(interval.lo), Math.abs(interval.hi));
}

function sameParams(a: { readonly params: unknown }, b: { readonly params: unknown }): boolean {
  return JSON.stringify(a.params) === JSON.stringify(b.params);
}

/** What was not verified in one of them is not known to be other. */
function areOther(before: string | null | undefined, after: string | null | undefined): boolean {
  return typeof before === 'string' && typeof after === 'string' && before !== after;
}
