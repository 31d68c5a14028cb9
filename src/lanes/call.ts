import { nowNs } from '../../workers/clock.ts';
import type { Nanoseconds, Ran, Task, TaskReply } from '../../workers/contract.ts';
import { errorFrom } from '../../workers/describe-error.ts';
import { orAborted } from '../../workers/deferred.ts';
import { lostReply } from './lane-ended-error.ts';

/** A task outside a batch: it may fail without failing others, and can be cancelled. */
export type CalledTask = Pick<Task, 'index' | 'input'>;

/** The end of such a task. `ran` is undefined if it never reached a lane. */
export type CallEnd =
  | { readonly outcome: 'done'; readonly output: unknown; readonly lane: number; readonly ran: Ran }
  | { readonly outcome: 'failed'; readonly error: unknown; readonly lane?: number; readonly ran?: Ran }
  | { readonly outcome: 'cancelled'; readonly error: unknown; readonly lane?: number; readonly ran?: Ran };

/** The task as a lane gets it: recorded, not verified. */
export function asTask({ index, input }: CalledTask): Task {
  return { index, input, traced: true, verified: false };
}

/**
 * Waits for the end of a task in a thread or process. An aborted task is cancelled at once: it can only be ended with
 * its lane.
 *
 * @param begin dispatches it, and settles when it is done or its lane is gone
 * @param endLane called on abort; settles when the lane is gone
 */
export async function endOrCancelled(
  lane: number,
  signal: AbortSignal | undefined,
  begin: () => Promise<TaskReply>,
  endLane: (gone: Promise<unknown>) => void,
): Promise<CallEnd> {
  if (signal?.aborted === true) return { outcome: 'cancelled', error: signal.reason };
  const startedNs = nowNs();
  const ended = begin().then(endOf, (thrown: unknown) => endOf(lostReply(thrown)));
  return orAborted(ended, signal, () => {
    endLane(ended);
    return cancelledIn(lane, signal?.reason, startedNs);
  });
}

/** The end that a thread or process replied. Of an error, its name, message and stack have arrived. */
export function endOf(reply: TaskReply): CallEnd {
  if (reply.status === 'ok') {
    const { lane, output, startedNs, finishedNs, runs = [] } = reply;
    return { outcome: 'done', output, lane, ran: { startedNs, finishedNs, runs } };
  }
  const ran = reply.status === 'failed' ? reply.ran : undefined;
  return {
    outcome: 'failed',
    error: errorFrom(reply.error),
    ...(reply.lane !== undefined && { lane: reply.lane }),
    ...(ran !== undefined && { ran }),
  };
}

/** The end of a task that was cancelled with its lane: only the time of its dispatch is known. */
export function cancelledIn(lane: number | undefined, error: unknown, startedNs: Nanoseconds): CallEnd {
  if (lane === undefined) return { outcome: 'cancelled', error };
  return { outcome: 'cancelled', error, lane, ran: { startedNs, finishedNs: nowNs(), runs: [] } };
}
