import { pilingUpMs } from '../../model/arrivals.ts';
import type { Objective } from '../../model/load.ts';
import { pseudoMedian } from '../exact-tests.ts';
import { byBlock } from '../groups.ts';
import { mean } from '../quantile.ts';
import { BEYOND, difference, type Bounded } from './open-estimate.ts';
import type { PlainQueue } from './plain-queue.ts';
import { logMsOf, searchPointOf, type JudgedWindow } from './search-point.ts';
import { shownBy } from './search-rate.ts';

/**
 * How far off a held rate is in all blocks of a run alike, as a logarithm: by what is not known of a plain queue. Its
 * curve is the mean of windows that each place the rate with a standard deviation of 0.1 to 0.2, so it is known to 0.2
 * to 0.4%, and the speed of a configuration to 3%. The spread of the blocks does not show that.
 */
const SHARED_ERROR = 0.005;
/**
 * The same of the difference of two configurations beside queues of as many servers: these have one curve, so its error
 * is in both. Simulated twins differ in 0.8% of 3000 measurements with this, and in 4.3% with nothing (docs/method.md).
 */
export const ERROR_BETWEEN_ALIKE = 0.005;

/** The rate that holds the objective in one block, as a logarithm. */
export interface BlockRate extends Bounded {
  readonly block: number;
  /** The plain queue that was beside it, as fast as its windows show the configuration to be. */
  readonly like: PlainQueue;
}

/**
 * The rate that a configuration held in each of its blocks, as all windows of the block place it. If most of these rates
 * lie beyond those that were measured, they are bounds.
 *
 * @param queue a plain queue like the configuration, with the same arrivals
 */
export function heldByBlock(
  windows: readonly JudgedWindow[],
  objective: Objective,
  queue: PlainQueue,
): readonly BlockRate[] {
  const counted = windows.filter(({ phase, state }) => phase === undefined && state !== 'driver-limited');
  const like = likest(counted, queue);
  const blocks = byBlock(counted).map((own) => placedBy(own, objective, like));
  const line = lineThrough(blocks);
  const rates = blocks.map((block) => ({ ...block, held: (block.at - line.slope * block.logRate) / (1 - line.slope) }));
  const [isBelow, isAbove] = [
    isMostlyPositive(rates.map(({ held, lowest }) => lowest - held)),
    isMostlyPositive(rates.map(({ held, highest }) => held - highest)),
  ];
  // The slope is one, so what it is off by is in all blocks alike.
  const far = mean(rates.map(({ held, logRate }) => held - logRate));
  const error = SHARED_ERROR + (Math.abs(far) * line.error) / (1 - line.slope);
  return rates.map(({ block, held, lowest, highest }) => {
    const [below, above] = [isBelow && held < lowest, isAbove && held > highest];
    const at = below ? lowest : above ? highest : held;
    return { block, like, at, lo: below ? -BEYOND : at - error, hi: above ? BEYOND : at + error };
  });
}

function isMostlyPositive(values: readonly number[]): boolean {
  return values.length > 0 && pseudoMedian(values) > 0;
}

/** A window, as a logarithm of its rate, and of the rate that is held as it shows it. */
interface Placed {
  readonly logRate: number;
  readonly at: number;
  readonly weight: number;
}

/** The windows of a block, with their means by weight. */
interface PlacedBlock extends Omit<Placed, 'weight'> {
  readonly block: number;
  readonly windows: readonly Placed[];
  /** Rates that were measured. */
  readonly lowest: number;
  readonly highest: number;
}

