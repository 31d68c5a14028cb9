/** A worker thread for one task: the lane of the `thread-per-task` strategy. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LaneAssignment, LaneError, Task, TaskReply } from './contract.ts';
import { openLane, runTask } from './task.ts';
import { fromWire } from './wire.ts';

export interface OnceAssignment {
  readonly assignment: LaneAssignment;
  readonly slot: number;
  readonly task: Task;
}

export interface OnceReply {
  readonly reply: TaskReply;
  readonly teardownError?: LaneError;
}

const { assignment, slot, task } = workerData as OnceAssignment;
const lane = await openLane(assignment, { kind: 'thread', index: slot });
const reply = fromWire(await runTask(lane, task));
const teardownError = await lane.close();
parentPort?.postMessage({ reply, ...(teardownError !== undefined && { teardownError }) } satisfies OnceReply);
// What the task left behind (a server, a timer) must not keep the thread alive.
process.exit();
