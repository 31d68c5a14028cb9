import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { quantile, sorted } from './quantile.ts';

/** Random choices that the same seed makes again. */
export interface Dice {
  /** A whole number from 0 to below the limit. */
  readonly below: (limit: number) => number;
  /** From 0 to 1. */
  readonly share: () => number;
}

export function diceOf(seed: number): Dice {
  const generator = xoroshiro128plus(seed);
  return {
    below: (limit) => uniformInt(generator, 0, limit - 1),
    share: () => uniformFloat64(generator),
  };
}

/** As many as there are, drawn with replacement. */
export function drawn<Item>(items: readonly Item[], { below }: Dice): readonly Item[] {
  return items.map(() => items[below(items.length)] as Item);
}

export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** The middle 95 % of what resampling gave. */
export function middle(values: readonly number[]): Range {
  const inOrder = sorted(values);
  return { lo: quantile(inOrder, 0.025), hi: quantile(inOrder, 0.975) };
}
