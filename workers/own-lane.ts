/**
 * A lane in a custom pool: the worker file of a custom strategy imports it as `lanewise/lane`. Loads the workload on
 * import, and answers messages of `poolStrategy`.
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

/** A message to a worker: a task, or a request to any lane. */
export type LaneMessage =
  | { readonly kind: 'task'; readonly task: Task }
  /** Occupies the lane for `holdMs`, so that the next ones go to other lanes. */
  | { readonly kind: 'ping'; readonly holdMs: number }
  | { readonly kind: 'close'; readonly holdMs: number };

/** The answer of a lane; `lane` is the id of its thread or process. */
export type LaneAnswer =
  | { readonly lane: number; readonly reply: LaneReply }
  | { readonly lane: number; readonly usage: Usage; readonly error?: LaneError };

leaveToPool();

let opened: Lane | undefined;
let opening: Promise<Lane> | undefined;

/** The function of the worker file: answers one message of the pool. */
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
    throw new Error(`${LANE_VARIABLE} is not set: start the worker in poolStrategy, with its environment`);
  const { assignment, kind } = JSON.parse(given) as OwnAssignment;
  return openTaskLane(assignment, { kind, index: ownId() });
}

/** A lane that a custom strategy opened itself, in any thread or process. */
export interface OwnLane {
  /** Runs one task of a batch. A failed task does not reject: its error is in the reply. */
  readonly run: (task: Task) => Promise<TaskReply>;
  /** Runs the workload's teardown, once. @returns its error, if it throws */
  readonly close: () => Promise<LaneError | undefined>;
}

/**
 * Loads the workload into the current thread or process, as a lane of a strategy made with `defineStrategy`. Tasks are
 * run, timed and digested by the same code as in all other lanes.
 *
 * @param assignment the argument of the strategy's `open`; plain data, so that it can be sent to a worker
 * @param lane the kind of this lane, and its 0-based index within the strategy
 * @throws an error of loading the workload, or of its `setup`
 */
export async function openLane(assignment: LaneAssignment, lane: LaneId): Promise<OwnLane> {
  const made = await openTaskLane(assignment, lane);
  return { run: async (task) => fromWire(await runTask(made, task)), close: made.close };
}

function ownId(): number {
  return threadId === 0 ? process.pid : threadId;
}

// Opened on import, so that the workload is loaded while the pool starts. A failure is reported to the first message.
if (process.env[LANE_VARIABLE] !== undefined) void openOnce().catch(() => undefined);
