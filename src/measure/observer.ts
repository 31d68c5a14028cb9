import type { Sample } from '../model.ts';

/** Who watches a measurement. Called between batches only: while one runs, the orchestrator does nothing. */
export interface Observer {
  /** Aborted when the user wants the run to end: the batch in hand is finished first. */
  readonly signal: AbortSignal;
  readonly measured: (cell: string, sample: Sample) => void;
  readonly blockDone: (block: BlockDone) => void;
}

export interface BlockDone {
  /** The workload's name. */
  readonly group: string;
  /** How many of its blocks are done, of how many. */
  readonly done: number;
  readonly blocks: number;
  /** How many batches the plan has for this block; fewer were run if a cell has failed. */
  readonly batches: number;
}
