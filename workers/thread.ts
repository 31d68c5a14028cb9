/** A Piscina worker: one lane of the `worker-threads` strategy. */
import { BroadcastChannel } from 'node:worker_threads';
import { workerData } from 'piscina';
import type { LaneAssignment, LaneError, Task, TaskReply } from './contract.ts';
import { describeError } from './describe-error.ts';
import { openLane } from './task.ts';

export interface ThreadAssignment extends LaneAssignment {
  /** One shared number: each thread takes its lane index from it. */
  readonly nextIndex: Int32Array;
  /** The name of the BroadcastChannel on which each thread says once that it is ready, or why not. */
  readonly channel: string;
}

export interface ThreadOpened {
  readonly index: number;
  readonly error?: LaneError;
}

export type ThreadRequest = Task | 'close';

const assignment = workerData as ThreadAssignment;
const index = Atomics.add(assignment.nextIndex, 0, 1);

// Awaited here, so that Piscina takes the thread for ready only when its workload is loaded. A failure is told,
// not thrown: after a worker file that throws, Piscina rejects the first task and never settles the second.
const opening = openLane(assignment, { kind: 'thread', index });
const error = await opening.then(
  () => undefined,
  (thrown: unknown) => describeError(thrown),
);
const opened: ThreadOpened = error === undefined ? { index } : { index, error };
const channel = new BroadcastChannel(assignment.channel);
channel.postMessage(opened);
channel.close();

/** Runs one task, or closes the lane. */
export default async function serve(request: ThreadRequest): Promise<TaskReply | undefined> {
  const lane = await opening;
  if (request !== 'close') return lane.runTask(request);
  await lane.close();
  return undefined;
}
