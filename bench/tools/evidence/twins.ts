/** Six twins of each strategy: four that are identical, and two that are slowed down by what they do. */
const SLOWDOWNS: Readonly<Record<string, number>> = { 5: 1.05, 6: 1.1 };

/** Pairs of twins, by number, that are compared; a cell is in one pair of identical ones at most. */
export const PAIRS = [
  { slowdown: 1, twins: [1, 2] },
  { slowdown: 1, twins: [3, 4] },
  { slowdown: 1.05, twins: [1, 5] },
  { slowdown: 1.1, twins: [3, 6] },
] as const;

export const TWINS = [1, 2, 3, 4, 5, 6] as const;

/** How many times as much a cell has to do. @param cell its id: twins end in `#2`, `#3` and so on */
export function slowdownOf(cell: string): number {
  return SLOWDOWNS[/#(\d+)$/.exec(cell)?.[1] ?? ''] ?? 1;
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
