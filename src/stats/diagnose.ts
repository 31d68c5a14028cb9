import { LEVEL } from '../model/evidence.ts';
import type { UpperBoundPoint, NoiseFloor } from '../model/diagnosis.ts';
import type { Results } from '../model/results.ts';
import { asRatio, contrast, turnDifferences, type WallTime } from './compare.ts';
import { median, seededRandom } from './quantile.ts';
import { signedRankInterval } from './exact-tests.ts';

interface Evidence {
  readonly blocks: number;
  readonly rounds: number;
}

/** Enough for the median of half-widths; a doctor's figure needs two digits. */
const RESAMPLES = 300;
const SEED = 1;

/** For each strategy with a twin and each preset: the half-width of the interval of an A/A comparison. */
export function noiseFloors({ cells }: Results, presets: Readonly<Record<string, Evidence>>): readonly NoiseFloor[] {
  return cells.flatMap((cell) => {
    const twin = cells.find(({ id }) => id === `${cell.id}#2`);
    if (twin === undefined) return [];
    return Object.entries(presets).flatMap(([preset, evidence]) => {
      const halfWidth = expectedHalfWidth(cell.samples, twin.samples, evidence);
      return halfWidth === undefined
        ? []
        : [{ strategy: cell.strategy, preset, halfWidthPct: Math.expm1(halfWidth) * 100 }];
    });
  });
}

/**
 * Median half-width, as a logarithm, of the interval of one comparison with that many blocks and rounds: measured
 * blocks are drawn with replacement, their rounds without. Drawn blocks vary less than the population, by (n - 1) / n.
 */
export function expectedHalfWidth(
  baseline: readonly WallTime[],
  twin: readonly WallTime[],
  { blocks, rounds }: Evidence,
): number | undefined {
  const measured = turnDifferences(baseline, twin);
  if (measured.length < 2) return undefined;
  const below = seededRandom(SEED);
  const halfWidths: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const sample = Array.from({ length: blocks }, () => {
      const left = [...(measured[below(measured.length)] ?? [])];
      const some = left.slice(0, rounds).flatMap(() => left.splice(below(left.length), 1));
      return median(some);
    });
    const interval = signedRankInterval(sample, LEVEL);
    if (interval !== undefined) halfWidths.push((interval.hi - interval.lo) / 2);
  }
  if (halfWidths.length === 0) return undefined;
  return median(halfWidths) / Math.sqrt((measured.length - 1) / measured.length);
}

/** CPUs that other programs left free: the median over all blocks; null: not measured. */
export function freeCpusOf({ noise = [] }: Pick<Results, 'noise'>): number | null {
  const free = noise.flatMap(({ blocks }) => blocks.flatMap(({ freeCpus }) => freeCpus ?? []));
  return free.length === 0 ? null : median(free);
}

/** Speedup of several independent processes over one. */
export function upperBoundPoints({ upperBounds = [] }: Results): readonly UpperBoundPoint[] {
  const one = upperBounds.find(({ lanes }) => lanes === 1);
  if (one === undefined) return [];
  return upperBounds.flatMap(({ lanes, samples }) => {
    if (lanes === 1) return [{ lanes, speedup: { estimate: 1, lo: 1, hi: 1 } }];
    const found = contrast(one.samples, samples, LEVEL);
    return found === undefined ? [] : [{ lanes, speedup: asRatio(found) }];
  });
}
