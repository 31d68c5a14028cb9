import { nowNs } from '../../../workers/clock.ts';
import type { LaneAssignment, TaskContext } from '../../../workers/contract.ts';
import { callHook } from '../../../workers/describe-error.ts';
import { loadWorkload } from '../../../workers/load-workload.ts';
import { traced } from '../../../workers/trace.ts';
import { yieldToLoop } from '../../../workers/yield-to-loop.ts';
import type { Ended, Lanes, LessonTask } from './lanes.ts';

/**
 * Coroutines on the event loop of this thread: each is called at once, as JavaScript calls an async function, with the signal that
 * it was started with, and what it throws is what arrives.
 */
export async function openMainLoop({ workload, params, services, cell }: LaneAssignment): Promise<Lanes> {
  const code = await loadWorkload(workload);
  const never = new AbortController().signal;
  const lane = { kind: 'main', index: 0 } as const;
  const state: unknown = await callHook('setup', () => code.setup?.({ params, services, lane, cell }));

  async function run({ input }: LessonTask, signal: AbortSignal | undefined): Promise<Ended> {
    const context: TaskContext = {
      params,
      services,
      lane,
      cell,
      state,
      signal: signal ?? never,
      yieldToLoop,
    };
    const startedNs = nowNs();
    const { result, runs } = traced(async () => code.task(input as never, context));
    try {
      const output = await result;
      return { outcome: 'done', output, lane: 0, ran: { startedNs, finishedNs: nowNs(), runs: runs() } };
    } catch (error) {
      const outcome = isCancelled(error, signal) ? 'cancelled' : 'failed';
      return { outcome, error, lane: 0, ran: { startedNs, finishedNs: nowNs(), runs: runs() } };
    }
  }

  return {
    run,
    lanesLost: async () => 0,
    close: async () => {
      await callHook('teardown', () => code.teardown?.(state as never));
    },
  };
}

/** What listens to a signal throws its reason, or an AbortError of its own; anything else is a failure, however late. */
function isCancelled(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted !== true) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
