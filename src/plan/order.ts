import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Block, PlannedCell } from '../model/plan.ts';

/**
 * The order in which cells take their turns: in every second round of the run a random permutation, in the next its
 * reverse, so that whatever drifts through a pair of rounds meets every cell alike.
 */
export function orderBlocks(
  cells: readonly PlannedCell[],
  blocks: number,
  rounds: number,
  seed: number,
): readonly Block[] {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  const orders: PlannedCell[][] = [];
  while (orders.length < blocks * rounds) {
    const order = shuffled(cells, below);
    orders.push(order, order.toReversed());
  }
  return Array.from({ length: blocks }, (_, block) => orders.slice(block * rounds, (block + 1) * rounds));
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], below: (limit: number) => number): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(below(left.length), 1));
}
