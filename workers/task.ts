import { nowNs } from './clock.ts';
import type { LaneAssignment, LaneId, Task, TaskContext, TaskReply } from './contract.ts';
import { describeError } from './describe-error.ts';
import { digestOf } from './digest.ts';
import { loadWorkload } from './load-workload.ts';
import { traced } from './trace.ts';
import { createTurns } from './turns.ts';

export interface Lane {
  readonly runTask: (task: Task) => Promise<TaskReply>;
  /** Runs the workload's teardown; the first call does, later ones wait for it. */
  readonly close: () => Promise<void>;
}

/**
 * Loads the workload into this lane and runs its setup. The lane that comes back is THE code that runs a task:
 * the main loop, threads and child processes differ only in how a task reaches it.
 */
export async function openLane(assignment: LaneAssignment, lane: LaneId): Promise<Lane> {
  const { params, services, cell } = assignment;
  const workload = await loadWorkload(assignment.workload);
  const state: unknown = await workload.setup?.({ params, services, lane, cell });
  const abort = new AbortController();
  const context: TaskContext = { params, services, lane, cell, state, signal: abort.signal, yieldToLoop };
  const task = workload.task as (input: unknown, context: TaskContext) => unknown;
  const digest = workload.digest as ((output: unknown) => unknown) | undefined;
  const teardown = workload.teardown as ((state: unknown) => unknown) | undefined;
  const turn = createTurns();
  let closing: Promise<void> | undefined;

  async function runTask({ index, input, traced: isTraced }: Task): Promise<TaskReply> {
    await turn();
    const startedNs = nowNs();
    let finishedNs = startedNs;
    let runs: (() => [number, number][]) | undefined;
    try {
      let output: unknown;
      if (isTraced) {
        const trace = traced(() => task(input, context));
        output = trace.result;
        runs = trace.runs;
      } else {
        output = task(input, context);
      }
      if (isThenable(output)) output = await output;
      finishedNs = nowNs();
      const text = digestOf(digest === undefined ? output : digest(output));
      const stamps = { index, lane, startedNs, finishedNs, digestedNs: nowNs() };
      const reply = { ...stamps, status: 'ok', digest: text, output } as const;
      return runs === undefined ? reply : { ...reply, runs: runs() };
    } catch (thrown) {
      const failedNs = nowNs();
      finishedNs = finishedNs === startedNs ? failedNs : finishedNs;
      return {
        index,
        lane,
        startedNs,
        finishedNs,
        digestedNs: failedNs,
        status: 'failed',
        error: describeError(thrown),
      };
    }
  }

  async function closeOnce(): Promise<void> {
    abort.abort();
    await teardown?.(state);
  }

  return { runTask, close: () => (closing ??= closeOnce()) };
}

const nextTurn = setImmediate;

function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
