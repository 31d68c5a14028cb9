import { nowNs } from './clock.ts';
import type { LaneAssignment, LaneError, LaneId, Nanoseconds, Ran, Task, TaskContext, TaskReply } from './contract.ts';
import { callHook, callHookNow, describeError } from './describe-error.ts';
import { digestOf, unfinishedKind } from './digest.ts';
import { loadWorkload } from './load-workload.ts';
import { movedBy, noteTransfer } from './movable.ts';
import { isScalar, isThenable } from './value-kinds.ts';
import { traced } from './trace.ts';
import { createTurns } from './turns.ts';
import { fromWire, wireReply, type LaneReply, type WireReply } from './wire.ts';

export interface Lane {
  /** 0-based, within the strategy. */
  readonly index: number;
  /**
   * Runs a task; returns no promise if the task does not, so that no promise is added to the cost of a no-op.
   *
   * @param pack makes the reply for a finished task of whose output nothing is verified or moved
   */
  readonly run: <Packed>(given: Given, pack: Pack<Packed>) => Ended<Packed> | Promise<Ended<Packed>>;
  /** Runs the task and records when it ran and when it waited. */
  readonly trace: (given: Given) => Promise<TaskReply>;
  /** Calls the task at once, like an async function, with its own signal; its error is not converted. */
  readonly call: (input: unknown, signal: AbortSignal | undefined) => Promise<Called>;
  /** Runs the workload's teardown, once, and returns its error, since the work has been measured before. */
  readonly close: () => Promise<LaneError | undefined>;
}

/** The end of a task that was called outside a batch, and when it ran. */
interface Called {
  readonly settled: PromiseSettledResult<unknown>;
  readonly ran: Ran;
}

/** The fields of a task that a lane needs; the index is only passed to `onStart`. */
type Given = Pick<Task, 'input' | 'verified'> & Partial<Pick<Task, 'index'>>;

type Pack<Packed> = (lane: number, startedNs: Nanoseconds, finishedNs: Nanoseconds, output: unknown) => Packed;
type Ended<Packed> = Packed | LaneReply;

/**
 * Loads the workload into this lane and runs its setup. The returned lane is the only code that runs a task: the main
 * thread, worker threads and child processes differ only in how a task reaches it.
 *
 * @param onStart called with the index of each task that starts, if the task has one
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
  // Called as methods of the export, so that each finds its `this`.
  const methods = workload as Methods;
  // With one task at a time, no task has to wait for its turn.
  const turns = assignment.concurrency > 1 ? createTurns() : undefined;
  /** Tasks whose promises have not settled. */
  let pending = 0;
  let closing: Promise<LaneError | undefined> | undefined;

  function run<Packed>(given: Given, pack: Pack<Packed>): Ended<Packed> | Promise<Ended<Packed>> {
    // Alone, a task has nothing to take turns with.
    const isAlone = turns === undefined || (pending === 0 && turns.areIdle());
    return isAlone ? runNow(given, pack) : turns.next().then(() => runNow(given, pack));
  }

  function runNow<Packed>(
    { input, verified, index }: Given,
    pack: Pack<Packed>,
  ): Ended<Packed> | Promise<Ended<Packed>> {
    if (index !== undefined) onStart?.(index);
    const startedNs = nowNs();
    try {
      const output = methods.task(input, context);
      // Nothing to check or to move: the calls that do so take time that is measured with short tasks.
      if (!verified && isScalar(output)) return pack(lane.index, startedNs, nowNs(), output);
      if (!isThenable(output)) return toReply(startedNs, output, verified, pack);
      pending += 1;
      return Promise.resolve(output)
        .then(
          (value) => {
            pending -= 1;
            return toReply(startedNs, value, verified, pack);
          },
          (thrown: unknown) => {
            pending -= 1;
            return failed(thrown);
          },
        )
        .catch(failed);
    } catch (thrown) {
      return failed(thrown);
    }
  }

  async function trace({ input, verified, index }: Given): Promise<TaskReply> {
    await turns?.next();
    if (index !== undefined) onStart?.(index);
    const startedNs = nowNs();
    // Async, so that a synchronous error becomes a rejection.
    const { result, runs } = traced(async () => methods.task(input, context));
    try {
      return { ...fromWire(toReply(startedNs, await result, verified, wireReply)), runs: runs() };
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

  function toReply<Packed>(
    startedNs: Nanoseconds,
    output: unknown,
    isVerified: boolean,
    pack: Pack<Packed>,
  ): Packed | WireReply {
    const finishedNs = nowNs();
    const moved = movedBy(output);
    const value = moved === undefined ? output : moved.value;
    // Checked even if not verified: a worker could not send it, and the main thread must not measure work never done.
    const unfinished = unfinishedKind(value);
    if (unfinished !== undefined) throw notComputed(unfinished);
    if (typeof value === 'function' || typeof value === 'symbol') throw notData(typeof value);
    if (moved === undefined && !isVerified) return pack(lane.index, startedNs, finishedNs, value);
    const text = isVerified ? digestOf(compared(value)) : null;
    const reply = [lane.index, startedNs, finishedNs, isVerified ? nowNs() : finishedNs, text, value] as const;
    if (moved !== undefined) noteTransfer(reply, moved.transfer);
    return reply;
  }

  /** The part of an output that must be equal in every configuration. */
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

/** The functions of a workload, as a lane calls them: inputs, outputs and states have unknown types. */
interface Methods {
  task(input: unknown, context: TaskContext): unknown;
  digest?(output: unknown): unknown;
  teardown?(state: unknown): unknown;
}

/** Runs a task in a lane, traced if the task requests it. */
export function runTask(lane: Lane, task: Task): LaneReply | Promise<LaneReply> {
  return task.traced ? lane.trace(task) : lane.run(task, wireReply);
}

// Taken before any workload is loaded, which could patch timers and distort the measurement.
const nextTurn = setImmediate;

function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}

function notData(what: string): TypeError {
  return new TypeError(`the output of the task is a ${what}, which can be neither compared nor sent: return data`);
}

function notComputed(what: string): TypeError {
  return new TypeError(
    `the output of the task is ${what}, which has not been computed yet: return the data itself, for example ${/async/.test(what) ? 'collected with `for await`' : '`[...values]`'}`,
  );
}