function placedBy(windows: readonly JudgedWindow[], objective: Objective, like: PlainQueue): PlacedBlock {
  // Where too many tasks had no result, the latency is at least as long as that of a queue that piles up.
  const longestMs = pilingUpMs(objective);
  const placed = windows.flatMap((window): Placed[] => {
    const hasLatency = logMsOf(window) !== undefined;
    const judged: JudgedWindow = hasLatency
      ? window
      : { ...window, state: 'ok', judgedMs: Math.max(window.judgedMs ?? 0, longestMs) };
    const point = searchPointOf(judged, objective, like);
    if (point === undefined) return [];
    const { above, deviation } = shownBy(point);
    const logRate = Math.log(window.rate);
    return [{ logRate, at: logRate - above, weight: deviation ** -2 }];
  });
  const all = placed.reduce((sum, { weight }) => sum + weight, 0);
  const meanOf = (read: (one: Placed) => number): number =>
    placed.reduce((sum, one) => sum + one.weight * read(one), 0) / all;
  const logRates = windows.map(({ rate }) => Math.log(rate));
  return {
    block: windows[0]?.block ?? 0,
    windows: placed,
    logRate: meanOf(({ logRate }) => logRate),
    at: meanOf(({ at }) => at),
    lowest: Math.min(...logRates),
    highest: Math.max(...logRates),
  };
}

/** No configuration is so unlike its plain queue. */
const STEEPEST = 0.8;

/**
 * The line through what windows show, of one slope in all blocks: where a configuration is unlike its plain queue, windows
 * at higher rates place what it holds elsewhere than those at lower ones, and what it holds is where a window at that
 * very rate places it. Weighted least squares; the error is the standard error of White (A heteroskedasticity-consistent
 * covariance matrix estimator, 1980), since some windows vary more than others.
 */
function lineThrough(blocks: readonly PlacedBlock[]): { readonly slope: number; readonly error: number } {
  const all = blocks.flatMap(({ windows, logRate, at }) =>
    windows.map((one) => ({ weight: one.weight, along: one.logRate - logRate, up: one.at - at })),
  );
  const spread = all.reduce((sum, { weight, along }) => sum + weight * along ** 2, 0);
  if (spread === 0) return { slope: 0, error: 0 };
  const steep = all.reduce((sum, { weight, along, up }) => sum + weight * along * up, 0) / spread;
  const slope = Math.max(-STEEPEST, Math.min(STEEPEST, steep));
  const off = all.reduce((sum, { weight, along, up }) => sum + (weight * along * (up - slope * along)) ** 2, 0);
  return { slope, error: Math.sqrt(off) / spread };
}

/** With fewer windows, how fast it is compared with its rating is not known. */
const LEAST_WINDOWS = 12;
/** How much faster or slower than it was rated a configuration may be. */
const SPEEDS = Array.from({ length: 17 }, (_, step) => 1.03 ** (step - 8));

/** The plain queue whose latencies are most alike multiples of the measured ones: a rating is off by a few percent. */
function likest(windows: readonly JudgedWindow[], queue: PlainQueue): PlainQueue {
  const measured = windows.flatMap((window) => {
    const logMs = logMsOf(window);
    return logMs === undefined ? [] : [{ window, logMs }];
  });
  if (measured.length < LEAST_WINDOWS) return queue;
  const spreadBeside = (one: PlainQueue): number => {
    const ratios = measured.map(({ window, logMs }) => logMs - one.inWindow(window, window.rate));
    const center = mean(ratios);
    return mean(ratios.map((ratio) => (ratio - center) ** 2));
  };
  const queues = SPEEDS.map((times) => queue.faster(times));
  const spreads = queues.map(spreadBeside);
  return queues[spreads.indexOf(Math.min(...spreads))] ?? queue;
}

/** How much more a configuration holds than the baseline, in every block in which both were measured. */
export function heldDifferences(baseline: readonly BlockRate[], contender: readonly BlockRate[]): readonly Bounded[] {
  const other = new Map(baseline.map((rate) => [rate.block, rate]));
  return contender.flatMap((rate) => {
    const own = other.get(rate.block);
    if (own === undefined) return [];
    const { at, lo, hi } = difference(rate, own);
    const common = rate.like.servers === own.like.servers ? 2 * SHARED_ERROR - ERROR_BETWEEN_ALIKE : 0;
    return [{ at, lo: lo + common, hi: hi - common }];
  });
}
