/** A Piscina worker: one lane of the `worker-threads` strategy. */
import { BroadcastChannel, threadId, workerData } from 'node:worker_threads';
import type { LaneActivity, LaneError, Task, TaskReply } from './contract.ts';
import { describeError } from './describe-error.ts';
import { activityHere } from './lane-activity.ts';
import { asMoved, transferOf } from './movable.ts';
import { openLane, type Lane } from './task.ts';
import { BUSY_STRIDE, type ThreadAssignment, type ThreadOpened } from './thread-protocol.ts';
import type { LaneReply } from './wire.ts';

const assignment = workerData as ThreadAssignment;
const { busy } = assignment;
const index = Atomics.add(assignment.nextIndex, 0, 1);
const place = index * BUSY_STRIDE;

// Awaited here, so that Piscina takes the thread for ready only when its workload is loaded. A failure is told,
// not thrown: after a worker file that throws, Piscina rejects the first task and never settles the second.
const opened = await openLane(assignment, { kind: 'thread', index }).catch(describeError);
const channel = new BroadcastChannel(assignment.channel);
channel.postMessage({ index, threadId, ...(!('run' in opened) && { error: opened }) } satisfies ThreadOpened);
channel.close();

/** Runs one task. Takes the bare input and is no async function: the price of a hand-over is what is measured. */
export default function run(input: unknown): object | Promise<object> {
  return runCounted(input, false);
}

/** The same, with the digest of its output. */
export function verify(input: unknown): object | Promise<object> {
  return runCounted(input, true);
}

function runCounted(input: unknown, verified: boolean): object | Promise<object> {
  count(1);
  const reply = lane().run({ input, verified });
  if ('then' in reply) return reply.then(handed);
  return handed(reply);
}

/** What Piscina is given: the reply, or one of which it moves a part. */
function handed(reply: LaneReply): object {
  count(-1);
  const transfer = transferOf(reply);
  return transfer === undefined ? reply : asMoved(reply, transfer);
}

/** Runs one task and records when it ran and when it waited. */
export function trace(task: Pick<Task, 'input' | 'verified'>): Promise<TaskReply> {
  count(1);
  return lane().trace(task).then(counted);
}

/** As {@link trace}; if this thread is ended for the task's sake, others can see which one it had. */
export function announce({ index: task, input }: Pick<Task, 'index' | 'input'>): Promise<TaskReply> {
  busy[place + 1] = task + 1;
  return trace({ input, verified: false });
}

/** @param isParked it waits for its tasks in a way that counts as busy */
export function activity(isParked: boolean): LaneActivity {
  return activityHere(isParked);
}

export function close(): Promise<LaneError | undefined> {
  return lane().close();
}

function counted<Reply>(reply: Reply): Reply {
  count(-1);
  return reply;
}

function count(by: 1 | -1): void {
  busy[place] = (busy[place] ?? 0) + by;
}

function lane(): Lane {
  if ('run' in opened) return opened;
  throw new Error('a thread that could not be opened was given work');
}
