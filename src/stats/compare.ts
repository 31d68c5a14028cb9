import { shortId, type CellOfGroup } from '../model/cell-id.ts';
import type { UpperBoundSample, Comparison, Ratio, Verdict, MeasuredCell, Sample } from '../model/results.ts';
import {
  rankSumInterval,
  shift,
  pseudoMedian,
  signedRankEstimate,
  type Estimate,
  type Interval,
} from './exact-tests.ts';
import type { HeldComparison } from '../model/load.ts';
import { byBlock } from './groups.ts';
import { median, percentileInterval95, resample, seededRandom } from './quantile.ts';

/** Two cells to compare. */
export interface Pair<Of = MeasuredCell> {
  readonly baseline: Of;
  readonly contender: Of;
}

/** Pairs each other cell with the baseline. */
export function pairsWith<Of>(baseline: Of | undefined, cells: readonly Of[]): readonly Pair<Of>[] {
  if (baseline === undefined) return [];
  return cells.filter((cell) => cell !== baseline).map((contender) => ({ baseline, contender }));
}

/** Pairs each configuration of the newer version with the same one of the older, or each twin with the first. */
export function pairsWithSelf<Of extends CellOfGroup>(cells: readonly Of[]): readonly Pair<Of>[] {
  return cells.flatMap((contender) => {
    const self = selfOf(contender);
    const baseline = cells.find((cell) => shortId(cell) === self);
    return baseline === undefined ? [] : [{ baseline, contender }];
  });
}

function selfOf(cell: CellOfGroup): string | undefined {
  if (cell.version === 'new') return shortId({ ...cell, version: 'old' });
  const { twin, version, ...first } = cell;
  return twin === undefined || version !== undefined ? undefined : shortId(first);
}

/** Duration of a batch, and its turn. */
export type WallTime = UpperBoundSample;

/** ln(speedup) of a configuration over a baseline, from blocks that measured both. */
export interface Contrast extends Estimate {
  readonly blocks: number;
}

/**
 * Compares two cells block by block. Each block counts once, as the median over its rounds of
 * `ln(wall of the baseline) - ln(wall of the contender)`: rounds within a block are not independent.
 *
 * @param alpha the two-sided level of this one interval
 * @returns undefined if there are too few blocks for an interval at that level
 */
export function contrast(
  baseline: readonly WallTime[],
  contender: readonly WallTime[],
  alpha: number,
): Contrast | undefined {
  const differences = blockDifferences(baseline, contender);
  const found = signedRankEstimate(differences, alpha);
  return found && { ...found, blocks: differences.length };
}

/** Converts a logarithm to a factor (speedup or slowdown). */
export function asRatio({ estimate, interval: { lo, hi } }: Estimate): Ratio {
  return { estimate: Math.exp(estimate), lo: Math.exp(lo), hi: Math.exp(hi) };
}

/** {@link Estimate} with its confidence level. */
export function ratioAt(found: Estimate, alpha: number): Comparison['speedup'] {
  return { ...asRatio(found), level: 1 - alpha };
}

/** {@link Contrast} of two runs, which share no block. */
export interface UnpairedContrast extends Estimate {
  readonly blocks: { readonly old: number; readonly new: number };
}

/**
 * Compares a cell with itself in an earlier run. Nothing is paired, so a machine that was slower that day looks like
 * slower code: the interval is widened by how much the machine may have changed between the runs.
 *
 * @param drift that change, as a logarithm, in either direction
 * @returns undefined if there are too few blocks for an interval at that level
 */
export function contrastRuns(
  old: readonly WallTime[],
  current: readonly WallTime[],
  alpha: number,
  drift: number,
): UnpairedContrast | undefined {
  const [before, after] = [blockLogs(old), blockLogs(current)];
  const interval = rankSumInterval(before, after, alpha);
  if (interval === undefined) return undefined;
  return {
    estimate: shift(before, after),
    interval: { lo: interval.lo - drift, hi: interval.hi + drift },
    blocks: { old: before.length, new: after.length },
  };
}

/** One number per block: ln of the median wall time of its rounds. */
export function blockLogs(walls: readonly WallTime[]): readonly number[] {
  return byBlock(walls).map((block) => Math.log(median(block.map(({ wallMs }) => wallMs))));
}

/**
 * The verdict from the interval of ln(speedup) and the minimum effect, both logarithms: an interval within the minimum
 * effect is `same`, shown to differ by less; one without 0 has a winner, by however little; anything else is undecided.
 */
