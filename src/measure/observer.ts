import type { GroupSnapshot } from '../model/measured.ts';
import type { Group } from '../model/plan.ts';
import type { Sample } from '../model/results.ts';

/** Who watches a measurement. Called between batches only: while one runs, the orchestrator does nothing. */
export interface Observer {
  /** Aborted when the user wants the run to end: the batch in hand is finished first. */
  readonly signal: AbortSignal;
  /** Everything has been tried out, and nothing measured yet: what a block of each group will take, about. */
  readonly tried?: (estimates: readonly GroupEstimate[]) => void;
  readonly measured: (cell: string, sample: Sample) => void;
  readonly blockDone: (block: BlockDone) => void;
  /** How far every group has come, whenever that can be gone on from. */
  readonly saved?: (groups: readonly GroupSnapshot[]) => void;
  /** No more blocks of this group will be measured, whether all of them were or not. */
  readonly groupDone: (group: Group) => void;
}

export interface GroupEstimate {
  /** With the number of tasks that was found. */
  readonly group: Group;
  readonly blockMs: number;
  /** Blocks that an earlier process has measured. */
  readonly done: number;
}

interface BlockDone {
  readonly group: Group;
  /** 0-based; one that was disturbed comes a second time. */
  readonly block: number;
}
