import type { NoiseLimits } from './results.ts';

/** Most tasks in a batch: all inputs are made before the first batch and kept until the last. */
export const MOST_TASKS = 1_000_000;
export const MOST_BLOCKS = 10_000;
/** Most rounds in a block. */
export const MOST_ROUNDS = 1000;

/** Amount of evidence: blocks decide how small a difference can be detected, rounds how steady each block is. */
export interface Preset {
  readonly blocks: number;
  readonly rounds: number;
  /** Batches that every worker runs in each block before anything is measured. */
  readonly warmups: number;
  /** Beyond any of these, a block counts as disturbed and may be measured again. */
  readonly noiseLimits: NoiseLimits;
}

export const PRESETS = {
  quick: {
    blocks: 10,
    rounds: 1,
    warmups: 1,
    noiseLimits: {
      stealShare: 0.05,
      throttledShare: 0.02,
      otherCores: 0.5,
      involuntaryPerSecond: 200,
      canaryShare: 0.25,
    },
  },
  standard: {
    blocks: 12,
    rounds: 4,
    warmups: 2,
    noiseLimits: {
      stealShare: 0.02,
      throttledShare: 0.01,
      otherCores: 0.3,
      involuntaryPerSecond: 100,
      canaryShare: 0.15,
    },
  },
  rigorous: {
    blocks: 24,
    rounds: 6,
    warmups: 3,
    noiseLimits: {
      stealShare: 0.01,
      throttledShare: 0.005,
      otherCores: 0.2,
      involuntaryPerSecond: 50,
      canaryShare: 0.1,
    },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

/** Significance level shared by all comparisons shown together: 95% CIs for all of them jointly. */
export const LEVEL = 0.05;

/** Each look at the results is a chance to be wrong, so looks declared in advance share the level. */
export function levelPerLook({ looks }: { readonly looks?: readonly number[] }): number {
  return LEVEL / (looks?.length ?? 1);
}