export function verdictOf({ lo, hi }: Interval, minEffectLog: number): Verdict {
  if (lo > -minEffectLog && hi < minEffectLog) return 'same';
  if (lo > 0) return 'faster';
  if (hi < 0) return 'slower';
  return 'inconclusive';
}

/** A verdict as people read it: below the minimum effect a difference is slight, however sure it is. */
export type ShownVerdict = Verdict | 'slightly faster' | 'slightly slower';

/** A comparison as far as its verdict depends on it; of rates held, an end may be unknown, and the estimate a bound. */
export interface Judged {
  readonly verdict: Verdict;
  readonly speedup: Readonly<Record<'estimate' | 'lo' | 'hi', number | null>> & {
    readonly kind?: HeldComparison['speedup']['kind'];
  };
}

/** @param minEffect the minimum effect, as a fraction */
export function shownVerdict(
  { verdict, speedup: { estimate, lo, hi, kind = 'at' } }: Judged,
  minEffect: number,
): ShownVerdict {
  if (estimate === null || kind !== 'at') return verdict;
  const isSure = verdict !== 'inconclusive' && ((lo ?? 0) > 1 || (hi ?? Infinity) < 1);
  if (!isSure || Math.abs(Math.log(estimate)) >= Math.log1p(minEffect)) return verdict;
  return estimate > 1 ? 'slightly faster' : 'slightly slower';
}

/** Whether a configuration is shown to be faster than its baseline, if only slightly. */
export function isFaster(comparison: Judged, minEffect: number): boolean {
  const verdict = shownVerdict(comparison, minEffect);
  return verdict === 'faster' || verdict === 'slightly faster';
}

/** The same for slower. */
export function isSlower(comparison: Judged, minEffect: number): boolean {
  const verdict = shownVerdict(comparison, minEffect);
  return verdict === 'slower' || verdict === 'slightly slower';
}

/**
 * Number of blocks that would likely decide, if the estimate stays and the interval shrinks with the square root of the
 * blocks: until it excludes 0 or lies within the minimum effect, whichever comes first.
 */
export function blocksToDecide({ estimate, interval, blocks }: Contrast, minEffectLog: number): number {
  const halfWidth = (interval.hi - interval.lo) / 2;
  const enough = Math.max(Math.abs(estimate), minEffectLog - Math.abs(estimate));
  return Math.max(blocks + 1, Math.ceil(blocks * (halfWidth / enough) ** 2));
}

/** The comparison with disturbed blocks as first measured, if choosing to repeat them has changed the verdict. */
export function unrepeated(
  baseline: MeasuredCell,
  contender: MeasuredCell,
  { alpha, minEffectLog, verdict }: Pick<Comparison, 'verdict'> & Readonly<Record<'alpha' | 'minEffectLog', number>>,
): Pick<Comparison, 'unrepeated'> {
  const found = contrast(asFirstMeasured(baseline), asFirstMeasured(contender), alpha);
  if (found === undefined) return {};
  const other = verdictOf(found.interval, minEffectLog);
  return other === verdict ? {} : { unrepeated: { speedup: ratioAt(found, alpha), verdict: other } };
}

function asFirstMeasured({ samples, discardedSamples = [] }: MeasuredCell): readonly Sample[] {
  const repeated = new Set(discardedSamples.map(({ block }) => block));
  return [...samples.filter(({ block }) => !repeated.has(block)), ...discardedSamples];
}

/** The estimate of {@link contrast} alone, from any number of blocks; undefined: no block has both. */
export function estimateOf(baseline: readonly WallTime[], contender: readonly WallTime[]): number | undefined {
  const differences = blockDifferences(baseline, contender);
  return differences.length === 0 ? undefined : pseudoMedian(differences);
}

/** ln(speedup) of each block in which both had a turn. */
export function blockDifferences(baseline: readonly WallTime[], contender: readonly WallTime[]): readonly number[] {
  return turnDifferences(baseline, contender).map(median);
}

/** `ln(wall of the baseline) - ln(wall of the contender)` of every round in which both had their turn, by block. */
export function turnDifferences(
  baseline: readonly WallTime[],
  contender: readonly WallTime[],
): readonly (readonly number[])[] {
  return pairsByBlock(baseline, contender).map((block) =>
    block.map(({ baselineMs, contenderMs }) => Math.log(baselineMs) - Math.log(contenderMs)),
  );
}

interface TurnPair {
  readonly block: number;
  readonly baselineMs: number;
  readonly contenderMs: number;
}

