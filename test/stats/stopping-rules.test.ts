import { describe, expect, it } from 'vitest';
import type { BlockNoise } from '../../dist/src/model/results.js';
import { hitBlocks } from '../../dist/src/stats/stopping-rules.js';
import { CALM } from '../support/group-task.js';

const LIMITS = {
  stealShare: 0.02,
  throttledShare: 0.01,
  otherCores: 0.3,
  involuntaryPerSecond: 100,
  canaryShare: 0.15,
};

const blocksOf = (noises: readonly Partial<BlockNoise>[]): BlockNoise[] =>
  noises.map((noise, block) => ({ block, ...CALM, ...noise }));

describe('hitBlocks', () => {
  it.each([
    ['steal', { stealShare: 0.021 }],
    ['throttling', { throttledShare: 0.011 }],
    ['other programs', { otherCores: 0.31 }],
    ['involuntary switches', { involuntaryPerSecond: 101 }],
    ['a slow canary', { canaryMs: 1.16 }],
    ['a window that is refused', { refusedWindows: 1 }],
  ])('finds the block with %s', (_name, noise) => {
    expect(hitBlocks(blocksOf([{}, {}, noise, {}]), LIMITS)).toEqual([2]);
  });

  it('finds the block with a disturbance on a machine that joined, which is held against itself', () => {
    const there = (canaryMs: number, otherCores: number): Partial<BlockNoise> => ({
      machines: [{ name: 'b', cpus: 4, canaryMs, stealShare: 0, throttledShare: 0, otherCores }],
    });
    // It is slower than this machine, and always as busy.
    const blocks = [there(3, 1), there(3, 1.1), there(3, 1.4), there(3, 1), there(3.6, 1)];
    expect(hitBlocks(blocksOf(blocks), LIMITS)).toEqual([2, 4]);
  });

  it('finds none on a quiet machine, and none among none', () => {
    expect(hitBlocks(blocksOf([{}, { canaryMs: 1.1, stealShare: 0.02 }, {}]), LIMITS)).toEqual([]);
    expect(hitBlocks([], LIMITS)).toEqual([]);
  });

  it('does not take for a disturbance what the work does in every block', () => {
    const always = { involuntaryPerSecond: 5000, otherCores: 1.5, canaryMs: 3 };
    expect(hitBlocks(blocksOf([always, always, always, always]), LIMITS)).toEqual([]);
  });

  it('allows work that is switched away often half as much again', () => {
    const blocks = [1000, 1000, 1499, 1501, 1000].map((involuntaryPerSecond) => ({ involuntaryPerSecond }));
    expect(hitBlocks(blocksOf(blocks), LIMITS)).toEqual([3]);
  });

  it('puts the worst first, by how many times the limit it is', () => {
    // 3 times the limit of steal, 5 times that of the canary, 2 times that of other programs.
    expect(
      hitBlocks(blocksOf([{}, { stealShare: 0.06 }, { canaryMs: 1.75 }, { otherCores: 0.6 }, {}]), LIMITS),
    ).toEqual([2, 1, 3]);
  });

  it('leaves aside what is not measured', () => {
    const unknown = { stealShare: null, throttledShare: null, otherCores: null, involuntaryPerSecond: null };
    expect(hitBlocks(blocksOf([unknown, unknown, { ...unknown, canaryMs: 2 }]), LIMITS)).toEqual([2]);
  });
});
