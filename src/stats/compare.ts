import type { CeilingSample, Comparison, Ratio, Verdict, MeasuredCell, Sample } from '../model/results.ts';
import {
  rankSumInterval,
  shift,
  pseudoMedian,
  signedRankEstimate,
  type Estimate,
  type Interval,
} from './exact-tests.ts';
import { byBlock } from './groups.ts';
import { median } from './quantile.ts';

/** How long a batch took, and when it had its turn. */
export type WallTime = CeilingSample;

/** ln(speed-up) of a contender over a baseline, from blocks in which both were measured. */
export interface Contrast extends Estimate {
  readonly blocks: number;
}

/**
 * Compares two cells block by block. Each block gives one number, the median over its rounds of
 * `ln(wall of the baseline) - ln(wall of the contender)`: rounds of a block are no independent evidence.
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

/** How many times as fast, or as long, instead of a logarithm. */
export function asRatio({ estimate, interval: { lo, hi } }: Estimate): Ratio {
  return { estimate: Math.exp(estimate), lo: Math.exp(lo), hi: Math.exp(hi) };
}

/** The same with the level at which it is stated. */
export function ratioAt(found: Estimate, alpha: number): Comparison['speedup'] {
  return { ...asRatio(found), level: 1 - alpha };
}

/** As {@link Contrast}, of two runs: their blocks have nothing in common. */
export interface UnpairedContrast extends Estimate {
  readonly blocks: { readonly old: number; readonly new: number };
}

/**
 * Compares a cell with itself in an earlier run. Nothing is paired, so that a machine which was slower that day looks like
 * slower code: the interval is widened by what the machine itself may have changed between the runs.
 *
 * @param drift by how much, in logarithms, either way
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

/** The one number of each block: ln of the median wall time of its rounds. */
function blockLogs(walls: readonly WallTime[]): readonly number[] {
  return byBlock(walls).map((block) => Math.log(median(block.map(({ wallMs }) => wallMs))));
}

/**
 * What the interval of ln(speed-up) says about a smallest difference worth telling, both in logarithms:
 * inside the margin the cells are the same; an interval without 0 has a winner; anything else is undecided.
 */
export function judge({ lo, hi }: Interval, margin: number): Verdict {
  if (lo > -margin && hi < margin) return 'same';
  if (lo > 0) return 'faster';
  if (hi < 0) return 'slower';
  return 'inconclusive';
}

/**
 * How many blocks would likely decide, if the estimate stays where it is and the interval shrinks with the square root
 * of the blocks: until it leaves out 0 or lies inside the margin, whichever comes first.
 */
export function blocksToDecide({ estimate, interval, blocks }: Contrast, margin: number): number {
  const halfWidth = (interval.hi - interval.lo) / 2;
  const enough = Math.max(Math.abs(estimate), margin - Math.abs(estimate));
  return Math.max(blocks + 1, Math.ceil(blocks * (halfWidth / enough) ** 2));
}

/** The estimate of {@link contrast} alone, which any number of blocks gives; undefined: no block has both. */
export function estimateOf(baseline: readonly WallTime[], contender: readonly WallTime[]): number | undefined {
  const differences = blockDifferences(baseline, contender);
  return differences.length === 0 ? undefined : pseudoMedian(differences);
}

/** Of each block in which both had a turn: ln of how many times as fast the contender was. */
export function blockDifferences(baseline: readonly WallTime[], contender: readonly WallTime[]): readonly number[] {
  return turnDifferences(baseline, contender).map(median);
}

/** `ln(wall of the baseline) - ln(wall of the contender)` of every round in which both had their turn, by block. */
export function turnDifferences(
  baseline: readonly WallTime[],
  contender: readonly WallTime[],
): readonly (readonly number[])[] {
  const contenderByTurn = new Map(contender.map((sample) => [turnOf(sample), sample]));
  const pairs = baseline.flatMap((sample) => {
    const other = contenderByTurn.get(turnOf(sample));
    return other === undefined
      ? []
      : [{ block: sample.block, difference: Math.log(sample.wallMs) - Math.log(other.wallMs) }];
  });
  return byBlock(pairs).map((block) => block.map(({ difference }) => difference));
}

function turnOf({ block, round }: WallTime): string {
  return `${block}/${round}`;
}

/**
 * Shorter delays are one: the timer that watches the loop is set for 2 ms, and libuv keeps time in whole milliseconds. It also keeps
 * a delay of 0 out of logarithms.
 */
const SHORTEST_DELAY_MS = 2;

/** How fast a configuration is, and what it does besides: to the main thread, and to a single task. */
const MEASURES = {
  wallMs: ({ wallMs }) => wallMs,
  loopDelayMs: ({ loopDelayMs }) => Math.max(SHORTEST_DELAY_MS, loopDelayMs.p99),
  taskP50Ms: ({ taskMs }) => taskMs.p50,
  taskP99Ms: ({ taskMs }) => taskMs.p99,
} as const satisfies Record<string, (sample: Sample) => number>;

export type Measure = keyof typeof MEASURES;

/** The measure in each batch, to be compared as wall times are. */
export function timesOf({ samples }: Pick<MeasuredCell, 'samples'>, measure: Measure): readonly WallTime[] {
  return samples.map((sample) => ({ block: sample.block, round: sample.round, wallMs: MEASURES[measure](sample) }));
}
