/**
 * A lane in a pool that Lanewise did not make: what a worker file of the user's strategy imports (`lanewise/lane`). It loads the workload
 * when it is imported, and answers messages of `poolStrategy`.
 */
import { threadId } from 'node:worker_threads';
import type { LaneAssignment, LaneError, LaneId, Task, Usage } from './contract.ts';
import { LANE_VARIABLE } from './lane-variable.ts';
import { openLane, runTask, type Lane } from './task.ts';
import { usageOfThisProcess } from './usage.ts';
import type { LaneReply } from './wire.ts';

export interface OwnAssignment {
  readonly assignment: LaneAssignment;
  readonly kind: LaneId['kind'];
}

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
  await new Promise((resolve) => {
    setTimeout(resolve, message.holdMs);
  });
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
  return openLane(assignment, { kind, index: ownId() });
}

function ownId(): number {
  return threadId === 0 ? process.pid : threadId;
}

// At once, so that the workload is loaded while the pool starts. Who asks first is told what went wrong.
if (process.env[LANE_VARIABLE] !== undefined) void openOnce().catch(() => undefined);
