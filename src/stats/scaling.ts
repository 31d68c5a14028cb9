import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { curveName } from '../model/cell-id.ts';
import type { MeasuredGroup } from '../model/measured.ts';
import { LEVEL } from '../model/evidence.ts';
import type { MeasuredCell, Results, Scaling, ScalingFit, Comparison } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { asRatio, blockDifferences, contrast } from './compare.ts';
import { pseudoMedian } from './exact-tests.ts';
import { groupBy, comparisonOf, type ReportGroup } from './groups.ts';
import { seededRandom, resample, percentileInterval95 } from './quantile.ts';
import { fastestFirst } from './summarize.ts';

/** The knee reaches this share of the best throughput. */
const NEAR_BEST = 0.95;
const RESAMPLES = 300;
const SEED = 1;
const CURVE_POINTS = 24;
/** σ and κ are free. */
const FREE = 2;

/** Scaling of every pool of the group that was measured in several sizes. */
export function concludeScaling(
  { group }: MeasuredGroup,
  cells: readonly MeasuredCell[],
  { cores, minEffect }: { readonly cores: number; readonly minEffect: number },
): readonly Scaling[] {
  // Two versions would double every curve.
  if (group.compares === 'with-older-self') return [];
  return byCurve(cells.filter(isPool)).flatMap(({ cells: [first, ...rest] }): Scaling[] => {
    const largest = rest.at(-1)?.poolSize;
    const points = pointsOf(first, rest);
    if (largest === undefined || points === undefined) return [];
    const fit = fitOf(first, rest, points, minEffect);
    return [
      {
        workload: group.workload.name,
        params: group.params,
        cells: [first, ...rest].map(({ id }) => id),
        points,
        knee: kneeOf([first, ...rest]),
        beyondCores: group.workload.bound === 'cpu' && largest > cores,
        ...(fit !== undefined && { fit }),
      },
    ];
  });
}

/** Each pool once, without twins. */
function isPool(cell: MeasuredCell): boolean {
  return traitsOf(cell).lanes !== 'one' && cell.twin === undefined;
}

/** @returns undefined if too few blocks were measured */
function pointsOf(first: MeasuredCell, rest: readonly MeasuredCell[]): Scaling['points'] | undefined {
  const points = rest.flatMap((cell): Scaling['points'] => {
    const found = contrast(first.samples, cell.samples, LEVEL / rest.length);
    if (found === undefined) return [];
    const { poolSize: lanes } = cell;
    const speedup = asRatio(found);
    if (first.poolSize !== 1) return [{ lanes, speedup }];
    const serial = (times: number): number => (1 / times - 1 / lanes) / (1 - 1 / lanes);
    return [
      {
        lanes,
        speedup,
        serialFraction: { estimate: serial(speedup.estimate), lo: serial(speedup.hi), hi: serial(speedup.lo) },
      },
    ];
  });
  return points.length === rest.length ? points : undefined;
}

/** The smallest size not shown to do less than 95% of the best. */
function kneeOf(cells: CurveCells['cells']): number {
  const [best = cells[0]] = fastestFirst(cells);
  const share = LEVEL / Math.max(1, cells.length - 1);
  const reaches = (cell: MeasuredCell): boolean => {
    if (cell === best) return true;
    const found = contrast(best.samples, cell.samples, share);
    return found !== undefined && found.interval.hi >= Math.log(NEAR_BEST);
  };
  return (cells.find(reaches) ?? best).poolSize;
}

/** @returns undefined with too few sizes to separate contention from coherency */
function fitOf(
  first: MeasuredCell,
  rest: readonly MeasuredCell[],
  points: Scaling['points'],
  minEffect: number,
): ScalingFit | undefined {
  if (rest.length < FREE) return undefined;
  const from = first.poolSize;
  const blocks = blockGains(first, rest);
  if (blocks.length === 0) return undefined;
  const fitted = fitUsl(pooled(blocks), from);
  const random = seededRandom(SEED);
  const fits = Array.from({ length: RESAMPLES }, () => fitUsl(pooled(resample(blocks, random)), from, fitted));
  const interval = (read: (usl: Usl) => number): ScalingFit['contention'] => ({
    estimate: read(fitted),
    ...percentileInterval95(fits.map(read)),
  });
  const largest = rest.at(-1)?.poolSize ?? from;
  const peak = peakOf(fitted);
  const misses = ({ lanes, speedup }: Scaling['points'][number]): boolean => {
    const modelled = Math.exp(gainOf(fitted, lanes, from));
    const isBeyond = modelled < speedup.lo || modelled > speedup.hi;
    return isBeyond && Math.abs(Math.log(modelled / speedup.estimate)) > Math.log1p(minEffect);
  };
  return {
    contention: interval(({ contention }) => contention),
    coherency: interval(({ coherency }) => coherency),
    peakLanes: peak !== undefined && peak <= largest ? peak : null,
    curve: sizesBetween(from, largest).map((lanes) => {
      const { estimate, lo, hi } = interval((usl) => Math.exp(gainOf(usl, lanes, from)));
      return { lanes, speedup: estimate, lo, hi };
    }),
    lackOfFit: points.filter(misses).map(({ lanes }) => lanes),
    isChecked: rest.length > FREE,
  };
}

