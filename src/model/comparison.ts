/** What changed between two runs. */
import type { Comparison, Verdict } from './results.ts';

/** What changed between two runs, as `lanewise compare --json` prints it. */
export interface RunComparison {
  readonly schema: 'lanewise/comparison@1';
  readonly old: RunFacts;
  readonly new: RunFacts;
  /** Smaller differences count as the same, as a fraction. */
  readonly minEffect: number;
  readonly changes: readonly Change[];
  /** Cells that cannot be held against each other, and why. */
  readonly notComparable: readonly { readonly cell: string; readonly because: NotComparable }[];
  /** What was not the same around the two runs and changes results. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** `UV_THREADPOOL_SIZE`, `NODE_OPTIONS`, `Node`, `CPU quota` … */
  readonly what: string;
  /** Null: not set, or no limit. */
  readonly old: number | string | null;
  readonly new: number | string | null;
}

export interface RunFacts {
  readonly startedAt: string;
  readonly node: string;
  readonly seed: number;
  /** There if it was interrupted: it may not have reached every configuration. */
  readonly complete?: false;
}

export type NotComparable =
  /** Only one of the runs has it. */
  | 'only-old'
  | 'only-new'
  /** It failed in the old run, or in the new one. */
  | 'failed-before'
  | 'failed-now'
  /** What one of the runs timed was not the work (results that are kept, work that is not awaited): its verdict was withheld. */
  | 'withheld'
  /** Its batches have another number of tasks. */
  | 'other-batch'
  /** Too few blocks for an interval at this level. */
  | 'too-few-blocks';

/** One cell in both runs. */
export interface Change {
  readonly cell: string;
  /** How many times as fast the new run is, from blocks that have nothing in common. */
  readonly speedup: Comparison['speedup'];
  readonly verdict: Verdict;
  readonly blocks: { readonly old: number; readonly new: number };
  /** By what factor, either way, the machine itself may have changed; null: not measured. It widens the interval. */
  readonly drift: number | null;
  /** With the same seed, the new code gave other results. */
  readonly otherResults: boolean;
}

/** By which fraction something must be slower to fail a comparison. */
export type FailOn = number | 'never';
