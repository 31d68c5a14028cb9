import type { Params } from '../../workers/contract.ts';

/** Six twins of each strategy. The last two are slowed down by more work, unless all are to be identical. */
const SLOWDOWNS: Readonly<Record<string, number>> = { 5: 1.05, 6: 1.1 };

export const TWINS = [1, 2, 3, 4, 5, 6] as const;

interface Pair {
  /** Times as much that the second has to do. */
  readonly slowdown: number;
  /** Numbers of twins. */
  readonly twins: readonly [number, number];
}

/** Which twins are compared. Identical ones are in one pair with each other only. */
export const PAIRS: { readonly slowed: readonly Pair[]; readonly identical: readonly Pair[] } = {
  slowed: [
    { slowdown: 1, twins: [1, 2] },
    { slowdown: 1, twins: [3, 4] },
    { slowdown: 1.05, twins: [1, 5] },
    { slowdown: 1.1, twins: [3, 6] },
  ],
  identical: [
    { slowdown: 1, twins: [1, 2] },
    { slowdown: 1, twins: [3, 4] },
    { slowdown: 1, twins: [5, 6] },
  ],
};

export type TwinKind = keyof typeof PAIRS;

/** How many times as much a cell has to do. @param cell its id: twins end in `#2`, `#3` and so on */
export function slowdownOf({ cell, params }: { readonly cell: string; readonly params: Params }): number {
  const twin = /#(\d+)$/.exec(cell)?.[1] ?? '1';
  return params.twins === 'slowed' ? (SLOWDOWNS[twin] ?? 1) : 1;
}

/** Integer arithmetic that takes as long as it has steps. */
export function spin(steps: number): number {
  let state = 1;
  for (let step = 0; step < steps; step++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

/** The same result with any slowdown: what is done more of is thrown away. */
export function spinSlowed(steps: number, slowdown: number): number {
  const result = spin(steps);
  const more = spin(Math.round(steps * (slowdown - 1)));
  // The generator has the full period, so it comes back to 1 after 2^32 steps only; but it has to be looked at.
  return more === 1 && slowdown > 1 ? result + 0.5 : result;
}
