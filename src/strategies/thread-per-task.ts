import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LaneError, Task, TaskReply } from '../../workers/contract.ts';
import type { OnceAssignment, OnceReply } from '../../workers/thread-once.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { feed } from './feed.ts';
import type { OpenStrategy } from './strategy.ts';

const ONCE_FILE = new URL('../../workers/thread-once.js', import.meta.url);

/** No pool: every task starts a worker thread and waits for its end, `poolSize` of them alive at once. */
export const openThreadPerTask: OpenStrategy = async (assignment, { poolSize, transferOf }) => {
  const teardownErrors: LaneError[] = [];

  async function runOne(task: Task, slot: number): Promise<TaskReply> {
    const workerData: OnceAssignment = { assignment, slot, task };
    const worker = new Worker(ONCE_FILE, { workerData, transferList: [...(transferOf?.(task.input) ?? [])] });
    let answer: OnceReply | undefined;
    worker.on('message', (message: OnceReply) => {
      answer = message;
    });
    // `once` rejects when the thread reports an error before its exit.
    const [exitCode] = (await once(worker, 'exit')) as [number];
    if (answer === undefined)
      throw new Error(`the thread of lane ${slot} ended with exit code ${exitCode} and no result`);
    if (answer.teardownError !== undefined) teardownErrors.push(answer.teardownError);
    return answer.reply;
  }

  return {
    laneKind: 'thread',
    keepsLanes: false,
    run: (tasks) => feed(tasks, poolSize, runOne),
    usage: async () => NO_USAGE,
    processIds: () => [],
    close: async () => teardownErrors,
  };
};
