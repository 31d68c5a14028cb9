/**
 * A lane in a pool that Lanewise did not make: what a worker file of the user's strategy imports (`lanewise/lane`). It loads the workload
 * when it is imported, and answers messages of `poolStrategy`.
 */
import { threadId } from 'node:worker_threads';
import type { LaneAssignment, LaneError, LaneId, Task, TaskReply, Usage } from './contract.ts';
import { pause } from './clock.ts';
import { LANE_VARIABLE, type OwnAssignment } from './lane-variable.ts';
import { openLane as openTaskLane, runTask, type Lane } from './task.ts';
import { usageOfThisProcess } from './usage.ts';
import { leaveToPool } from './worker-scope.ts';
import { fromWire, type LaneReply } from './wire.ts';

export { nowNs } from './clock.ts';

/** What is handed to a worker: a task, or a question to whichever lane gets it. */
export type LaneMessage =
  | { readonly kind: 'task'; readonly task: Task }
  /** Held for so long, so that others go to other lanes. */
  | { readonly kind: 'ping'; readonly holdMs: number }
  | { readonly kind: 'close'; readonly holdMs: number };

/** Which lane it was: the id of its thread or of its process. */
export type LaneAnswer =
  | { readonly lane: number; readonly reply: LaneReply }
  | { readonly lane: number; readonly usage: Usage; readonly error?: LaneError };

leaveToPool();

let opened: Lane | undefined;
let opening: Promise<Lane> | undefined;

/** The function of the worker file: gives each message that the pool hands over an answer. */
export function answer(message: LaneMessage): LaneAnswer | Promise<LaneAnswer> {
  if (message.kind === 'task' && opened !== undefined) return run(opened, message.task);
  return answerLater(message);
}

async function answerLater(message: LaneMessage): Promise<LaneAnswer> {
  const lane = await openOnce();
  if (message.kind === 'task') return run(lane, message.task);
  const error = message.kind === 'close' ? await lane.close() : undefined;
  await pause(message.holdMs);
  return { lane: ownId(), usage: usageOfThisProcess(), ...(error !== undefined && { error }) };
}

function run(lane: Lane, task: Task): LaneAnswer | Promise<LaneAnswer> {
  const reply = runTask(lane, task);
  return 'then' in reply
    ? reply.then((later): LaneAnswer => ({ lane: lane.index, reply: later }))
    : { lane: lane.index, reply };
}

async function openOnce(): Promise<Lane> {
  opening ??= open();
  opened = await opening;
  return opened;
}

function open(): Promise<Lane> {
  const given = process.env[LANE_VARIABLE];
  if (given === undefined)
    throw new Error(`the worker was not started by poolStrategy, or without its environment (${LANE_VARIABLE})`);
  const { assignment, kind } = JSON.parse(given) as OwnAssignment;
  return openTaskLane(assignment, { kind, index: ownId() });
}

/** A lane that a strategy has made by itself, in whatever thread or process it was opened in. */
export interface OwnLane {
  /** Runs one task of a batch. Never rejects for what a task did: the reply tells. */
  readonly run: (task: Task) => Promise<TaskReply>;
  /** Runs the workload's teardown, once. @returns what it threw */
  readonly close: () => Promise<LaneError | undefined>;
}

/**
 * Loads the workload into the thread or process that calls this: what `defineStrategy` makes its lanes of. The code that
 * runs a task, takes its stamps and its digest is the same as in every other lane.
 *
 * @param assignment what `open` of the strategy was given; plain data, so that it can be sent to a worker
 * @param lane where this is; `index` is 0-based within the strategy
 * @throws what loading the workload or its `setup` throws
 */
export async function openLane(assignment: LaneAssignment, lane: LaneId): Promise<OwnLane> {
  const made = await openTaskLane(assignment, lane);
  return { run: async (task) => fromWire(await runTask(made, task)), close: made.close };
}

function ownId(): number {
  return threadId === 0 ? process.pid : threadId;
}

// At once, so that the workload is loaded while the pool starts. Who asks first is told what went wrong.
if (process.env[LANE_VARIABLE] !== undefined) void openOnce().catch(() => undefined);
