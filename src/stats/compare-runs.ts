import type { Change, NotComparable, RunComparison, RunFacts, Difference } from '../model/comparison.ts';
import { LEVEL } from '../model/evidence.ts';
import type { Cell, MeasuredCell, Results, Environment } from '../model/results.ts';
import { contrastRuns, verdictOf, ratioAt } from './compare.ts';
import { rankSumInterval } from './exact-tests.ts';
import { groupResults, keyOf, type ReportGroup } from './groups.ts';

/**
 * Compares two runs cell by cell. They share no block, so this is weaker than a comparison within a run; the canaries
 * of both runs show how much the machine itself may have changed, and that widens every interval.
 *
 * @param minEffect the minimum effect, as a fraction
 */
export function compareRuns(old: Results, current: Results, minEffect: number): RunComparison {
  const [oldCells, newCells] = [comparable(old), comparable(current)];
  const notComparable: { cell: string; because: NotComparable }[] = [
    ...[...oldCells.keys()].filter((id) => !newCells.has(id)).map((id) => ({ cell: id, because: 'only-old' as const })),
    ...[...newCells.keys()].filter((id) => !oldCells.has(id)).map((id) => ({ cell: id, because: 'only-new' as const })),
  ];
  const pairs: { readonly before: MeasuredCell; readonly after: MeasuredCell; readonly otherResults: boolean }[] = [];
  for (const [id, { cell: after, group: now }] of newCells) {
    const { cell: before, group: was } = oldCells.get(id) ?? {};
    if (before === undefined || was === undefined) continue;
    if (after.status === 'failed') notComparable.push({ cell: id, because: 'failed-now' });
    else if (before.status === 'failed') notComparable.push({ cell: id, because: 'failed-before' });
    else if (was.withheldBy !== undefined || now.withheldBy !== undefined)
      notComparable.push({ cell: id, because: 'withheld' });
    else if (was.workload.tasks !== now.workload.tasks) notComparable.push({ cell: id, because: 'other-batch' });
    else {
      const otherResults = old.seed === current.seed && areOther(was.workload.digest, now.workload.digest);
      pairs.push({ before, after, otherResults });
    }
  }
  // Bonferroni: all comparisons of the two runs share one level.
  const alpha = LEVEL / Math.max(1, pairs.length);
  const changes = pairs.flatMap(({ before, after, otherResults }): Change[] => {
    const drift = driftOf(old, current, after);
    const found = contrastRuns(before.samples, after.samples, alpha, drift ?? 0);
    if (found === undefined) {
      notComparable.push({ cell: after.id, because: 'too-few-blocks' });
      return [];
    }
    const { interval, blocks } = found;
    return [
      {
        cell: after.id,
        speedup: ratioAt(found, alpha),
        // Without a canary in both runs, a slower machine looks like slower code.
        verdict: drift === undefined ? 'inconclusive' : verdictOf(interval, Math.log1p(minEffect)),
        blocks,
        drift: drift === undefined ? null : Math.exp(drift),
        otherResults,
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

type Comparables = ReadonlyMap<string, { readonly cell: Cell; readonly group: ReportGroup }>;

/** Cells by id, in measured order. Screened-only cells have too little evidence. */
function comparable(results: Results): Comparables {
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

function driftOf(old: Results, current: Results, cell: Cell): number | undefined {
  const [before, after] = [old, current].map(({ noise = [] }) =>
    noise.find((group) => keyOf(group) === keyOf(cell))?.blocks.map(({ canaryMs }) => canaryMs),
  );
  return before === undefined || after === undefined ? undefined : canaryDrift(before, after);
}

/**
 * Largest factor, as a logarithm in either direction, by which the same fixed work may have slowed down between two
 * runs.
 *
 * @returns undefined if there are too few blocks
 */
export function canaryDrift(beforeMs: readonly number[], afterMs: readonly number[]): number | undefined {
  const interval = rankSumInterval(beforeMs.map(Math.log), afterMs.map(Math.log), LEVEL);
  return interval && Math.max(Math.abs(interval.lo), Math.abs(interval.hi));
}

/** Outputs known to differ; a run without verified output proves no difference. */
function areOther(before: string | null | undefined, after: string | null | undefined): boolean {
  return typeof before === 'string' && typeof after === 'string' && before !== after;
}

type Value = Difference['old'];
type Fact = readonly [what: string, old: Value | undefined, current: Value | undefined];

/** Differences around two runs that can themselves explain a change. */
function runDifferences(
  { environment: was, options: before }: Results,
  { environment: is, options: after }: Results,
): readonly Difference[] {
  return differing([
    ['UV_THREADPOOL_SIZE', before.uvThreads ?? was.uvThreads, after.uvThreads ?? is.uvThreads],
    ...flagsAndVariables(was, is),
    ['Node', was.node, is.node],
    ['--atomics', before.atomics, after.atomics],
    ['CPU quota', was.cpuQuota, is.cpuQuota],
    ['memory limit in bytes', was.memoryLimitBytes, is.memoryLimitBytes],
    ['CPU governor', was.governor, is.governor],
  ]);
}

/** {@link runDifferences} in what processes inherit. */
export function inheritedDifferences(was: Environment, is: Environment): readonly Difference[] {
  return differing([['UV_THREADPOOL_SIZE', was.uvThreads, is.uvThreads], ...flagsAndVariables(was, is)]);
}

function flagsAndVariables(was: Environment, is: Environment): readonly Fact[] {
  const names = new Set([was, is].flatMap(({ variables = {} }) => Object.keys(variables)));
  return [
    ['NODE_OPTIONS', flagsOf(was), flagsOf(is)],
    ...[...names].map((name): Fact => [name, valueOf(was, name), valueOf(is, name)]),
  ];
}

function flagsOf({ nodeFlags }: Environment): Value | undefined {
  return nodeFlags && (nodeFlags.join(' ') || null);
}

function valueOf({ variables }: Environment, name: string): Value | undefined {
  return variables && (variables[name] ?? null);
}

/** Undefined comes from an earlier version of Lanewise that did not record it, and is no difference. */
function differing(facts: readonly Fact[]): readonly Difference[] {
  return facts.flatMap(([what, old, current]) =>
    old === undefined || current === undefined || old === current ? [] : [{ what, old, new: current }],
  );
}
