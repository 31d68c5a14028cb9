/** Changes between two runs. */
import type { CellOfGroup } from './cell-id.ts';
import type { Comparison, Verdict } from './results.ts';

/** Changes between a run and earlier ones, as `lanewise compare --json` prints them. */
export interface RunComparison {
  readonly schema: 'lanewise/comparison@1';
  /**
   * Load measurements were compared: a `cell` is a configuration at a rate, and its speedup that of the latency; or a
   * configuration, and its speedup that of the rate that it holds.
   */
  readonly of?: 'load';
  /** The latest of the earlier runs. */
  readonly old: RunFacts;
  /** All earlier runs, the latest last. */
  readonly olds: readonly RunFacts[];
  readonly new: RunFacts;
  /** Minimum effect, as a fraction: `same` is shown to differ by less. */
  readonly minEffect: number;
  readonly changes: readonly Change[];
  /** The parts of each cell’s id, with the title of its workload. */
  readonly configurations: readonly (CellOfGroup & { readonly cell: string; readonly title: string })[];
  /** Cells that cannot be compared, with the reason. */
  readonly notComparable: readonly { readonly cell: string; readonly because: NotComparable }[];
  /** Differences around the two runs that can themselves change results. */
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
  /** Present if it was interrupted: it may not have reached every configuration. */
  readonly complete?: false;
}

export type NotComparable =
  /** Only one of the runs has the cell. */
  | 'only-old'
  | 'only-new'
  /** The cell failed in the new run, or in the old one. */
  | 'failed-before'
  | 'failed-now'
  /** A verdict was withheld in one of the runs: cached results, work that is not awaited, CPUs that others took. */
  | 'withheld'
  /** Its batches have a different number of tasks. */
  | 'other-batch'
  /** The arrivals of two load measurements differ, or the quantile that is judged. */
  | 'other-load'
  /** In a load measurement, tasks piled up, or too many had no result: no ratio describes that. */
  | 'overloaded'
  /** The driver of one of the load measurements was late in more than a quarter of the windows that decide. */
  | 'driver-limited'
  /** The rate that is held lies beyond those measured, in more than a quarter of the blocks. */
  | 'beyond'
  /** Too few blocks for an interval at this level. */
  | 'too-few-blocks';

/** One cell in both runs. */
export interface Change {
  readonly cell: string;
  /** Speedup of the new run over the old ones, from blocks that are not paired. */
  readonly speedup: Comparison['speedup'];
  /** `inconclusive` with fewer than three earlier runs: how much runs differ by themselves is unknown. */
  readonly verdict: Verdict;
  /** The verdict as it looks with fewer than three earlier runs, which show nothing. */
  readonly looks?: Exclude<Verdict, 'inconclusive'>;
  /** Number of earlier runs that it was compared with. */
  readonly oldRuns: number;
  readonly blocks: { readonly old: number; readonly new: number };
  /**
   * Factor by which the machine itself may have changed, in either direction; null: not measured. It widens the CI of
   * fewer than three earlier runs.
   */
  readonly drift: number | null;
  /**
   * CPUs that other programs used in the earlier run and in this one, if that differs too much for a verdict; on a machine
   * that joined, with its name.
   */
  readonly otherCpus?: { readonly old: number; readonly new: number; readonly machine?: string };
  /** With the same seed, the new code returned different outputs. */
  readonly otherResults: boolean;
}

/** How much slower something must be to fail a comparison, as a fraction. */
export type FailOn = number | 'never';
