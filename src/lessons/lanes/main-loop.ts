import { nowNs } from '../../../workers/clock.ts';
import type { LaneAssignment, TaskContext } from '../../../workers/contract.ts';
import { loadWorkload } from '../../../workers/load-workload.ts';
import { traced } from '../../../workers/trace.ts';
import type { Ended, Lanes, LessonTask } from './lanes.ts';

/**
 * Coroutines on the event loop of this thread: each is called at once, as JavaScript calls an async function, with the signal that
 * it was started with, and what it throws is what arrives.
 */
export async function openMainLoop({ workload, params, services, cell }: LaneAssignment): Promise<Lanes> {
  const { task } = await loadWorkload(workload);
  const call = task as (input: unknown, context: TaskContext) => unknown;
  const never = new AbortController().signal;
  const lane = { kind: 'main', index: 0 } as const;

  async function run({ input }: LessonTask, signal: AbortSignal | undefined): Promise<Ended> {
    const context: TaskContext = {
      params,
      services,
      lane,
      cell,
      state: undefined,
      signal: signal ?? never,
      yieldToLoop,
    };
    const startedNs = nowNs();
    const { result, runs } = traced(async () => call(input, context));
    try {
      const output = await result;
      return { outcome: 'done', output, lane: 0, ran: { startedNs, finishedNs: nowNs(), runs: runs() } };
    } catch (error) {
      const outcome = signal?.aborted === true ? 'cancelled' : 'failed';
      return { outcome, error, lane: 0, ran: { startedNs, finishedNs: nowNs(), runs: runs() } };
    }
  }

  return { run, lanesLost: async () => 0, close: async () => undefined };
}

function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
