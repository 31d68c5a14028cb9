import { curveName, groupTitle, shortId } from '../model/cell-id.ts';
import {
  isWithholding,
  type UpperBound,
  type WithholdingWarning,
  type Cell,
  type Comparison,
  type MeasuredCell,
  type Prediction,
  type Ratio,
  type Recommendation,
  type Results,
  type Scaling,
  type ScalingFit,
  type Tuning,
  type TuningGoal,
} from '../model/results.ts';

/** Everything a report shows of one workload with one set of params. */
export interface ReportGroup {
  readonly workload: Results['workloads'][number];
  /** The workload with its params: those of the cells' ids, and what was scanned. */
  readonly title: string;
  /** Fastest first; failed cells last. */
  readonly cells: readonly Cell[];
  readonly baseline: Cell | undefined;
  /** The configuration that was to be the baseline has failed, and another took its place. */
  readonly isBaselineReplaced: boolean;
  readonly comparisons: readonly Comparison[];
  readonly recommendation: Recommendation | undefined;
  /** The recommended configuration or, by `tune`, the chosen one. */
  readonly choice: MeasuredCell | undefined;
  /** Configurations tied with the choice, without those that a verdict calls slower. */
  readonly tied: readonly Cell[];
  /** Upper bound; undefined where it was not measured. */
  readonly upperBound: UpperBound | undefined;
  /** Scaling of each pool, where several sizes were measured. */
  readonly scaling: readonly Scaling[];
  readonly predictions: readonly Prediction[];
  /** Outcome of `tune`; undefined for any other run. */
  readonly tuned: Tuned | undefined;
  /** Why nothing is concluded from the times; undefined: something is. */
  readonly withheldBy: WithholdingWarning | undefined;
  /** Minimum effect, as a fraction. */
  readonly minEffect: number;
  /** A/A test: every configuration is compared with a twin of itself. */
  readonly isAA: boolean;
}

/** Outcome of `tune` for its workload. */
export interface Tuned {
  readonly tuning: Tuning;
  readonly goal: TuningGoal;
  /** Measured with little evidence, to find the finalists. */
  readonly screened: readonly Cell[];
}

export function groupResults(results: Results): readonly ReportGroup[] {
  const { options, tuning } = results;
  const cells = byKey(results.cells);
  const comparisons = byKey(results.comparisons);
  const recommendations = byKey(results.recommendations);
  const upperBounds = byKey(results.upperBounds);
  const scaling = byKey(results.scaling);
  const predictions = byKey(results.predictions);
  const withheld = results.warnings.filter(isWithholding);
  const titles = titlesOf(results.workloads);
  return results.workloads.map((workload, index) => {
    const key = keyOf({ workload: workload.name, params: workload.params });
    const all = cells.get(key) ?? [];
    const own = all.filter(isOfReport);
    const shown = comparisons.get(key) ?? [];
    const byWall = own.toSorted((a, b) => wallOf(a) - wallOf(b));
    const recommendation = recommendations.get(key)?.[0];
    const asked =
      own.find((cell) => shortId(cell) === options.baseline) ?? own.find((cell) => cell.strategy === options.baseline);
    const chosen = (tuning ?? recommendation)?.choose;
    return {
      workload,
      title: titles[index] ?? workload.name,
      cells: byWall,
      baseline: own.find((cell) => cell.id === shown[0]?.baseline) ?? asked,
      isBaselineReplaced: asked?.status === 'failed',
      comparisons: shown,
      recommendation,
      choice: byWall.find((cell): cell is MeasuredCell => cell.status === 'ok' && cell.id === chosen),
      tied: byWall.filter(
        ({ id }) => id !== chosen && recommendation?.tied.includes(id) && !isBeaten(id, chosen, shown, options),
      ),
      upperBound: upperBounds.get(key)?.at(-1),
      scaling: scaling.get(key) ?? [],
      predictions: predictions.get(key) ?? [],
      tuned:
        tuning === undefined || options.tuning === undefined
          ? undefined
          : { tuning, goal: options.tuning, screened: all.filter((cell) => !isOfReport(cell)) },
      withheldBy: withheld.find((warning) =>
        'cell' in warning ? own.some(({ id }) => id === warning.cell) : isAbout(warning, workload),
      ),
      minEffect: options.minEffect,
      isAA: options.aa === true,
    };
  });
}

