import type { Cell, MeasuredCell, Recommendation } from '../model/results.ts';
import { extraLanes } from '../model/strategies.ts';
import { contrast, isFaster, verdictOf, ratioAt, timesOf, type Judged, type Measure } from './compare.ts';
import { comparisonOf, speedupOf, type ReportGroup } from './groups.ts';

/** Costs are measured too, so those that differ by less count as equal. */
export const COST_TOLERANCE = 1.05;

/**
 * From which of the tied ones the choice was made, before its reason: the one that looks best may be left out. Empty: from
 * all, or from one.
 */
export function chosenAmong(tied: readonly Cell[], shown: readonly Cell[]): string {
  const out = tied.filter((cell) => !shown.includes(cell));
  if (shown.length < 2 || out.length === 0) return '';
  return out.every(({ uvThreads }) => uvThreads !== undefined)
    ? 'without sizes of libuv’s pool that are not shown to gain anything, '
    : 'of those shown to be faster than the baseline, ';
}

type TradeOff = NonNullable<Recommendation['tradeOff']>;

const MEASURES: readonly Measure[] = ['loopDelayMs', 'taskP50Ms', 'taskP99Ms'];
/** Nobody gives up throughput for less than a factor of two. */
const BEYOND = Math.log(2);
/** Shorter delays do not matter: a pool's own messages can block the main thread as long. */
const SHORTEST_HOLD_MS = 10;
/** Nearly as fast as the choice: the default of `tune`. */
const NEARLY_AS_FAST = Math.log(0.9);

/**
 * Cost of following the recommendation: a configuration nearly as fast as the choice, which significantly blocks the
 * main thread, or delays a task, for less than half as long. Paired by block like throughput; for each measure, all
 * others share the level. Of several, the one better by more measures, then one of the tie, then the one with the
 * fewest workers.
 */
export function tradeOffOf(
  recommendation: Pick<Recommendation, 'choose' | 'tied'>,
  cells: readonly MeasuredCell[],
  alpha: number,
): TradeOff | undefined {
  const choice = cells.find(({ id }) => id === recommendation.choose);
  if (choice === undefined) return undefined;
  const level = alpha / Math.max(1, cells.length - 1);
  const isHeld = choice.summary.loopDelayMs.p99 >= SHORTEST_HOLD_MS;
  const found = cells.flatMap((cell) => {
    const speed = cell === choice ? undefined : contrast(choice.samples, cell.samples, level);
    if (speed === undefined || speed.estimate < NEARLY_AS_FAST) return [];
    const claims = MEASURES.filter((measure) => measure !== 'loopDelayMs' || isHeld).flatMap((measure) => {
      const times = contrast(timesOf(choice, measure), timesOf(cell, measure), level);
      return times === undefined || times.interval.lo <= BEYOND ? [] : [[measure, ratioAt(times, level)] as const];
    });
    return claims.length === 0 ? [] : [{ cell, speed, claims, isTied: recommendation.tied.includes(cell.id) }];
  });
  const [best] = found.toSorted(
    (a, b) =>
      b.claims.length - a.claims.length ||
      Number(b.isTied) - Number(a.isTied) ||
      extraLanes(a.cell) - extraLanes(b.cell) ||
      b.speed.estimate - a.speed.estimate,
  );
  return best && { cell: best.cell.id, speedup: ratioAt(best.speed, level), ...Object.fromEntries(best.claims) };
}

function isLess(own: number, others: number): boolean {
  return own * COST_TOLERANCE <= others;
}

/** Whether a configuration needs fewer workers than another one or, with as many, less CPU time or memory. */
export function costsLess(one: MeasuredCell, other: Cell): boolean {
  if (other.status !== 'ok') return false;
  const workers = extraLanes(one) - extraLanes(other);
  if (workers !== 0) return workers < 0;
  const [cpuMs, othersCpuMs] = [one.summary.cpuMsPerTask, other.summary.cpuMsPerTask];
  if (isLess(cpuMs, othersCpuMs)) return true;
  const [memory, othersMemory] = [one.summary.memoryMiB ?? null, other.summary.memoryMiB ?? null];
  return memory !== null && othersMemory !== null && !isLess(othersCpuMs, cpuMs) && isLess(memory, othersMemory);
}

/**
 * Number of batches after which a cell breaks even: its workers have made up for their longer startup.
 *
 * @returns null: never, since it is not faster; undefined: undecided
 */
export function paybackOf(cell: MeasuredCell, against: MeasuredCell, group: ReportGroup): number | null | undefined {
  const between = comparedWith(cell, against, group);
  if (between === undefined || between.verdict === 'inconclusive') return undefined;
  const savedMs = against.summary.wallMs.median - cell.summary.wallMs.median;
  if (!isFaster(between, group.minEffect) || savedMs <= 0) return null;
  return Math.max(0, cell.summary.startupMs - against.summary.startupMs) / savedMs;
}

/** Compares two cells through a third, by the farthest ends of their intervals. */
function comparedWith(cell: MeasuredCell, against: MeasuredCell, group: ReportGroup): Judged | undefined {
  const comparison = comparisonOf(cell, group);
  if (comparison?.baseline === against.id) return comparison;
  const [own, other] = [speedupOf(cell, group), speedupOf(against, group)];
  if (own === undefined || other === undefined) return undefined;
  const [lo, hi] = [own.lo / other.hi, own.hi / other.lo];
  const verdict = verdictOf({ lo: Math.log(lo), hi: Math.log(hi) }, Math.log1p(group.minEffect));
  return { verdict, speedup: { estimate: own.estimate / other.estimate, lo, hi } };
}
