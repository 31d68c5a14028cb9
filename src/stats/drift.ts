import type { Sample } from '../model/results.ts';
import { byBlock } from './group-by.ts';
import type { Interval } from './exact-interval.ts';
import { median } from './quantile.ts';
import { pseudoMedian, signedRankInterval } from './signed-rank.ts';

/** With fewer batches in a block there is no telling a trend from a batch that was late. */
const LEAST_ROUNDS = 3;

/** By how much batches change from the first to the last round of a block, in logarithms of their time. */
export interface Drift {
  readonly estimate: number;
  readonly interval: Interval;
}

/**
 * The trend within blocks: each gives one number, the median of the slopes between any two of its rounds (Theil and Sen) times the number
 * of steps from its first round to its last. One round that is slow or fast by itself does not make a trend.
 *
 * @param alpha the two-sided level of the interval
 * @returns undefined if there are too few rounds, or too few blocks for an interval at that level
 */
export function driftOf(samples: readonly Sample[], alpha: number): Drift | undefined {
  const changes = byBlock(samples)
    .filter((block) => block.length >= LEAST_ROUNDS)
    .map((block) => {
      const inOrder = block.toSorted((a, b) => a.round - b.round);
      const slopes = inOrder.flatMap((earlier, index) =>
        inOrder
          .slice(index + 1)
          .map((later) => Math.log(later.wallMs / earlier.wallMs) / (later.round - earlier.round)),
      );
      return median(slopes) * ((inOrder.at(-1)?.round ?? 0) - (inOrder[0]?.round ?? 0));
    });
  const interval = signedRankInterval(changes, alpha);
  return interval && { estimate: pseudoMedian(changes), interval };
}
