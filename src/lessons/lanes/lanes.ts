import type { LaneAssignment, Nanoseconds, Ran, TaskReply } from '../../../workers/contract.ts';

/**
 * Where the tasks of a lesson run: the lanes of the strategies, given one task at a time, so that each task is a promise, that it
 * may fail without failing the others, and that it can be cancelled. A strategy knows batches only.
 */
export interface Lanes {
  /** Never rejects. */
  readonly run: (task: LessonTask, signal: AbortSignal | undefined) => Promise<Ended>;
  /** How many lanes were ended with a task that was cancelled, once they have. */
  readonly lanesLost: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export type OpenLanes = (assignment: LaneAssignment, poolSize: number) => Promise<Lanes>;

export interface LessonTask {
  readonly index: number;
  readonly input: unknown;
}

/** How a task ended. `ran` is undefined if it never reached a lane. */
export type Ended =
  | { readonly outcome: 'done'; readonly output: unknown; readonly lane: number; readonly ran: Ran }
  | { readonly outcome: 'failed'; readonly error: unknown; readonly lane?: number; readonly ran?: Ran }
  | { readonly outcome: 'cancelled'; readonly error: unknown; readonly lane?: number; readonly ran?: Ran };

/** What a thread or a process answered. An error has crossed a boundary: its name, message and stack have arrived. */
export function endedOf(reply: TaskReply): Ended {
  switch (reply.status) {
    case 'ok': {
      const { lane, output, startedNs, finishedNs, runs = [] } = reply;
      return { outcome: 'done', output, lane, ran: { startedNs, finishedNs, runs } };
    }
    case 'failed':
    case 'lost': {
      const { name, message, stack } = reply.error;
      const error = Object.assign(new Error(message), { name, ...(stack !== undefined && { stack }) });
      const ran = 'ran' in reply ? reply.ran : undefined;
      return {
        outcome: 'failed',
        error,
        ...(reply.lane !== undefined && { lane: reply.lane }),
        ...(ran !== undefined && { ran }),
      };
    }
    default:
      return reply satisfies never;
  }
}

/** Of a task whose lane was ended for its sake: when it was handed over is known, and nothing of what it did since. */
export function cancelledIn(
  lane: number | undefined,
  error: unknown,
  startedNs: Nanoseconds,
  nowNs: Nanoseconds,
): Ended {
  if (lane === undefined) return { outcome: 'cancelled', error };
  return { outcome: 'cancelled', error, lane, ran: { startedNs, finishedNs: nowNs, runs: [] } };
}
