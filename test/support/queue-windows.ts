import type { Rating } from '../../dist/src/model/plan.js';
import type { Window } from '../../dist/src/model/load.js';
import { plainQueue } from '../../dist/src/stats/load/plain-queue.js';
import { windowOf } from './windows.js';

const OBJECTIVE_MS = 50;
const SHAPE = { arrivals: { kind: 'poisson' }, requests: 400, settling: 100, probability: 0.99 } as const;

/** The queue of one server that holds so many tasks a second at a p99 of 50 ms, in windows of 400 arrivals. */
export function ratingOf(held: number): Rating {
  let [capacity, most] = [held, 4 * held];
  for (let halving = 0; halving < 40; halving++) {
    const middle = (capacity + most) / 2;
    const found = plainQueue({ capacity: middle, aloneMs: 1000 / middle }, SHAPE, 0).rateAt(Math.log(OBJECTIVE_MS));
    if (found < held) capacity = middle;
    else most = middle;
  }
  return { capacity, aloneMs: 1000 / capacity };
}

interface Asked {
  readonly rates: readonly number[];
  readonly blocks: number;
  /** Seed of the measurement. */
  readonly seed: number;
  /** How fast it is in a block, as a multiple. Default: 1. */
  readonly speedIn?: (block: number) => number;
}

/** Windows of that queue, one at every rate in every block. */
export function queueWindows(held: number, { rates, blocks, seed, speedIn = () => 1 }: Asked): readonly Window[] {
  const queue = plainQueue(ratingOf(held), SHAPE, seed);
  return Array.from({ length: blocks }, (_, block) => {
    const own = queue.faster(speedIn(block));
    return rates.map((rate) => windowOf(block, 0, Math.exp(own.inWindow({ block, round: 0 }, rate)), { rate }));
  }).flat();
}
