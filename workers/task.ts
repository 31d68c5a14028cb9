import { nowNs } from './clock.ts';
import type { LaneAssignment, LaneError, LaneId, Nanoseconds, Ran, Task, TaskContext, TaskReply } from './contract.ts';
import { callHook, callHookNow, describeError } from './describe-error.ts';
import { digestOf, unfinishedKind } from './digest.ts';
import { loadWorkload } from './load-workload.ts';
import { movedBy, noteTransfer } from './movable.ts';
import { isThenable } from './value-kinds.ts';
import { traced } from './trace.ts';
import { createTurns } from './turns.ts';
import { fromWire, type LaneReply, type WireReply } from './wire.ts';

export interface Lane {
  /** 0-based, within the strategy. */
  readonly index: number;
  /** Answers at once for a task that returns no promise: what a no-op costs is told from what it costs to reach it. */
  readonly run: (given: Given) => LaneReply | Promise<LaneReply>;
  /** Runs the task and records when it ran and when it waited. */
  readonly trace: (given: Given) => Promise<TaskReply>;
  /** Calls the task at once, as JavaScript calls an async function, with a signal of its own; what it throws is left as it is. */
  readonly call: (input: unknown, signal: AbortSignal | undefined) => Promise<Called>;
  /** Runs the workload's teardown, once, and answers what it threw: the work was done and measured before. */
  readonly close: () => Promise<LaneError | undefined>;
}

/** What became of a task that was called by itself, and when it ran. */
interface Called {
  readonly settled: PromiseSettledResult<unknown>;
  readonly ran: Ran;
}

/** What a lane must know of a task; its index is told to whoever watches. */
type Given = Pick<Task, 'input' | 'verified'> & Partial<Pick<Task, 'index'>>;

/**
 * Loads the workload into this lane and runs its setup. The lane that comes back is THE code that runs a task:
 * the main loop, threads and child processes differ only in how a task reaches it. `onStart` is told which task starts, where
 * the caller says so.
 */
export async function openLane(
  assignment: LaneAssignment,
  lane: LaneId,
  onStart?: (task: number) => void,
): Promise<Lane> {
  const { params, services, cell } = assignment;
  const workload = await loadWorkload(assignment.workload);
  const state: unknown = await callHook('setup', () => workload.setup?.({ params, services, lane, cell }));
  const abort = new AbortController();
  const context: TaskContext = { params, services, lane, cell, state, signal: abort.signal, yieldToLoop };
  // Called as methods of what the module exports, so that each finds its own `this`.
  const methods = workload as Methods;
  // With one task in flight nobody has to wait for a turn.
  const turn = assignment.concurrency > 1 ? createTurns() : undefined;
  let closing: Promise<LaneError | undefined> | undefined;

  function run(given: Given): LaneReply | Promise<LaneReply> {
    return turn === undefined ? runNow(given) : turn().then(() => runNow(given));
  }

  function runNow({ input, verified, index }: Given): LaneReply | Promise<LaneReply> {
    if (index !== undefined) onStart?.(index);
    const startedNs = nowNs();
    try {
      const output = methods.task(input, context);
      if (!isThenable(output)) return toReply(startedNs, output, verified);
      return Promise.resolve(output)
        .then((value): LaneReply => toReply(startedNs, value, verified))
        .catch(failed);
    } catch (thrown) {
      return failed(thrown);
    }
  }

  async function trace({ input, verified, index }: Given): Promise<TaskReply> {
    await turn?.();
    if (index !== undefined) onStart?.(index);
    const startedNs = nowNs();
    // Async, so that a task which throws at once rejects.
    const { result, runs } = traced(async () => methods.task(input, context));
    try {
      return { ...fromWire(toReply(startedNs, await result, verified)), runs: runs() };
    } catch (thrown) {
      const finishedNs = nowNs();
      return { ...failed(thrown), ran: { startedNs, finishedNs, runs: runs() } };
    }
  }

  async function call(input: unknown, signal: AbortSignal = abort.signal): Promise<Called> {
    const startedNs = nowNs();
    const { result, runs } = traced(async () => methods.task(input, { ...context, signal }));
    const [settled] = await Promise.allSettled([result]);
    return { settled, ran: { startedNs, finishedNs: nowNs(), runs: runs() } };
  }

  function toReply(startedNs: Nanoseconds, output: unknown, isVerified: boolean): WireReply {
    const finishedNs = nowNs();
    const moved = movedBy(output);
    const value = moved === undefined ? output : moved.value;
    // Whether it is verified or not: in a thread it could not be sent, and the main thread must not measure what was never computed.
    const unfinished = unfinishedKind(value);
    if (unfinished !== undefined) throw notData(unfinished);
    if (typeof value === 'function' || typeof value === 'symbol') throw noData(typeof value);
    const text = isVerified ? digestOf(compared(value)) : null;
    const reply = [lane.index, startedNs, finishedNs, isVerified ? nowNs() : finishedNs, text, value] as const;
    if (moved !== undefined) noteTransfer(reply, moved.transfer);
    return reply;
  }

  /** The part of an output that must be equal everywhere. */
  function compared(output: unknown): unknown {
    return methods.digest === undefined ? output : callHookNow('digest', () => methods.digest?.(output));
  }

  function failed(thrown: unknown): Extract<TaskReply, { status: 'failed' }> {
    return { status: 'failed', lane: lane.index, error: describeError(thrown) };
  }

  async function closeOnce(): Promise<LaneError | undefined> {
    abort.abort();
    try {
      await methods.teardown?.(state);
      return undefined;
    } catch (thrown) {
      return describeError(thrown);
    }
  }

  return { index: lane.index, run, trace, call, close: () => (closing ??= closeOnce()) };
}

/** What a lane calls, as it calls it: inputs, outputs and states are the workload's own. */
interface Methods {
  task(input: unknown, context: TaskContext): unknown;
  digest?(output: unknown): unknown;
  teardown?(state: unknown): unknown;
}

/** Runs a task in a lane, as it asks to be run. */
export function runTask(lane: Lane, task: Task): LaneReply | Promise<LaneReply> {
  return task.traced ? lane.trace(task) : lane.run(task);
}

// Taken before any workload is loaded, so that one which patches timers cannot bend the measurement.
const nextTurn = setImmediate;

function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}

function noData(what: string): TypeError {
  return new TypeError(`the output of the task is a ${what}, which can be neither compared nor sent: return data`);
}

function notData(what: string): TypeError {
  return new TypeError(
    `the output of the task is ${what}, of which nothing has been computed yet: return the data itself, for example \`[...values]\``,
  );
}