/** The batches of every round in which both had their turn, by block. */
function pairsByBlock(baseline: readonly WallTime[], contender: readonly WallTime[]): readonly (readonly TurnPair[])[] {
  const contenderByTurn = new Map(contender.map((sample) => [turnOf(sample), sample]));
  const pairs = baseline.flatMap((sample): TurnPair[] => {
    const other = contenderByTurn.get(turnOf(sample));
    return other === undefined ? [] : [{ block: sample.block, baselineMs: sample.wallMs, contenderMs: other.wallMs }];
  });
  return byBlock(pairs);
}

const TOTAL_SEED = 1;
const TOTAL_RESAMPLES = 999;
const LEAST_BLOCKS = 5;
/** An error this small, as a logarithm, is that of rounding. */
const NO_ERROR = 1e-9;

/**
 * Ratio of the total times of all batches that both have measured. The speedup is that of a typical batch; here rare
 * slow batches count with all their time. Its CI takes the wider ends of the studentized and the percentile bootstrap
 * over the blocks (Efron and Tibshirani, An Introduction to the Bootstrap, sections 12.5 and 13.3). The seed is fixed:
 * the same results give the same numbers.
 *
 * @returns undefined with fewer than five blocks
 */
export function totalSpeedup(
  baseline: readonly WallTime[],
  contender: readonly WallTime[],
): Comparison['speedup'] | undefined {
  const totals = pairsByBlock(baseline, contender).map(totalOf);
  if (totals.length < LEAST_BLOCKS) return undefined;
  const { estimate, error } = logOfTotals(totals);
  const random = seededRandom(TOTAL_SEED);
  const drawn = Array.from({ length: TOTAL_RESAMPLES }, () => logOfTotals(resample(totals, random)));
  const plain = percentileInterval95(drawn.map((again) => again.estimate));
  // Blocks that agree have no error to divide by.
  const deviations = drawn.flatMap((again) =>
    again.error < NO_ERROR || !Number.isFinite(again.estimate) ? [] : [(again.estimate - estimate) / again.error],
  );
  const { lo, hi } = deviations.length === 0 ? { lo: 0, hi: 0 } : percentileInterval95(deviations);
  const interval = {
    lo: Math.min(plain.lo, estimate - hi * error),
    hi: Math.max(plain.hi, estimate - lo * error),
  };
  return ratioAt({ estimate, interval }, 0.05);
}

function totalOf(pairs: readonly TurnPair[]): TurnPair {
  const sum = (read: (pair: TurnPair) => number): number => pairs.reduce((total, pair) => total + read(pair), 0);
  return {
    block: pairs[0]?.block ?? 0,
    baselineMs: sum(({ baselineMs }) => baselineMs),
    contenderMs: sum(({ contenderMs }) => contenderMs),
  };
}

/** ln of the ratio of the totals, and its standard error over the blocks (delta method). */
function logOfTotals(blocks: readonly TurnPair[]): { readonly estimate: number; readonly error: number } {
  const { baselineMs, contenderMs } = totalOf(blocks);
  const squares = blocks.map((block) => (block.baselineMs / baselineMs - block.contenderMs / contenderMs) ** 2);
  const error = Math.sqrt((blocks.length / (blocks.length - 1)) * squares.reduce((sum, square) => sum + square, 0));
  return { estimate: Math.log(baselineMs / contenderMs), error };
}

function turnOf({ block, round }: WallTime): string {
  return `${block}/${round}`;
}

/**
 * Floor for delays, in ms: the timer that watches the loop fires every 2 ms, and libuv counts whole milliseconds. It
 * also keeps a delay of 0 out of logarithms.
 */
export const SHORTEST_DELAY_MS = 2;

/** Measures to compare: batch time, and the effect on the main thread and on single tasks. */
const MEASURES = {
  wallMs: ({ wallMs }) => wallMs,
  loopDelayMs: ({ loopDelayMs }) => Math.max(SHORTEST_DELAY_MS, loopDelayMs.p99),
  taskP50Ms: ({ taskMs }) => taskMs.p50,
  taskP99Ms: ({ taskMs }) => taskMs.p99,
} as const satisfies Record<string, (sample: Sample) => number>;

export type Measure = keyof typeof MEASURES;

/** The measure of each batch, comparable like wall times. */
export function timesOf({ samples }: Pick<MeasuredCell, 'samples'>, measure: Measure): readonly WallTime[] {
  return samples.map((sample) => ({ block: sample.block, round: sample.round, wallMs: MEASURES[measure](sample) }));
}
