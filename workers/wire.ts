import type { Nanoseconds, TaskReply } from './contract.ts';
import { uncloneable } from './describe-error.ts';
import { isObject } from './value-kinds.ts';

/**
 * A finished task as it crosses a boundary: without names, since every field's name is written and read once per task,
 * and the price of a hand-over is one of the things that are measured.
 */
export type WireReply = readonly [
  lane: number,
  startedNs: Nanoseconds,
  finishedNs: Nanoseconds,
  digestedNs: Nanoseconds,
  digest: string | null,
  output?: unknown,
];

/** With the number of its task before it. */
export type IndexedReply = readonly [index: number, ...reply: WireReply];

/** What a lane answers: anything but a finished, untraced task is rare enough to travel as it is. */
export type LaneReply = WireReply | TaskReply;

export function fromWire(reply: WireReply): FinishedReply;
export function fromWire(reply: LaneReply): TaskReply;
export function fromWire(reply: LaneReply): TaskReply {
  if ('status' in reply) return reply;
  const [lane, startedNs, finishedNs, digestedNs, digest, output] = reply;
  return { status: 'ok', lane, startedNs, finishedNs, digestedNs, digest, output };
}

type FinishedReply = Extract<TaskReply, { status: 'ok' }>;

/** In place of a reply that cannot be sent, because its output cannot be cloned: that fails its task only. */
export function notSent(lane: number, thrown: unknown): Extract<TaskReply, { status: 'failed' }> {
  return { status: 'failed', lane, error: uncloneable('output', thrown) };
}

/** Whether what came from a lane is a reply to the task of this number: code that nobody knows runs there. Copies nothing: it is asked for every task. */
export function isIndexedReply(message: readonly unknown[]): message is IndexedReply {
  return (
    typeof message[0] === 'number' &&
    typeof message[1] === 'number' &&
    typeof message[2] === 'number' &&
    typeof message[3] === 'number' &&
    typeof message[4] === 'number' &&
    (typeof message[5] === 'string' || message[5] === null)
  );
}

export function isTaskReply(reply: unknown): reply is TaskReply {
  return isObject(reply) && (reply.status === 'ok' || (reply.status === 'failed' && isObject(reply.error)));
}