/** ln(speedup) of every size over the smallest, for each block; none if a size lacks a block. */
function blockGains(first: MeasuredCell, rest: readonly MeasuredCell[]): readonly (readonly ScalingPoint[])[] {
  const bySize = rest.map(({ poolSize, samples }) => ({
    lanes: poolSize,
    gains: blockDifferences(first.samples, samples),
  }));
  const most = Math.max(...bySize.map(({ gains }) => gains.length));
  if (bySize.some(({ gains }) => gains.length < most)) return [];
  return Array.from({ length: most }, (_, block) =>
    bySize.map(({ lanes, gains }) => ({ lanes, gain: gains[block] ?? 0 })),
  );
}

/** One point per size: the estimate over the blocks. */
function pooled(blocks: readonly (readonly ScalingPoint[])[]): readonly ScalingPoint[] {
  return (blocks[0] ?? []).map(({ lanes }, index) => ({
    lanes,
    gain: pseudoMedian(blocks.map((block) => block[index]?.gain ?? 0)),
  }));
}

/** Evenly spaced on the logarithmic axis of the figure. */
function sizesBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: CURVE_POINTS + 1 }, (_, step) => from * (to / from) ** (step / CURVE_POINTS));
}

/**
 * Universal Scalability Law (N. J. Gunther, Guerrilla Capacity Planning, 2007):
 * X(N) = λN / (1 + σ(N-1) + κN(N-1)).
 */
export interface Usl {
  /** σ: the share that only one worker can do at a time. */
  readonly contention: number;
  /** κ: the cost of each pair of workers to each other. */
  readonly coherency: number;
}

/** A pool size with its ln(speedup) over the reference. */
export interface ScalingPoint {
  readonly lanes: number;
  readonly gain: number;
}

/** Beyond this the model has no meaning: nothing would run in parallel. */
const MOST = 1;
const START: Usl = { contention: 0.05, coherency: 0.001 };
const ITERATIONS = 60;

/** ln(speedup) of a number of workers over `from` workers. */
export function gainOf({ contention, coherency }: Usl, lanes: number, from: number): number {
  const delay = (count: number): number => Math.log(1 + contention * (count - 1) + coherency * count * (count - 1));
  return Math.log(lanes / from) - delay(lanes) + delay(from);
}

/** Least squares on the logarithms, with both values between 0 and 1. */
export function fitUsl(points: readonly ScalingPoint[], from: number, start: Usl = START): Usl {
  const { parameterValues } = levenbergMarquardt(
    { x: points.map(({ lanes }) => lanes), y: points.map(({ gain }) => gain) },
    ([contention = 0, coherency = 0]) =>
      (lanes) =>
        gainOf({ contention, coherency }, lanes, from),
    {
      initialValues: [start.contention, start.coherency],
      minValues: [0, 0],
      maxValues: [MOST, MOST],
      maxIterations: ITERATIONS,
      errorTolerance: 1e-14,
      gradientDifference: 1e-5,
      centralDifference: true,
    },
  );
  const [contention = 0, coherency = 0] = parameterValues;
  return { contention, coherency };
}

/** Number of workers beyond which it gets slower; undefined: never. */
export function peakOf({ contention, coherency }: Usl): number | undefined {
  return coherency > 0 ? Math.sqrt(Math.max(0, 1 - contention) / coherency) : undefined;
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
  readonly speedup: Comparison['speedup'];
}

/** Curves with more than one point. None for two versions: each cell is compared with its own older one. */
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

/** The model is relative to the smallest pool; everything here is relative to the baseline. */
function modelOf(scaling: Scaling | undefined, points: readonly CurvePoint[]): Curve['model'] {
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
