import type { Objective, Window } from '../../model/load.ts';

/** A rate, and a latency that was measured at it. */
export interface RatePoint {
  /** Arrivals per second. */
  readonly rate: number;
  /** ln of the latency's quantile, in ms. */
  readonly logMs: number;
}

/** Where too many tasks had no result, the latency is at least as long as the longest queue that a window may have. */
const OBJECTIVES_WAITING = 10;

/** A window as a point; undefined: it is refused. */
export function pointOf(
  { rate, state, judgedMs }: Pick<Window, 'rate' | 'state' | 'judgedMs'>,
  { ms }: Pick<Objective, 'ms'>,
): RatePoint | undefined {
  if (state === 'driver-limited') return undefined;
  const isEndless = judgedMs === null || state === 'overloaded';
  return { rate, logMs: Math.log(isEndless ? Math.max(judgedMs ?? 0, OBJECTIVES_WAITING * ms) : judgedMs) };
}

/** The rate at which a latency reaches the objective; `above`: not yet at the highest rate measured. */
export type HeldRate =
  | { readonly kind: 'at'; readonly rate: number }
  | { readonly kind: 'below' | 'above'; readonly rate: number };

/**
 * Highest rate that holds an objective. Latency can only grow with the rate, so the points are first made monotone by
 * pooling neighbours that are not (pool adjacent violators: Barlow, Bartholomew, Bremner and Brunk, Statistical Inference
 * under Order Restrictions, 1972), then joined by lines over the logarithm of the rate.
 *
 * @param points at least one, of different rates
 * @param objectiveMs the latency not to exceed
 * @param shape the latency of a queue at each rate, in logarithms: what lies between two points is shaped like it
 */
export function heldRate(
  points: readonly RatePoint[],
  objectiveMs: number,
  shape: (rate: number) => number = () => 0,
): HeldRate {
  const curve = monotone(between(monotone(points.toSorted((a, b) => a.rate - b.rate)), shape));
  const aim = Math.log(objectiveMs);
  const [lowest, highest] = [curve[0], curve.at(-1)];
  if (lowest === undefined || highest === undefined) throw new RangeError('a rate was asked for without any point');
  if (lowest.logMs > aim) return { kind: 'below', rate: lowest.rate };
  const above = curve.findIndex(({ logMs }) => logMs > aim);
  const [before, after] = [curve[above - 1], curve[above]];
  if (before === undefined || after === undefined) return { kind: 'above', rate: highest.rate };
  const share = (aim - before.logMs) / (after.logMs - before.logMs);
  return { kind: 'at', rate: Math.exp(Math.log(before.rate) * (1 - share) + Math.log(after.rate) * share) };
}

/** Lines between two points that are measured. */
const LINES = 8;

/** The points, with others between them: there the ratio to the shape is joined by a line over the logarithm of the rate. */
function between(points: readonly RatePoint[], shape: (rate: number) => number): readonly RatePoint[] {
  return points.flatMap((point, index) => {
    const next = points[index + 1];
    if (next === undefined) return [point];
    const [from, to] = [point.logMs - shape(point.rate), next.logMs - shape(next.rate)];
    return Array.from({ length: LINES }, (_, line) => {
      const share = line / LINES;
      const rate = point.rate * (next.rate / point.rate) ** share;
      return { rate, logMs: shape(rate) + from * (1 - share) + to * share };
    });
  });
}

/** The closest curve that never falls: each run of points that falls gets its mean. */
function monotone(points: readonly RatePoint[]): readonly RatePoint[] {
  const pools: RatePoint[][] = [];
  for (const point of points) {
    const pool = [point];
    for (let last = pools.at(-1); last !== undefined && mean(last) > mean(pool); last = pools.at(-1)) {
      pool.unshift(...last);
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => pool.map(({ rate }) => ({ rate, logMs: mean(pool) })));
}

function mean(points: readonly RatePoint[]): number {
  return points.reduce((sum, { logMs }) => sum + logMs, 0) / points.length;
}
