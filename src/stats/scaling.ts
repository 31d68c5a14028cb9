import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import type { Group, Workload } from '../model/plan.ts';
import type { MeasuredCell, Scaling, ScalingFit } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { asRatio, blockDifferences, contrast } from './compare.ts';
import { pseudoMedian, signedRankInterval } from './exact-tests.ts';
import { byCurve, type CurveCells } from './groups.ts';
import { fastestFirst } from './summarize.ts';

/** The knee reaches this share of the best throughput. */
const NEAR_BEST = 0.95;
const CURVE_POINTS = 24;
/** σ and κ are free. */
const FREE = 2;

/** The part of a group that decides what its curves are. */
type ScaledGroup = Pick<Group, 'compares' | 'params'> & { readonly workload: Pick<Workload, 'name' | 'bound'> };

interface ScalingOptions {
  readonly cores: number;
  readonly minEffect: number;
  /** Significance level of this look: of the points of a curve together, of its knee, and of each interval of its fit. */
  readonly alpha: number;
}

/** Scaling of every pool of the group that was measured in several sizes. */
export function concludeScaling(
  group: ScaledGroup,
  cells: readonly MeasuredCell[],
  { cores, minEffect, alpha }: ScalingOptions,
): readonly Scaling[] {
  // Two versions would double every curve.
  if (group.compares === 'with-older-self') return [];
  return byCurve(cells.filter(isPool)).flatMap(({ cells: [first, ...rest] }): Scaling[] => {
    const largest = rest.at(-1)?.poolSize;
    if (largest === undefined) return [];
    const share = alpha / rest.length;
    const points = pointsOf(first, rest, share);
    if (points === undefined) return [];
    const fit = fitOf({ first, rest, points }, minEffect, alpha);
    return [
      {
        workload: group.workload.name,
        params: group.params,
        cells: [first, ...rest].map(({ id }) => id),
        points,
        level: 1 - share,
        knee: kneeOf([first, ...rest], share),
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
function pointsOf(first: MeasuredCell, rest: readonly MeasuredCell[], alpha: number): Scaling['points'] | undefined {
  const points = rest.flatMap((cell): Scaling['points'] => {
    const found = contrast(first.samples, cell.samples, alpha);
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
function kneeOf(cells: CurveCells['cells'], alpha: number): number {
  const [best = cells[0]] = fastestFirst(cells);
  const reaches = (cell: MeasuredCell): boolean => {
    if (cell === best) return true;
    const found = contrast(best.samples, cell.samples, alpha);
    return found !== undefined && found.interval.hi >= Math.log(NEAR_BEST);
  };
  return (cells.find(reaches) ?? best).poolSize;
}

interface MeasuredCurve {
  readonly first: MeasuredCell;
  readonly rest: readonly MeasuredCell[];
  readonly points: Scaling['points'];
}

/** @returns undefined with too few sizes to separate contention from coherency, or too few blocks */
function fitOf({ first, rest, points }: MeasuredCurve, minEffect: number, alpha: number): ScalingFit | undefined {
  if (rest.length < FREE) return undefined;
  const from = first.poolSize;
  const blocks = blockGains(first, rest);
  if (blocks.length === 0) return undefined;
  const shown = fitUsl(pooled(blocks), from);
  const byBlock = uslByBlock(blocks, from, shown);
  const interval = (estimate: number, values: readonly number[]): ScalingFit['contention'] => {
    const { lo, hi } = signedRankInterval(values, alpha) ?? { lo: -Infinity, hi: Infinity };
    return { estimate, lo: Math.min(estimate, lo), hi: Math.max(estimate, hi) };
  };
  const share = (read: (usl: Usl) => number): ScalingFit['contention'] => {
    const { estimate, lo, hi } = interval(read(shown), byBlock.usl.map(read));
    return { estimate, lo: Math.max(0, lo), hi: Math.min(MOST, hi) };
  };
  const largest = rest.at(-1)?.poolSize ?? from;
  const peak = Math.max(from, peakOf(shown) ?? Infinity);
  // Less than the minimum effect is no loss.
  const isLoss = peak < largest && gainOf(shown, peak, from) - gainOf(shown, largest, from) > Math.log1p(minEffect);
  const misses = ({ lanes, speedup }: Scaling['points'][number]): boolean => {
    const modelled = Math.exp(gainOf(shown, lanes, from));
    const isBeyond = modelled < speedup.lo || modelled > speedup.hi;
    return isBeyond && Math.abs(Math.log(modelled / speedup.estimate)) > Math.log1p(minEffect);
  };
  return {
    contention: share(({ contention }) => contention),
    coherency: share(({ coherency }) => coherency),
    level: 1 - alpha,
    peakLanes: isLoss ? peak : null,
    curve: sizesBetween(from, largest).map((lanes) => {
      const { estimate, lo, hi } = interval(gainOf(shown, lanes, from), byBlock.gainsAt(lanes));
      // Without contention and coherency the speedup is ideal; the model has nothing beyond.
      return { lanes, speedup: Math.exp(estimate), lo: Math.exp(lo), hi: Math.min(Math.exp(hi), lanes / from) };
    }),
    lackOfFit: points.filter(misses).map(({ lanes }) => lanes),
    isChecked: rest.length > FREE,
  };
}

/** The model of each block: see {@link uslByBlock}. */
interface UslByBlock {
  readonly usl: readonly Usl[];
  /** ln(speedup) by the model, for each block. */
  readonly gainsAt: (lanes: number) => readonly number[];
}

/**
 * One model for each block, so that its intervals come from the exact test that compares cells: the fit to all blocks,
 * moved by what the block's own gains change in it (its influence, from the derivatives of the model). The fit may be
 * below 0 here: at a bound an interval would have no width, however noisy the points are.
 */
function uslByBlock(blocks: readonly (readonly ScalingPoint[])[], from: number, start: Usl): UslByBlock {
  const points = pooled(blocks);
  const free = fitUsl(points, from, start, lowestFor(points));
  const slopes = points.map(({ lanes }) => slopesOf(free, lanes, from));
  const sum = (read: (slope: Usl, index: number) => number): number =>
    slopes.reduce((total, slope, index) => total + read(slope, index), 0);
  const [a, b, c] = [
    sum((slope) => slope.contention ** 2),
    sum((slope) => slope.contention * slope.coherency),
    sum((slope) => slope.coherency ** 2),
  ];
  const moves = blocks.map((block): Usl => {
    const off = (index: number): number => (block[index]?.gain ?? 0) - (points[index]?.gain ?? 0);
    const x = sum((slope, index) => slope.contention * off(index));
    const y = sum((slope, index) => slope.coherency * off(index));
    return { contention: (c * x - b * y) / (a * c - b * b), coherency: (a * y - b * x) / (a * c - b * b) };
  });
  return {
    usl: moves.map(({ contention, coherency }) => ({
      contention: free.contention + contention,
      coherency: free.coherency + coherency,
    })),
    gainsAt: (lanes) => {
      const slope = slopesOf(free, lanes, from);
      const gain = gainOf(free, lanes, from);
      return moves.map((move) => gain + slope.contention * move.contention + slope.coherency * move.coherency);
    },
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

/** Derivatives of {@link gainOf} by contention and by coherency. */
function slopesOf(usl: Usl, lanes: number, from: number): Usl {
  const delay = (count: number): number => 1 + usl.contention * (count - 1) + usl.coherency * count * (count - 1);
  const [own, other] = [(lanes - 1) / delay(lanes), (from - 1) / delay(from)];
  return { contention: other - own, coherency: from * other - lanes * own };
}

/** Values below 0 with which the model still has a speedup at every size. */
function lowestFor(points: readonly ScalingPoint[]): Usl {
  const largest = Math.max(...points.map(({ lanes }) => lanes));
  return { contention: -0.45 / (largest - 1), coherency: -0.45 / (largest * (largest - 1)) };
}

/** Least squares on the logarithms, with both values at most 1 and at least `lowest`: 0 unless given. */
export function fitUsl(
  points: readonly ScalingPoint[],
  from: number,
  start: Usl = START,
  lowest: Usl = { contention: 0, coherency: 0 },
): Usl {
  const { parameterValues } = levenbergMarquardt(
    { x: points.map(({ lanes }) => lanes), y: points.map(({ gain }) => gain) },
    ([contention = 0, coherency = 0]) =>
      (lanes) =>
        gainOf({ contention, coherency }, lanes, from),
    {
      initialValues: [start.contention, start.coherency],
      minValues: [lowest.contention, lowest.coherency],
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
