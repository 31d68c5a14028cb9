import type { AtRate, LatencyComparison, Objective, Window } from '../../model/load.ts';
import { asRatio, contrast, ratioAt, verdictOf, type WallTime } from '../compare.ts';
import { signedRankEstimate } from '../exact-tests.ts';
import { byBlock } from '../groups.ts';
import { median } from '../quantile.ts';

/** Summarizes the windows of one configuration at one rate. @param alpha level of its interval */
export function summarizeRate(windows: readonly Window[], objective: Objective, alpha: number): AtRate {
  const over = (read: (one: Window) => number): number => median(windows.map(read));
  const sum = (read: (one: Window) => number): number => windows.reduce((total, one) => total + read(one), 0);
  const logs = byBlock(latenciesOf(windows, objective)).map((block) =>
    Math.log(median(block.map((one) => one.wallMs))),
  );
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
    objectiveMs: found === undefined ? null : asRatio(found),
    missShare: sum(({ missed }) => missed) / sum(({ offered }) => offered),
    holds: windows.some(({ state }) => state === 'overloaded')
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
 * @returns undefined if one was overloaded, which no ratio describes, or with too few blocks
 */
export function compareLatencies(
  baseline: readonly Window[],
  contender: readonly Window[],
  objective: Objective,
  { alpha, minEffectLog }: { readonly alpha: number; readonly minEffectLog: number },
): Pick<LatencyComparison, 'rate' | 'speedup' | 'verdict' | 'blocks'> | undefined {
  if ([...baseline, ...contender].some(({ state }) => state === 'overloaded')) return undefined;
  const found = contrast(latenciesOf(baseline, objective), latenciesOf(contender, objective), alpha);
  const rate = baseline[0]?.rate;
  if (found === undefined || rate === undefined) return undefined;
  const verdict = verdictOf(found.interval, minEffectLog);
  return { rate, speedup: ratioAt(found, alpha), verdict, blocks: found.blocks };
}

/** The quantile of the objective in each window, comparable like wall times. */
function latenciesOf(windows: readonly Window[], { quantile }: Objective): readonly WallTime[] {
  return windows.map(({ block, round, latencyMs }) => ({ block, round, wallMs: latencyMs[quantile] }));
}
