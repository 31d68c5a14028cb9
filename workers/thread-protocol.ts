/** What passes between the host and the threads of its Piscina pool, beside tasks. */
import type { LaneAssignment, LaneError } from './contract.ts';

/** Numbers that threads share and write for every task lie this far apart: on one cache line, each would wait for the other. */
export const BUSY_STRIDE = 16;

export interface ThreadAssignment extends LaneAssignment {
  /** One shared number: each thread takes its lane index from it. */
  readonly nextIndex: Int32Array;
  /**
   * Shared, by lane: how many tasks it has under way; beside it, the number of the announced task that began last, from 1. Read when
   * a batch is late or a task is cancelled, so nothing waits for it.
   */
  readonly busy: Int32Array;
  /** The name of the BroadcastChannel on which each thread says once that it is ready, or why not. */
  readonly channel: string;
}

export interface ThreadOpened {
  readonly index: number;
  readonly threadId: number;
  readonly error?: LaneError;
}
