import type { Params } from '../../workers/contract.ts';

/** Slowdowns of those of six twins that have more work, by kind. */
const SLOWDOWNS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  slowed: { 5: 1.05, 6: 1.1 },
  slight: { 5: 1.02, 6: 1.02 },
  effects: { 2: 1.02, 3: 1.05, 4: 1.1, 5: 1.5, 6: 2 },
};

export const TWINS = [1, 2, 3, 4, 5, 6] as const;

interface Pair {
  /** Factor by which the second has more work. */
  readonly slowdown: number;
  /** Numbers of the two twins. */
  readonly twins: readonly [number, number];
}

/** Pairs of twins to compare. No identical twin is in two pairs of identical ones. */
export const PAIRS: Readonly<Record<'slowed' | 'slight' | 'effects' | 'identical', readonly Pair[]>> = {
  slowed: [
    { slowdown: 1, twins: [1, 2] },
    { slowdown: 1, twins: [3, 4] },
    { slowdown: 1.05, twins: [1, 5] },
    { slowdown: 1.1, twins: [3, 6] },
  ],
  slight: [
    { slowdown: 1.02, twins: [1, 5] },
    { slowdown: 1.02, twins: [3, 6] },
  ],
  effects: [
    { slowdown: 1.02, twins: [1, 2] },
    { slowdown: 1.05, twins: [1, 3] },
    { slowdown: 1.1, twins: [1, 4] },
    { slowdown: 1.5, twins: [1, 5] },
    { slowdown: 2, twins: [1, 6] },
  ],
  identical: [
    { slowdown: 1, twins: [1, 2] },
    { slowdown: 1, twins: [3, 4] },
    { slowdown: 1, twins: [5, 6] },
  ],
};

export type TwinKind = keyof typeof PAIRS;

/** Factor by which a cell has more work. @param cell its id: twins end in `#2`, `#3` and so on */
export function slowdownOf({ cell, params }: { readonly cell: string; readonly params: Params }): number {
  const twin = /#(\d+)$/.exec(cell)?.[1] ?? '1';
  return SLOWDOWNS[String(params.twins)]?.[twin] ?? 1;
}

/** Computes with integers; the time is proportional to the steps. */
export function spin(steps: number): number {
  let state = 1;
  for (let step = 0; step < steps; step++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

/** Like `spin`, with additional work whose result is discarded. */
export function spinSlowed(steps: number, slowdown: number): number {
  const result = spin(steps);
  const more = spin(Math.round(steps * (slowdown - 1)));
  // The generator returns to 1 only after 2^32 steps; the comparison keeps the compiler from removing the work.
  return more === 1 && slowdown > 1 ? result + 0.5 : result;
}
