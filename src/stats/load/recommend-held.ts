import { LEVEL } from '../../model/evidence.ts';
import type { LoadRecommendation, MeasuredLoadCell, Window } from '../../model/load.ts';
import { signedRankInterval } from '../exact-tests.ts';
import { byBlock } from '../groups.ts';
import { median } from '../quantile.ts';
import { extraLanes } from '../../model/strategies.ts';
import type { HoldingCell } from './conclude-held.ts';
import { heldDifferences } from './held-by-block.ts';
import { BEYOND, openEstimate } from './open-estimate.ts';

/** CPU times that differ by less count as equal. */
const COST_TOLERANCE = 1.05;

/**
 * Chooses the fewest workers among the configurations that are not shown to hold a lower rate than any other by more
 * than the minimum effect, whose estimate is within that effect or the interval of the highest, so that none is chosen
 * because little is known of it, and that are not shown to answer pings too late at the rate that they hold; then the
 * least CPU time per task, then the first.
 *
 * @returns undefined with fewer than two, or with too few blocks to show anything
 */
export function recommendHeld(
  all: readonly HoldingCell[],
  pingObjectiveMs: number,
  minEffectLog: number,
): Omit<LoadRecommendation, 'workload' | 'params'> | undefined {
  const share = LEVEL / Math.max(1, all.length - 1);
  const [first] = all;
  if (first === undefined || all.length < 2) return undefined;
  const blocks = Math.min(...all.map(({ rates }) => rates.length));
  const canTell =
    signedRankInterval(
      Array.from({ length: blocks }, (_, block) => block + 1),
      share,
    ) !== undefined;
  if (!canTell) return undefined;
  const most = all.reduce((best, one) => (estimateOf(one) > estimateOf(best) ? one : best), first);
  const least = Math.min(openEstimate(most.rates, LEVEL).lo ?? BEYOND, estimateOf(most) - minEffectLog);
  const tied = all.filter(
    (one) =>
      one === most || (estimateOf(one) >= least && !all.some((other) => isShownLess(one, other, share, minEffectLog))),
  );
  const answering = tied.filter((one) => !answersLate(one, pingObjectiveMs));
  const candidates = answering.length === 0 ? tied : answering;
  const workers = Math.min(...candidates.map(({ cell }) => extraLanes(cell)));
  const fewest = candidates.filter(({ cell }) => extraLanes(cell) === workers);
  const cpu = Math.min(...fewest.map(({ cell }) => cpuPerTask(cell)));
  const cheapest = fewest.filter(({ cell }) => cpuPerTask(cell) <= cpu * COST_TOLERANCE);
  const [choice = most] = cheapest;
  return {
    choose: choice.cell.id,
    most: most.cell.id,
    tied: tied.map(({ cell }) => cell.id),
    chosenFor:
      candidates.length === 1
        ? 'only'
        : fewest.length === 1
          ? 'fewest-workers'
          : cheapest.length === 1
            ? 'least-cpu'
            : 'first',
  };
}

function estimateOf({ rates }: HoldingCell): number {
  return openEstimate(rates, LEVEL).estimate ?? Number.NEGATIVE_INFINITY;
}

function isShownLess(one: HoldingCell, other: HoldingCell, alpha: number, minEffectLog: number): boolean {
  if (one === other) return false;
  const differences = heldDifferences(other.rates, one.rates);
  const hi = differences.length === 0 ? null : openEstimate(differences, alpha).hi;
  return hi !== null && hi < -minEffectLog;
}

/** Whether the p99 of the pings is shown to exceed a limit, in the windows at the rates around the one that is held. */
function answersLate({ cell, rates }: HoldingCell, limitMs: number): boolean {
  const held = estimateOf({ cell, rates });
  const near = cell.windows.filter(({ phase, rate }) => phase === undefined && Math.abs(Math.log(rate) - held) < NEAR);
  const logs = byBlock(near.filter(({ probeMs }) => probeMs !== undefined && probeMs.n > 0)).map((own) =>
    median(own.map(({ probeMs }) => Math.log(probeMs?.p99 ?? 0))),
  );
  const lo = signedRankInterval(logs, LEVEL)?.lo;
  return lo !== undefined && lo > Math.log(limitMs);
}

/** Rates that differ by less, as logarithms, are close to the one that is held. */
const NEAR = Math.log(1.12);

function cpuPerTask({ windows }: MeasuredLoadCell): number {
  const own = windows.filter(({ phase }) => phase === undefined);
  const sum = (read: (window: Window) => number): number => own.reduce((total, window) => total + read(window), 0);
  return (
    sum(({ cpuMs }) => cpuMs) /
    Math.max(
      1,
      sum(({ sent }) => sent),
    )
  );
}
