import { LEVEL } from '../../model/evidence.ts';
import type { Held, HeldComparison, LoadRecommendation, MeasuredLoadCell } from '../../model/load.ts';
import type { Group, RatedLoad } from '../../model/plan.ts';
import { probabilityOf, windowAt } from '../../model/arrivals.ts';
import { LONG_WINDOW } from '../../model/schema/held.ts';
import { pairsWith, pairsWithSelf, verdictOf } from '../compare.ts';
import { heldByBlock, heldDifferences, type BlockRate } from './held-by-block.ts';
import { BEYOND, openEstimate } from './open-estimate.ts';
import { plainQueue } from './plain-queue.ts';
import { recommendHeld } from './recommend-held.ts';
import type { JudgedWindow } from './search-point.ts';

/** A configuration with the rates that it held. */
export interface HoldingCell {
  readonly cell: MeasuredLoadCell;
  readonly rates: readonly BlockRate[];
}

export interface HeldConclusions {
  readonly held: readonly Held[];
  readonly heldComparisons: readonly HeldComparison[];
  readonly recommendations: readonly LoadRecommendation[];
}

interface Asked {
  readonly minEffect: number;
  /** Seed of the measurement. */
  readonly seed: number;
  /** Without all planned blocks there are estimates and no verdict. */
  readonly isComplete: boolean;
}

/** Which rate each configuration holds, how these compare, and which to choose. */
export function concludeHeld(
  { workload, params, baseline: id, compares, load }: Group & { readonly load: RatedLoad },
  cells: readonly MeasuredLoadCell[],
  { minEffect, seed, isComplete }: Asked,
): HeldConclusions {
  const of = { workload: workload.name, params };
  const minEffectLog = Math.log1p(minEffect);
  const shape = { ...load, probability: probabilityOf(load.objective) };
  const holding = cells.map((cell): HoldingCell => {
    const rating = load.ratings[cell.id];
    return {
      cell,
      rates: rating === undefined ? [] : heldByBlock(cell.windows, load.objective, plainQueue(rating, shape, seed)),
    };
  });
  const measured = holding.filter(({ cell, rates }) => rates.length > 0 && !isDriverLimited(cell, rates));
  const baseline = measured.find(({ cell }) => cell.id === id) ?? measured[0];
  const isOfOne = compares === 'with-baseline';
  const holdingOf = new Map(measured.map((one) => [one.cell, one]));
  const pairs = (isOfOne ? pairsWith(baseline?.cell, [...holdingOf.keys()]) : pairsWithSelf([...holdingOf.keys()])).map(
    (pair) => [holdingOf.get(pair.baseline), holdingOf.get(pair.contender)] as const,
  );
  // A recommendation makes sense for one version only.
  const recommendation =
    isComplete && isOfOne
      ? recommendHeld(measured, load.pingObjectiveMs ?? load.objective.ms, minEffectLog)
      : undefined;
  return {
    held: holding
      .filter(({ cell, rates }) => rates.length > 0 || isHopeless(cell, load))
      .map((one) => ({ ...of, ...heldOf(one, load) })),
    heldComparisons: isComplete
      ? pairs.flatMap(([before, contender]) => {
          const found = before && contender && compareHeld(before, contender, LEVEL / pairs.length, minEffectLog);
          return found === undefined ? [] : [{ ...of, ...found }];
        })
      : [],
    recommendations: recommendation === undefined ? [] : [{ ...of, ...recommendation }],
  };
}

/** A task that meets no other takes too long already. */
function isHopeless({ id }: MeasuredLoadCell, { ratings, objective }: RatedLoad): boolean {
  return (ratings[id]?.aloneMs ?? 0) > objective.ms;
}

/** Share of the windows that may be refused. */
const MOST_REFUSED = 1 / 4;

/**
 * Whether so many of the windows that decide the rate are refused that a configuration is compared with none: those at
 * the measured rates next to it, between which the latency reaches the objective.
 *
 * @param rates held in its blocks; empty: all windows count
 */
