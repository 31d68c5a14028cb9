import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { ServedRecord } from '../lanes/strategy.ts';
import type { Nanoseconds } from '../../workers/contract.ts';

// Read before any workload is loaded, so that patched timers cannot distort the measurement.
const later = setTimeout;
const nextTurn = setImmediate;

/** Time before the first arrival, in which everything is made that the window needs. */
const LEAD_MS = 5;

/** A window: tasks arrive at given times, whether or not earlier ones are done. */
export interface Window {
  /** When each task arrives, in ms since the start of the window, ascending. */
  readonly dueMs: readonly number[];
  /** With this many unfinished tasks it is overloaded: nothing more is submitted. */
  readonly mostUnfinished: number;
}

/** The times of one task and its record. Every time is that of the clock that all processes of a machine share. */
export interface Request<Result = ServedRecord> {
  readonly dueNs: Nanoseconds;
  /** When it was handed to the strategy, or its request sent: later than due if the event loop was blocked. */
  readonly acceptedNs: Nanoseconds;
  readonly record: Result;
}

export interface RunWindow<Result = ServedRecord> {
  readonly startNs: Nanoseconds;
  /** In the order of arrival; those that were not submitted are missing. */
  readonly requests: readonly Request<Result>[];
}

/** Time at which a window starts that is made now. */
export function nextStartNs(): Nanoseconds {
  return nowNs() + LEAD_MS * NS_PER_MS;
}

/**
 * Submits each task when it is due, or as soon afterwards as the event loop lets it: a loop that is blocked is late, and
 * that counts against what blocks it. Waits until all are done.
 *
 * @param taskOf the task of an arrival
 * @param serve runs it, and never rejects
 * @param signal aborted, it ends the window as if too much were unfinished
 */
export function runWindow<Task, Result>(
  { dueMs, mostUnfinished }: Window,
  taskOf: (arrival: number) => Task,
  serve: (task: Task) => Promise<Result>,
  { startNs = nextStartNs(), signal }: { readonly startNs?: Nanoseconds; readonly signal?: AbortSignal } = {},
): Promise<RunWindow<Result>> {
  const requests: Request<Result>[] = [];
  let next = 0;
  let unfinished = 0;
  let isOverloaded = false;

  return new Promise((resolve) => {
    async function submit(arrival: number, dueNs: Nanoseconds): Promise<void> {
      const acceptedNs = nowNs();
      unfinished += 1;
      const record = await serve(taskOf(arrival));
      requests[arrival] = { dueNs, acceptedNs, record };
      unfinished -= 1;
      endIfDone();
    }

    function endIfDone(): void {
      if (unfinished === 0 && (isOverloaded || next === dueMs.length)) resolve({ startNs, requests });
    }

    function turn(): void {
      const due = dueMs[next];
      if (due === undefined) return;
      const dueNs = startNs + due * NS_PER_MS;
      const leftMs = (dueNs - nowNs()) / NS_PER_MS;
      if (leftMs > 0) {
        later(turn, leftMs);
        return;
      }
      if (unfinished >= mostUnfinished || signal?.aborted === true) {
        isOverloaded = true;
        endIfDone();
        return;
      }
      void submit(next, dueNs);
      next += 1;
      // One at a time, so that results which have arrived meanwhile are seen when they arrive.
      nextTurn(turn);
    }

    if (dueMs.length === 0) resolve({ startNs, requests });
    else turn();
  });
}
