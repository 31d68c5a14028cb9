/** A worker thread for one task: the lane of the `thread-per-task` strategy. */
import { workerData, type MessagePort } from 'node:worker_threads';
import type { LaneAssignment, LaneError, Task, TaskReply } from './contract.ts';
import { transferOf } from './movable.ts';
import { openLane, runTask } from './task.ts';
import { fromWire, notSent } from './wire.ts';

export interface OnceAssignment {
  readonly assignment: LaneAssignment;
  readonly slot: number;
  readonly task: Task;
  /** Receives the only reply. */
  readonly port: MessagePort;
}

export interface OnceReply {
  readonly reply: TaskReply;
  readonly teardownError?: LaneError;
}

const { assignment, slot, task, port } = workerData as OnceAssignment;
// Taken before a workload can replace it.
const exit = process.exit.bind(process);
const immediately = setImmediate;
const lane = await openLane(assignment, { kind: 'thread', index: slot });
const answered = await runTask(lane, task);
await turn();
const reply = fromWire(answered);
const teardownError = await lane.close();
answer({ reply, ...(teardownError !== undefined && { teardownError }) });
// An open handle of the task (a server, a timer) must not keep the thread alive. With an explicit code, since the task
// may have set `process.exitCode`.
exit(0);

/** Lets a rejection that the task left unhandled end this thread, as it would one that goes on. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    immediately(resolve);
  });
}

function answer(message: OnceReply): void {
  try {
    port.postMessage(message, transferOf(answered) ?? []);
  } catch (thrown) {
    port.postMessage({ ...message, reply: notSent(slot, thrown) } satisfies OnceReply);
  }
}
