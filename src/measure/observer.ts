import type { Sample } from '../model.ts';

/** Who watches a measurement. Called between batches only: while one runs, the orchestrator does nothing. */
export interface Observer {
  /** Aborted when the user wants the run to end: the batch in hand is finished first. */
  readonly signal: AbortSignal;
  readonly measured: (cell: string, sample: Sample) => void;
  readonly blockDone: (group: string, done: number, blocks: number) => void;
}
