/** A worker thread for one task: the lane of the `thread-per-task` strategy. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LaneAssignment, Task } from './contract.ts';
import { openLane } from './task.ts';

export interface OnceAssignment {
  readonly assignment: LaneAssignment;
  readonly slot: number;
  readonly task: Task;
}

const { assignment, slot, task } = workerData as OnceAssignment;
const lane = await openLane(assignment, { kind: 'thread', index: slot });
parentPort?.postMessage(await lane.runTask(task));
await lane.close();
// What the task left behind (a server, a timer) must not keep the thread alive.
process.exit();
