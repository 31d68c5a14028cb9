import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LaneAssignment, Task, TaskReply, Transferable } from '../../workers/contract.ts';
import type { OnceAssignment } from '../../workers/thread-once.ts';
import { feed } from './feed.ts';
import type { OpenStrategy } from './strategy.ts';

const ONCE_FILE = new URL('../../workers/thread-once.js', import.meta.url);

/** No pool: every task starts a worker thread and waits for its end, `poolSize` of them alive at once. */
export const openThreadPerTask: OpenStrategy = async (assignment, { poolSize, transferOf }) => ({
  laneKind: 'thread',
  keepsLanes: false,
  run: (tasks) =>
    feed(tasks, poolSize, (task, slot) => runInThread(assignment, task, slot, transferOf?.(task.input) ?? [])),
  usage: async () => ({ cpuMs: 0, contextSwitches: { voluntary: 0, involuntary: 0 } }),
  processIds: () => [],
  close: async () => undefined,
});

async function runInThread(
  assignment: LaneAssignment,
  task: Task,
  slot: number,
  transfer: readonly Transferable[],
): Promise<TaskReply> {
  const workerData: OnceAssignment = { assignment, slot, task };
  const worker = new Worker(ONCE_FILE, { workerData, transferList: [...transfer] });
  let reply: TaskReply | undefined;
  worker.on('message', (message: TaskReply) => {
    reply = message;
  });
  // `once` rejects when the thread reports an error before its exit.
  const [exitCode] = (await once(worker, 'exit')) as [number];
  if (reply === undefined) throw new Error(`the thread of lane ${slot} ended with exit code ${exitCode} and no result`);
  return reply;
}
