import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { ServedRecord } from '../lanes/strategy.ts';
import type { Nanoseconds } from '../../workers/contract.ts';
import type { Metronome } from './metronome.ts';

// Read before any workload is loaded, so that patched timers cannot distort the measurement.
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
 * @param pace its signal, aborted, ends the window as if too much were unfinished
 */
export function runWindow<Task, Result>(
  { dueMs, mostUnfinished }: Window,
  taskOf: (arrival: number) => Task,
  serve: (task: Task) => Promise<Result>,
  { metronome, startNs = nextStartNs(), signal }: Pace,
): Promise<RunWindow<Result>> {
  const dues = Float64Array.from(dueMs, (due) => startNs + due * NS_PER_MS);
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
      if (unfinished > 0 || !(isOverloaded || next === dues.length)) return;
      stop();
      resolve({ startNs, requests });
    }

    /** Set while a turn is to come, so that beats which come meanwhile do not add another. */
    let isTurning = false;

    function turn(): void {
      const dueNs = dues[next];
      isTurning = dueNs !== undefined && dueNs <= nowNs();
      if (dueNs === undefined || !isTurning) return;
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

    const stop = metronome.start(dues, () => {
      if (!isTurning) turn();
    });
    endIfDone();
  });
}

/** When a window begins, and what wakes its event loop. */
export interface Pace {
  readonly metronome: Metronome;
  readonly startNs?: Nanoseconds;
  readonly signal?: AbortSignal;
}
