import type { CellLog } from '../model/measured.ts';
import type { BlockNoise, NoiseLimits } from '../model/results.ts';
import { median } from './quantile.ts';

/**
 * Blocks disturbed beyond a limit set in advance, the worst first. Steal and throttling count against the limit itself;
 * signs that the work and the measuring also cause (a slower canary, involuntary switches, CPU time beside the batches)
 * count against the limit above the median block of the group. Every reading covers the whole block: measuring it again
 * cannot depend on which cell looked better in it.
 */
export function hitBlocks(blocks: readonly BlockNoise[], limits: NoiseLimits): readonly number[] {
  const usualCanaryMs = usual(blocks, ({ canaryMs }) => canaryMs);
  const usualSwitches = usual(blocks, ({ involuntaryPerSecond }) => involuntaryPerSecond);
  // Frequent switches vary a lot from block to block by themselves.
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

/** Cells whose median batch takes more than `factor` times the fastest one, without an interval. */
export function farBehind(logs: readonly CellLog[], factor: number): readonly string[] {
  const walls = logs
    .filter(({ samples, error }) => samples.length > 0 && error === undefined)
    .map(({ cell, samples }) => ({ id: cell.id, wallMs: median(samples.map(({ wallMs }) => wallMs)) }));
  const fastest = Math.min(...walls.map(({ wallMs }) => wallMs));
  return walls.filter(({ wallMs }) => wallMs > fastest * factor).map(({ id }) => id);
}
