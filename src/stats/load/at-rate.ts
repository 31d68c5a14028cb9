import type { AtRate, LatencyComparison, Objective, Window } from '../../model/load.ts';
import { asRatio, contrast, ratioAt, verdictOf, type WallTime } from '../compare.ts';
import { signedRankEstimate, type Estimate } from '../exact-tests.ts';
import { byBlock } from '../groups.ts';
import { median } from '../quantile.ts';

/**
 * Latency of a window in which too many tasks had no result: so far above every other that its mean with one is too, and
 * finite, so that means exist.
 */
const ENDLESS_MS = 1e20;
/** No window lasts that long. */
const LONGEST_MS = 1e9;

/** Summarizes the windows of one configuration at one rate. @param alpha level of its interval */
export function summarizeRate(windows: readonly Window[], objective: Pick<Objective, 'ms'>, alpha: number): AtRate {
  const answered = windows.filter(({ done }) => done > 0);
  const over = (read: (one: Window) => number): number => (answered.length === 0 ? 0 : median(answered.map(read)));
  const sum = (read: (one: Window) => number): number => windows.reduce((total, one) => total + read(one), 0);
  const offered = sum((one) => one.offered);
  const logs = byBlock(judgedOf(windows)).map((block) => Math.log(median(block.map((one) => one.wallMs))));
  const found = signedRankEstimate(logs, alpha);
  return {
    rate: windows[0]?.rate ?? Number.NaN,
    latencyMs: {
      p50: over(({ latencyMs }) => latencyMs.p50),
      p90: over(({ latencyMs }) => latencyMs.p90),
      p95: over(({ latencyMs }) => latencyMs.p95),
      p99: over(({ latencyMs }) => latencyMs.p99),
      max: Math.max(...windows.map(({ latencyMs }) => latencyMs.max)),
    },
    objectiveMs: found === undefined || isEndless(found) ? null : asRatio(found),
    missShare: sum(({ missed }) => missed) / offered,
    failedShare: sum(({ failed }) => failed) / offered,
    rejectedShare: sum(({ rejected }) => rejected) / offered,
    gaveUpShare: sum(({ gaveUp }) => gaveUp) / offered,
    wastedShare: sum(({ wasted }) => wasted.tasks) / offered,
    wastedRunning: sum(({ wasted }) => wasted.runningMs) / sum(({ wallMs }) => wallMs),
    holds: isRefused(windows)
      ? 'driver-limited'
      : windows.some(({ state }) => state === 'overloaded')
        ? 'overloaded'
        : found === undefined
          ? 'unsure'
          : found.interval.hi <= Math.log(objective.ms)
            ? 'yes'
            : found.interval.lo > Math.log(objective.ms)
              ? 'no'
              : 'unsure',
  };
}

/**
 * Compares the latency of two configurations at one rate, block by block: both had the same arrivals.
 *
 * @returns undefined if one was overloaded or had too many tasks without a result, which no ratio describes, if its
 *   windows are refused, or with too few blocks
 */
export function compareLatencies(
  baseline: readonly Window[],
  contender: readonly Window[],
  { alpha, minEffectLog }: { readonly alpha: number; readonly minEffectLog: number },
): Pick<LatencyComparison, 'rate' | 'speedup' | 'verdict' | 'blocks'> | undefined {
  if ([...baseline, ...contender].some(({ state, judgedMs }) => state === 'overloaded' || judgedMs === null))
    return undefined;
  if (isRefused(baseline) || isRefused(contender)) return undefined;
  const found = contrast(judgedOf(baseline), judgedOf(contender), alpha);
  const rate = baseline[0]?.rate;
  if (found === undefined || rate === undefined) return undefined;
  const verdict = verdictOf(found.interval, minEffectLog);
  return { rate, speedup: ratioAt(found, alpha), verdict, blocks: found.blocks };
}

/** As many blocks may be measured again; what is refused in more says something about the driver only. */
const REFUSED_SHARE = 1 / 4;

/** Whether so many windows are refused that nothing can be said of the rate. */
export function isRefused(windows: readonly Window[]): boolean {
  const blocks = byBlock(windows);
  const refused = blocks.filter((block) => block.some(({ state }) => state === 'driver-limited'));
  return refused.length > blocks.length * REFUSED_SHARE;
}

/** The quantile of the objective in each window, comparable like wall times. */
function judgedOf(windows: readonly Window[]): readonly WallTime[] {
  return windows.map(({ block, round, judgedMs }) => ({ block, round, wallMs: judgedMs ?? ENDLESS_MS }));
}

/** The end of an interval is the mean of two blocks, of which one may have had no quantile. */
function isEndless({ interval: { hi } }: Estimate): boolean {
  return hi > Math.log(LONGEST_MS);
}
