import type { Objective, Window } from '../../model/load.ts';
import { byBlock } from '../groups.ts';
import { heldRate, pointOf, type RatePoint } from './held-rate.ts';
import { BEYOND, difference, type Bounded } from './open-estimate.ts';
import type { PlainQueue } from './plain-queue.ts';
import { mean } from '../quantile.ts';

/**
 * How far off a held rate is in all blocks of a run alike, as a logarithm: by what is not known of a plain queue. Its
 * curve is the mean of windows that each place the rate with a standard deviation of 0.1 to 0.2, so it is known to 0.2
 * to 0.4%, and the speed of a configuration to 3%. The spread of the blocks does not show that.
 */
const SHARED_ERROR = 0.005;
/**
 * The same of the difference of two configurations beside queues of as many servers: these have one curve, so its error
 * is in both. Simulated twins differ in 2.1% of 3000 measurements with this, and in 4.5% with nothing (docs/method.md).
 */
export const ERROR_BETWEEN_ALIKE = 0.005;

/** The rate that holds the objective in one block, as a logarithm. */
export interface BlockRate extends Bounded {
  readonly block: number;
  /** The plain queue that was beside it, as fast as its windows show the configuration to be; undefined: none was. */
  readonly like: PlainQueue | undefined;
}

/** A window with what is judged of it. */
export type JudgedWindow = Pick<Window, 'phase' | 'block' | 'round' | 'rate' | 'state' | 'judgedMs'>;

/**
 * The rate that a configuration held in each of its blocks: from all windows of the block.
 *
 * @param queue a plain queue like the configuration, with the same arrivals; undefined: nothing is known of these
 */
export function heldByBlock(
  windows: readonly JudgedWindow[],
  objective: Objective,
  queue?: PlainQueue,
): readonly BlockRate[] {
  const points = pointsOf(windows, objective);
  const like = queue && likest(points, queue);
  const counted = like === undefined ? points : adjusted(points, like);
  const off = like === undefined ? 0 : SHARED_ERROR;
  return byBlock(counted).flatMap((own): BlockRate[] => {
    const { kind, rate } = heldRate(meanByRate(own), objective.ms, like?.typical);
    const at = Math.log(rate);
    return [
      {
        block: own[0]?.block ?? 0,
        like,
        at,
        lo: kind === 'below' ? -BEYOND : at - off,
        hi: kind === 'above' ? BEYOND : at + off,
      },
    ];
  });
}

interface BlockPoint extends RatePoint, Pick<Window, 'block' | 'round'> {
  /** It has no latency but the longest one. */
  readonly isEndless: boolean;
}

function pointsOf(windows: readonly JudgedWindow[], objective: Objective): readonly BlockPoint[] {
  return windows
    .filter(({ phase }) => phase === undefined)
    .flatMap((window): BlockPoint[] => {
      const point = pointOf(window, objective);
      const { block, round, state, judgedMs } = window;
      return point === undefined ? [] : [{ ...point, block, round, isEndless: state !== 'ok' || judgedMs === null }];
    });
}

/** With fewer windows, how much of the luck counts is not known. */
const LEAST_WINDOWS = 12;
/** How much faster or slower than it was rated a configuration may be. */
const SPEEDS = Array.from({ length: 17 }, (_, step) => 1.03 ** (step - 8));

/** The plain queue whose latencies are most alike multiples of the measured ones: a rating is off by a few percent. */
function likest(points: readonly BlockPoint[], queue: PlainQueue): PlainQueue {
  const measured = points.filter(({ isEndless }) => !isEndless);
  if (measured.length < LEAST_WINDOWS) return queue;
  const spreadBeside = (one: PlainQueue): number => {
    const ratios = measured.map((point) => point.logMs - one.inWindow(point, point.rate));
    const center = mean(ratios);
    return mean(ratios.map((ratio) => (ratio - center) ** 2));
  };
  const queues = SPEEDS.map((times) => queue.faster(times));
  const spreads = queues.map(spreadBeside);
  return queues[spreads.indexOf(Math.min(...spreads))] ?? queue;
}

/**
 * Takes the luck of their arrivals from the latencies: what a plain queue took longer in this very window than in the
 * typical one, times the share of it that the configuration shows (control variates: Lavenberg and Welch, A perspective
 * on the use of control variables to increase the efficiency of Monte Carlo simulations, 1981). The typical luck is none,
 * so whatever the configuration is like, this shifts no latency one way, and with a share of 0 it changes nothing.
 */
function adjusted(points: readonly BlockPoint[], queue: PlainQueue): readonly BlockPoint[] {
  const lucky = points.map((point) => ({
    point,
    luck: point.isEndless ? 0 : queue.inWindow(point, point.rate) - queue.typical(point.rate),
  }));
  const share = shareOf(lucky.filter(({ point }) => !point.isEndless));
  return lucky.map(({ point, luck }) => ({ ...point, logMs: point.logMs - share * luck }));
}

/** The slope of the latencies over the luck, both relative to the means at their rate; from 0 to 1. */
function shareOf(lucky: readonly { readonly point: BlockPoint; readonly luck: number }[]): number {
  if (lucky.length < LEAST_WINDOWS) return 0;
  let [both, square] = [0, 0];
  for (const rate of new Set(lucky.map(({ point }) => point.rate))) {
    const own = lucky.filter(({ point }) => point.rate === rate);
    const [latency, luck] = [mean(own.map(({ point }) => point.logMs)), mean(own.map((one) => one.luck))];
    for (const one of own) {
      both += (one.point.logMs - latency) * (one.luck - luck);
      square += (one.luck - luck) ** 2;
    }
  }
  return square === 0 ? 0 : Math.max(0, Math.min(1, both / square));
}

/** One point for each rate: the mean of its windows. */
function meanByRate(points: readonly RatePoint[]): readonly RatePoint[] {
  return [...new Set(points.map(({ rate }) => rate))].map((rate) => ({
    rate,
    logMs: mean(points.filter((point) => point.rate === rate).map(({ logMs }) => logMs)),
  }));
}

/** How much more a configuration holds than the baseline, in every block in which both were measured. */
export function heldDifferences(baseline: readonly BlockRate[], contender: readonly BlockRate[]): readonly Bounded[] {
  const other = new Map(baseline.map((rate) => [rate.block, rate]));
  return contender.flatMap((rate) => {
    const own = other.get(rate.block);
    if (own === undefined) return [];
    const { at, lo, hi } = difference(rate, own);
    const areAlike = rate.like !== undefined && rate.like.servers === own.like?.servers;
    const common = areAlike ? 2 * SHARED_ERROR - ERROR_BETWEEN_ALIKE : 0;
    return [{ at, lo: lo + common, hi: hi - common }];
  });
}
