import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { LaneError, Task, TaskReply, Transferable } from '../../workers/contract.ts';
import { describeError, dispatchError } from '../../workers/describe-error.ts';
import type { OnceAssignment, OnceReply } from '../../workers/thread-once.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { LaneEndedError, threadEnded, uncaught } from './lane-ended-error.ts';
import { laneForEach } from './per-task.ts';
import type { OpenStrategy } from './strategy.ts';

const ONCE_FILE = new URL('../../workers/thread-once.js', import.meta.url);

/** No pool: every task starts a worker thread and waits for its end, at most `poolSize` of them at once. */
export const openThreadPerTask: OpenStrategy = async (assignment, settings) => {
  const teardownErrors: LaneError[] = [];

  async function runOne(task: Task, slot: number, signal?: AbortSignal): Promise<TaskReply> {
    // A separate channel, since the workload may use or close `parentPort`.
    const { port1: here, port2: there } = new MessageChannel();
    try {
      const worker = start({ assignment, slot, task, port: there }, settings.transferOf?.(task.input) ?? []);
      signal?.addEventListener('abort', () => void worker.terminate());
      const exitCode = await ended(worker, slot);
      // Sent before the thread ended, so it has arrived; the exit code does not matter then.
      const answer = receiveMessageOnPort(here)?.message as OnceReply | undefined;
      if (answer === undefined) throw new LaneEndedError(slot, threadEnded(slot, exitCode));
      if (answer.teardownError !== undefined) teardownErrors.push(answer.teardownError);
      return answer.reply;
    } finally {
      here.close();
    }
  }

  return {
    ...laneForEach('thread', settings, runOne),
    usage: async () => NO_USAGE,
    processIds: () => [],
    close: async () => teardownErrors,
  };
};

function start(workerData: OnceAssignment, moved: readonly Transferable[]): Worker {
  try {
    return new Worker(ONCE_FILE, { workerData, transferList: [workerData.port, ...moved] });
  } catch (thrown) {
    throw dispatchError(thrown);
  }
}

/** The exit code of the thread. @throws LaneEndedError if an uncaught error ends it */
async function ended(worker: Worker, lane: number): Promise<number> {
  // `once` rejects when the thread reports an error before its exit.
  const exit = once(worker, 'exit').catch((thrown: unknown) => {
    throw new LaneEndedError(lane, uncaught(describeError(thrown), 'thread'));
  });
  const [exitCode] = (await exit) as [number];
  return exitCode;
}