/**
 * Whether a verdict already says that the choice is faster: then it is not shown as tied, although it may be slower by
 * less than the minimum effect, for which it is on the list of the recommendation.
 */
function isBeaten(
  id: string,
  chosen: string | null | undefined,
  comparisons: readonly Comparison[],
  { minEffect, tuning }: Pick<Results['options'], 'minEffect' | 'tuning'>,
): boolean {
  // Another goal may be tied where throughput is not.
  if (tuning !== undefined && tuning.for !== 'throughput') return false;
  return comparisons.some(({ baseline, contender, verdict, speedup: { estimate } }) => {
    if (Math.abs(Math.log(estimate)) < Math.log1p(minEffect)) return false;
    return contender === chosen
      ? verdict === 'faster' && baseline === id
      : verdict === 'slower' && contender === id && baseline === chosen;
  });
}

/** Titles of the groups. A scanned param is named at its default value, too, which ids leave out. */
export function titlesOf(
  workloads: readonly Pick<Results['workloads'][number], 'name' | 'params' | 'title'>[],
): readonly string[] {
  return workloads.map(({ name, params, title = name }) => {
    const scan = workloads.filter((other) => other.name === name);
    const begins = Object.keys(params).find((param) => title.startsWith(`${name}[${param}=`));
    const isNamed = (param: string): boolean => param === begins || title.includes(`,${param}=`);
    const isScanned = ([param, value]: readonly [string, unknown]): boolean =>
      scan.some((other) => JSON.stringify(other.params[param]) !== JSON.stringify(value));
    const scanned = Object.entries(params).filter(isScanned);
    if (scanned.every(([param]) => isNamed(param)) || (begins === undefined && title !== name)) return title;
    // All in the order of the params, so that the titles of a scan differ in values only.
    const named = Object.entries(params).filter((entry) => isNamed(entry[0]) || isScanned(entry));
    return groupTitle(name, Object.fromEntries(named), {});
  });
}

/** Whether a warning is about a workload with these params; in earlier results, warnings have none. */
export function isAbout(
  warning: { readonly workload: string; readonly params?: unknown },
  { name, params }: Pick<Results['workloads'][number], 'name' | 'params'>,
): boolean {
  const { workload, params: own = params } = warning;
  return keyOf({ workload, params: own }) === keyOf({ workload: name, params });
}

interface OfGroup {
  readonly workload: string;
  readonly params: unknown;
}

export function keyOf({ workload, params }: OfGroup): string {
  return JSON.stringify([workload, params]);
}

/** Results of each workload with its params. */
function byKey<Item extends OfGroup>(items: readonly Item[] = []): ReadonlyMap<string, readonly Item[]> {
  return groupBy(items, keyOf);
}

/** Cells without those that `tune` only screened. */
function isOfReport({ phase }: Cell): boolean {
  return phase === undefined;
}

/** Number of measured blocks of each workload. */
export function blocksByWorkload({ cells, workloads }: Pick<Results, 'cells' | 'workloads'>): readonly number[] {
  const cellsOf = byKey(cells);
  return workloads.map(({ name, params }) => {
    const own = (cellsOf.get(keyOf({ workload: name, params })) ?? [])
      .filter(isOfReport)
      .filter(({ dropped }) => dropped === undefined);
    return new Set(own.flatMap(({ samples }) => samples.map(({ block }) => block))).size;
  });
}

/** Comparison of the cell with its baseline; undefined for a baseline, and without a comparison. */
export function comparisonOf(cell: Pick<Cell, 'id'>, { comparisons }: ReportGroup): Comparison | undefined {
  return comparisons.find(({ contender }) => contender === cell.id);
}

function wallOf(cell: Cell): number {
  return cell.status === 'ok' ? cell.summary.wallMs.median : Number.POSITIVE_INFINITY;
}

/** True if other cells are compared with this one: of two versions, every older one is a baseline. */
export function isBaseline(cell: Cell, { baseline, comparisons }: ReportGroup): boolean {
  return cell.id === baseline?.id || comparisons.some((comparison) => comparison.baseline === cell.id);
}

