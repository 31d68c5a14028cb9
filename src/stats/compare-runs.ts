import type { Change, NotComparable, RunComparison, RunFacts, Difference } from '../model/comparison.ts';
import { LEVEL } from '../model/evidence.ts';
import type { BlockNoise, Cell, MeasuredCell, Results, Environment } from '../model/results.ts';
import { contrastRuns, verdictOf, ratioAt } from './compare.ts';
import { rankSumInterval } from './exact-tests.ts';
import { groupResults, keyOf, type ReportGroup } from './groups.ts';
import { median } from './quantile.ts';
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
  const otherCpus = differingLoad(befores, current, after);
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

/** CPUs that other programs may use more, or less, in one run than in another. */
const SAME_LOAD = 0.25;

/**
 * CPUs that other programs used, if they used more or less of them in the later run than in every earlier one, and
 * there were not enough for the cell as well. A canary on one CPU sees nothing of that.
 */
function differingLoad(befores: readonly Before[], current: Results, cell: MeasuredCell): Change['otherCpus'] {
  const loads = befores.map(({ run }) => otherCpusIn(run, cell));
  const known = loads.filter((load) => load !== undefined);
  const load = otherCpusIn(current, cell);
  if (load === undefined || known.length === 0) return undefined;
  const nearest = known.toSorted((a, b) => Math.abs(a - load) - Math.abs(b - load))[0] ?? load;
  const spare = current.environment.availableParallelism - cell.poolSize;
  const isBetween = Math.min(...known) <= load && load <= Math.max(...known);
  return isBetween || Math.abs(nearest - load) <= SAME_LOAD || Math.max(nearest, load) <= spare
    ? undefined
    : { old: nearest, new: load };
}

function otherCpusIn(run: Results, cell: Cell): number | undefined {
  const others = noiseOf(run, cell)?.flatMap(({ otherCores }) => otherCores ?? []) ?? [];
  return others.length === 0 ? undefined : median(others);
}

function noiseOf({ noise = [] }: Results, cell: Cell): readonly BlockNoise[] | undefined {
  return noise.find((group) => keyOf(group) === keyOf(cell))?.blocks;
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

function driftOf(old: Results, current: Results, cell: Cell): number | undefined {
  const [before, after] = [old, current].map((run) => noiseOf(run, cell)?.map(({ canaryMs }) => canaryMs));
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