export function isDriverLimited(
  { windows }: { readonly windows: readonly JudgedWindow[] },
  rates: readonly BlockRate[],
): boolean {
  const counted = windows.filter(({ phase }) => phase === undefined);
  const beside = rates.length === 0 ? undefined : besides(new Set(counted.map(({ rate }) => rate)), rateOf(rates));
  const deciding = counted.filter(({ rate }) => beside?.has(rate) ?? true);
  return deciding.filter(({ state }) => state === 'driver-limited').length > MOST_REFUSED * deciding.length;
}

/** The closest rates on both sides of one, or at it. */
function besides(rates: ReadonlySet<number>, held: number): ReadonlySet<number> {
  const below = [...rates].filter((rate) => rate <= held);
  const above = [...rates].filter((rate) => rate >= held);
  return new Set([Math.max(...below), Math.min(...above)].filter(Number.isFinite));
}

function heldOf({ cell, rates }: HoldingCell, load: RatedLoad): Omit<Held, 'workload' | 'params'> {
  const rest = { cell: cell.id, searched: load.searched?.[cell.id] ?? null, blocks: rates.length };
  if (rates.length === 0) return { ...rest, kind: 'none', rate: null, missShare: null };
  const { kind, lo, hi } = openEstimate(rates, LEVEL);
  const rate = rateOf(rates);
  const lastingShare = kind === 'at' ? lastingShareOf(rates[0]?.like, rate, load) : undefined;
  return {
    ...rest,
    kind: kind === 'unknown' ? 'below' : kind,
    ...(lastingShare !== undefined && { lastingShare }),
    ...(isDriverLimited(cell, rates) && { isDriverLimited: true as const }),
    rate: { estimate: rate, lo: measuredEnd(lo, cell), hi: measuredEnd(hi, cell), level: 1 - LEVEL },
    missShare: missShareAt(cell, rate),
  };
}

/** Null beyond the rates that were measured. */
function measuredEnd(log: number | null, { windows }: Pick<MeasuredLoadCell, 'windows'>): number | null {
  const end = exp(log);
  const rates = windows.filter(({ phase }) => phase === undefined).map(({ rate }) => rate);
  return end === null || end < Math.min(...rates) || end > Math.max(...rates) ? null : end;
}

/** Share of the rate held in long windows. Undefined: its own are as long, or its limited queue gets no longer there. */
export function lastingShareOf(
  like: Pick<NonNullable<BlockRate['like']>, 'lasting'> | undefined,
  rate: number,
  load: RatedLoad,
): number | undefined {
  const isLimited = load.maxQueue !== undefined || load.giveUpMs !== undefined;
  return isLimited || windowAt(load, rate).requests >= LONG_WINDOW ? undefined : like?.lasting(rate);
}

/** The rate that is held, or its bound. */
function rateOf(rates: readonly BlockRate[]): number {
  return Math.exp(openEstimate(rates, LEVEL).estimate ?? rates[0]?.at ?? 0);
}

function missShareAt(cell: MeasuredLoadCell, rate: number): number | null {
  const distance = (one: number): number => Math.abs(Math.log(one / rate));
  return cell.rates.toSorted((a, b) => distance(a.rate) - distance(b.rate))[0]?.missShare ?? null;
}

function compareHeld(
  baseline: HoldingCell,
  contender: HoldingCell,
  alpha: number,
  minEffectLog: number,
): Omit<HeldComparison, 'workload' | 'params'> | undefined {
  const differences = heldDifferences(baseline.rates, contender.rates);
  if (differences.length === 0) return undefined;
  const { estimate, kind, lo, hi } = openEstimate(differences, alpha);
  return {
    baseline: baseline.cell.id,
    contender: contender.cell.id,
    speedup: { estimate: exp(estimate), kind, lo: exp(lo), hi: exp(hi), level: 1 - alpha },
    verdict: verdictOf({ lo: lo ?? -BEYOND, hi: hi ?? BEYOND }, minEffectLog),
    blocks: differences.length,
  };
}

function exp(log: number | null): number | null {
  return log === null ? null : Math.exp(log);
}