/** Speedup of a cell over its baseline, with the interval; 1 for a baseline; undefined: not compared. */
export function speedupOf(cell: Cell, group: ReportGroup): Ratio | undefined {
  return comparisonOf(cell, group)?.speedup ?? (isBaseline(cell, group) ? { estimate: 1, lo: 1, hi: 1 } : undefined);
}

/** Groups items by key, in order of first appearance. */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  toKey: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = toKey(item);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [item]);
    else own.push(item);
  }
  return groups;
}

/** Samples by block. */
export function byBlock<Item extends { readonly block: number }>(items: readonly Item[]): readonly (readonly Item[])[] {
  return [...groupBy(items, ({ block }) => block).values()];
}

/** Cells that differ only in pool size, the smallest first. */
export interface CurveCells {
  readonly name: string;
  readonly cells: readonly [MeasuredCell, ...MeasuredCell[]];
}

export function byCurve(cells: readonly MeasuredCell[]): readonly CurveCells[] {
  return [...groupBy(cells, curveName)].flatMap(([name, own]): CurveCells[] => {
    const [first, ...rest] = own.toSorted((a, b) => a.poolSize - b.poolSize);
    return first === undefined ? [] : [{ name, cells: [first, ...rest] }];
  });
}

/** Speedup of a pool over the baseline, by size. */
export interface Curve {
  readonly name: string;
  /** Any of its cells. */
  readonly cell: MeasuredCell;
  readonly points: readonly CurvePoint[];
  /** The fitted model, in the units of the points; none with too few sizes. */
  readonly model: Readonly<ScalingFit['curve']>;
  /** The smallest size that may reach 95% of the best. */
  readonly knee: CurvePoint | undefined;
}

export interface CurvePoint {
  readonly lanes: number;
  readonly speedup: Ratio;
}

/** Curves with more than one point. None for two versions: each cell is compared with its own older one. */
export function curvesOf(group: ReportGroup): readonly Curve[] {
  if (group.workload.newerSource !== undefined || group.isAA) return [];
  return byCurve(group.cells.filter((cell) => cell.status === 'ok')).flatMap(({ name, cells }): Curve[] => {
    const points = cells.flatMap((cell): CurvePoint[] => {
      const speedup = speedupOf(cell, group);
      return speedup === undefined ? [] : [{ lanes: cell.poolSize, speedup }];
    });
    if (points.length < 2) return [];
    const scaling = group.scaling.find(({ cells: [id] }) => cells.some((cell) => cell.id === id));
    const knee = points.find(({ lanes }) => lanes === scaling?.knee);
    return [{ name, cell: cells[0], points, model: modelOf(scaling, points), knee }];
  });
}

/** The model is relative to the smallest pool; everything here is relative to the baseline. */
function modelOf(scaling: Scaling | undefined, points: readonly CurvePoint[]): Curve['model'] {
  const curve = scaling?.fit?.curve ?? [];
  const by = points.find(({ lanes }) => lanes === curve[0]?.lanes)?.speedup.estimate;
  if (by === undefined) return [];
  return curve.map(({ lanes, speedup, lo, hi }) => ({ lanes, speedup: speedup * by, lo: lo * by, hi: hi * by }));
}

/** A workload measured with several values of some of its params. */
export interface Scan<Group> {
  readonly workload: string;
  /** One group per combination of values. */
  readonly groups: readonly Group[];
  /** The params that differ. */
  readonly params: readonly [string, ...string[]];
}

/** @param workOf the work of a group */
export function scansOf<Group>(
  groups: readonly Group[],
  workOf: (group: Group) => Pick<Results['workloads'][number], 'name' | 'params'>,
): readonly Scan<Group>[] {
  return [...groupBy(groups, (group) => workOf(group).name)].flatMap(([workload, own]): Scan<Group>[] => {
    const params = [...new Set(own.flatMap((group) => Object.keys(workOf(group).params)))];
    const [first, ...others] = params.filter(
      (param) => new Set(own.map((group) => JSON.stringify(workOf(group).params[param]))).size > 1,
    );
    return first === undefined ? [] : [{ workload, groups: own, params: [first, ...others] }];
  });
}
