/** Configurations to choose among: the event loop, and pools of threads beside it. */
import type { CellSpec } from './results.js';

/** The options of a choice among the cells below. */
export const OPTIONS = { baseline: 'loop', minEffectLog: Math.log(1.05), alpha: 0.05 };
const BLOCKS = 12;

/** Wall times around a value, the same wobble for every cell. */
export const around = (wallMs: number, blocks = BLOCKS): number[] =>
  Array.from({ length: blocks }, (_, block) => wallMs * (1 + (block % 3) * 0.01));

export const LOOP: CellSpec = { id: 'loop', wallsMs: around(100) };
export const threads = (poolSize: number, wallsMs: readonly number[], rest: Partial<CellSpec> = {}): CellSpec => ({
  id: `threads@${poolSize}`,
  strategy: 'worker-threads',
  poolSize,
  wallsMs,
  ...rest,
});
