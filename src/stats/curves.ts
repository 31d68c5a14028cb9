import { curveName } from '../model/cell-id.ts';
import type { Comparison, MeasuredCell, Scaling } from '../model/results.ts';
import { groupBy, comparisonOf, type ReportGroup } from './groups.ts';

/** Cells that differ in nothing but their pool size, the smallest first. */
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

/** How many times as fast as the baseline a pool is, over its sizes. */
export interface Curve {
  readonly name: string;
  /** Any of its cells. */
  readonly cell: MeasuredCell;
  readonly points: readonly CurvePoint[];
  /** The fitted model, in the units of the points; none where there were too few sizes. */
  readonly model: readonly ModelPoint[];
  /** The smallest size that may reach 95 % of the best. */
  readonly knee: CurvePoint | undefined;
}

export interface CurvePoint {
  readonly lanes: number;
  readonly speedup: Comparison['speedup'];
}

interface ModelPoint {
  readonly lanes: number;
  readonly speedup: number;
  readonly lo: number;
  readonly hi: number;
}

/** Those that have more than one point. Of two versions, each cell is compared with its own older one, and nothing goes from size to size. */
export function curvesOf(group: ReportGroup): readonly Curve[] {
  if (group.workload.newerSource !== undefined) return [];
  return byCurve(group.cells.filter((cell) => cell.status === 'ok')).flatMap(({ name, cells }): Curve[] => {
    const points = cells.flatMap((cell): CurvePoint[] => {
      const speedup = comparisonOf(cell, group)?.speedup;
      return speedup === undefined ? [] : [{ lanes: cell.poolSize, speedup }];
    });
    if (points.length < 2) return [];
    const scaling = group.scaling.find(({ cells: [id] }) => cells.some((cell) => cell.id === id));
    const knee = points.find(({ lanes }) => lanes === scaling?.knee);
    return [{ name, cell: cells[0], points, model: modelOf(scaling, points), knee }];
  });
}

/** The model tells how many times as fast as the smallest pool; here everything is beside the baseline. */
function modelOf(scaling: Scaling | undefined, points: readonly CurvePoint[]): readonly ModelPoint[] {
  const curve = scaling?.fit?.curve ?? [];
  const factor = points.find(({ lanes }) => lanes === curve[0]?.lanes)?.speedup.estimate;
  if (factor === undefined) return [];
  return curve.map(({ lanes, speedup, lo, hi }) => ({
    lanes,
    speedup: speedup * factor,
    lo: lo * factor,
    hi: hi * factor,
  }));
}

/** A workload that was measured with several values of some of its params. */
export interface Scan<Group> {
  readonly workload: string;
  /** One for each combination of values. */
  readonly groups: readonly Group[];
  /** The params that differ. */
  readonly params: readonly [string, ...string[]];
}

interface Work {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** @param workOf what a group was measured of */
export function scansOf<Group>(groups: readonly Group[], workOf: (group: Group) => Work): readonly Scan<Group>[] {
  const names = [...new Set(groups.map((group) => workOf(group).name))];
  return names.flatMap((workload): Scan<Group>[] => {
    const own = groups.filter((group) => workOf(group).name === workload);
    const params = [...new Set(own.flatMap((group) => Object.keys(workOf(group).params)))];
    const [first, ...others] = params.filter(
      (param) => new Set(own.map((group) => JSON.stringify(workOf(group).params[param]))).size > 1,
    );
    return first === undefined ? [] : [{ workload, groups: own, params: [first, ...others] }];
  });
}
