import type { CellLog } from '../model/measured.ts';
import type { BlockNoise, NoiseLimits } from '../model/results.ts';
import { median } from './quantile.ts';

/**
 * The blocks that were disturbed beyond a limit set in advance, the worst first. Steal and throttling are held against
 * the limit itself; what the work and the measuring cause too (a slower canary, involuntary switches, CPU time beside
 * the batches) against the limit above the median of all blocks of the group. Every reading is of the block as a whole:
 * whether it is measured again cannot depend on which cell looked better in it.
 */
export function hitBlocks(blocks: readonly BlockNoise[], limits: NoiseLimits): readonly number[] {
  const usualCanaryMs = usual(blocks, ({ canaryMs }) => canaryMs);
  const usualSwitches = usual(blocks, ({ involuntaryPerSecond }) => involuntaryPerSecond);
  // Work that is switched away often is switched away unevenly.
  const switchesLimit = Math.max(limits.involuntaryPerSecond, usualSwitches / 2);
  const usualCores = usual(blocks, ({ otherCores }) => otherCores);
  return blocks
    .map(({ block, stealShare, throttledShare, otherCores, involuntaryPerSecond, canaryMs }) => ({
      block,
      excess: Math.max(
        (stealShare ?? 0) / limits.stealShare,
        (throttledShare ?? 0) / limits.throttledShare,
        ((otherCores ?? usualCores) - usualCores) / limits.otherCores,
        ((involuntaryPerSecond ?? usualSwitches) - usualSwitches) / switchesLimit,
        (canaryMs / usualCanaryMs - 1) / limits.canaryShare,
      ),
    }))
    .filter(({ excess }) => excess > 1)
    .toSorted((a, b) => b.excess - a.excess)
    .map(({ block }) => block);
}

function usual(blocks: readonly BlockNoise[], read: (block: BlockNoise) => number | null): number {
  const values = blocks.map(read).filter((value) => value !== null);
  return values.length === 0 ? 0 : median(values);
}

/** The cells whose batches take more than so many times as long as those of the fastest: by their medians, without an interval. */
export function farBehind(logs: readonly CellLog[], factor: number): readonly string[] {
  const walls = logs
    .filter(({ samples, error }) => samples.length > 0 && error === undefined)
    .map(({ cell, samples }) => ({ id: cell.id, wallMs: median(samples.map(({ wallMs }) => wallMs)) }));
  const fastest = Math.min(...walls.map(({ wallMs }) => wallMs));
  return walls.filter(({ wallMs }) => wallMs > fastest * factor).map(({ id }) => id);
}
