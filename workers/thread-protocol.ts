/** Messages and memory that the host shares with the threads of its Piscina pool, besides tasks. */
import type { LaneAssignment, LaneError } from './contract.ts';

/** Distance between the counters of two threads: on one cache line, they would slow each other down. */
export const BUSY_STRIDE = 16;

export interface ThreadAssignment extends LaneAssignment {
  /** One shared counter, from which each thread takes its lane index. */
  readonly nextIndex: Int32Array;
  /**
   * Shared, by lane: the number of running tasks, and next to it the number, from 1, of the announced task that started
   * last. Read only when a batch is late or a task is cancelled.
   */
  readonly busy: Int32Array;
  /** Name of the BroadcastChannel on which each thread reports once that it is ready, or why not. */
  readonly channel: string;
}

export interface ThreadOpened {
  readonly index: number;
  readonly threadId: number;
  readonly error?: LaneError;
}
