import type { Nanoseconds, TaskReply } from './contract.ts';
import { uncloneable } from './describe-error.ts';
import { isObject } from './value-kinds.ts';

/**
 * A finished task as it is sent: without field names, which would be written and read for every task, since the cost of
 * dispatch is measured.
 */
export type WireReply = readonly [
  lane: number,
  startedNs: Nanoseconds,
  finishedNs: Nanoseconds,
  digestedNs: Nanoseconds,
  digest: string | null,
  output?: unknown,
];

/** The reply for a finished task that is not verified. */
export function wireReply(lane: number, startedNs: Nanoseconds, finishedNs: Nanoseconds, output: unknown): WireReply {
  return [lane, startedNs, finishedNs, finishedNs, null, output];
}

/** A reply, preceded by the index of its task. */
export type IndexedReply = readonly [index: number, ...reply: WireReply];

/** The reply of a lane: everything but a finished, untraced task is rare, and sent with field names. */
export type LaneReply = WireReply | TaskReply;

export function fromWire(reply: WireReply): FinishedReply;
export function fromWire(reply: LaneReply): TaskReply;
export function fromWire(reply: LaneReply): TaskReply {
  if ('status' in reply) return reply;
  const [lane, startedNs, finishedNs, digestedNs, digest, output] = reply;
  return { status: 'ok', lane, startedNs, finishedNs, digestedNs, digest, output };
}

export type FinishedReply = Extract<TaskReply, { status: 'ok' }>;

/** Replaces a reply whose output cannot be cloned, which fails only its task. */
export function notSent(lane: number, thrown: unknown): Extract<TaskReply, { status: 'failed' }> {
  return { status: 'failed', lane, error: uncloneable('output', thrown) };
}

/** Checks a message, since unknown code runs in a lane. Copies nothing, since it is called for every task. */
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
