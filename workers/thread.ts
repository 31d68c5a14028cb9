/** A Piscina worker: one lane of the `worker-threads` strategy. */
import { BroadcastChannel, threadId, workerData } from 'node:worker_threads';
import type { LaneActivity, LaneError, Nanoseconds, Task, TaskReply } from './contract.ts';
import { pause } from './clock.ts';
import { describeError } from './describe-error.ts';
import { activityHere, noteResult, type ActivityAsked } from './lane-activity.ts';
import type { EndRecording } from './lane-recording.ts';
import { asMoved, transferOf } from './movable.ts';
import { openLane, type Lane } from './task.ts';
import {
  BUSY_STRIDE,
  isBrief,
  toBrief,
  type RecordingAsked,
  type RecordingReply,
  type ThreadAssignment,
  type ThreadOpened,
  type ThreadReply,
} from './thread-protocol.ts';

const assignment = workerData as ThreadAssignment;
const { busy } = assignment;
const index = Atomics.add(assignment.nextIndex, 0, 1);
const place = index * BUSY_STRIDE;

// Awaited here, so that Piscina considers the thread ready only when its workload is loaded. A failure is sent, not
// thrown: if a worker file throws, Piscina rejects the first task and never settles the second.
const opened = await openLane(assignment, { kind: 'thread', index }).catch(describeError);
const channel = new BroadcastChannel(assignment.channel);
channel.postMessage({ index, threadId, ...(!('run' in opened) && { error: opened }) } satisfies ThreadOpened);
channel.close();

/** Runs one task. Takes only the input and is not an async function, since the cost of dispatch is measured. */
export default function run(input: unknown): Result | Promise<Result> {
  return runOne({ input, verified: false });
}

/** Runs one task, and takes the digest of its output. */
export function verify(input: unknown): Result | Promise<Result> {
  return runOne({ input, verified: true });
}

/** The result for Piscina: a reply, wrapped if a part of it is to be moved. */
type Result = ThreadReply | object;

function runOne(task: Pick<Task, 'input' | 'verified'>): Result | Promise<Result> {
  count(1);
  const reply = lane().run(task, stamped);
  return typeof reply === 'object' && 'then' in reply ? reply.then(result) : result(reply);
}

function stamped(laneIndex: number, startedNs: Nanoseconds, finishedNs: Nanoseconds, output: unknown): ThreadReply {
  return toBrief(assignment, laneIndex, startedNs, finishedNs, output);
}

function result(reply: ThreadReply): Result {
  count(-1);
  noteResult();
  if (isBrief(reply)) return reply;
  const transfer = transferOf(reply);
  return transfer === undefined ? reply : asMoved(reply, transfer);
}

/** Runs one task and records when it ran and when it waited. */
export function trace(task: Pick<Task, 'input' | 'verified'>): Promise<TaskReply> {
  count(1);
  return lane().trace(task).then(counted);
}

/** As {@link trace}, and shares which task started: if it is cancelled with this thread, the host knows its lane. */
export function announce({ index: task, input }: Pick<Task, 'index' | 'input'>): Promise<TaskReply> {
  busy[place + 1] = task + 1;
  return trace({ input, verified: false });
}

export function activity(asked: ActivityAsked): LaneActivity {
  return activityHere(asked);
}

/** Lets the event loop turn, timers included, which it does not do while this thread waits for tasks of Piscina. */
export function catchUp(): Promise<void> {
  return pause(1);
}

let ending: EndRecording | undefined;

/** Starts a recording. @param asked `isParked` as for {@link activity} */
export async function startRecording({ kind, isParked }: RecordingAsked): Promise<void> {
  // Not loaded in a thread that is measured.
  const { record } = await import('./lane-recording.ts');
  ending = await record(kind, isParked);
}

export async function endRecording(): Promise<RecordingReply> {
  if (ending === undefined) throw new Error('a thread was to end a recording that it had not started');
  return { index, reading: await ending() };
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
  throw new Error('a thread received work although its workload could not be loaded');
}
