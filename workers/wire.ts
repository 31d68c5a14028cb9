import type { Nanoseconds, TaskReply } from './contract.ts';
import { uncloneable } from './describe-error.ts';

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

/** What a lane answers: anything but a finished, untraced task is rare enough to travel as it is. */
export type LaneReply = WireReply | TaskReply;

export function fromWire(reply: WireReply): FinishedReply;
export function fromWire(reply: LaneReply): TaskReply;
export function fromWire(reply: LaneReply): TaskReply {
  if (!isWireReply(reply)) return reply;
  const [lane, startedNs, finishedNs, digestedNs, digest, output] = reply;
  return { status: 'ok', lane, startedNs, finishedNs, digestedNs, digest, output };
}

type FinishedReply = Extract<TaskReply, { status: 'ok' }>;

function isWireReply(reply: LaneReply): reply is WireReply {
  return Array.isArray(reply);
}

/** In place of a reply that cannot be sent, because its output cannot be cloned: that fails its task only. */
export function notSent(lane: number, thrown: unknown): Extract<TaskReply, { status: 'failed' }> {
  return { status: 'failed', lane, error: uncloneable('output', thrown) };
}

/** Whether a message that came from a lane is a reply: a workload may send what it likes. */
export function isLaneReply(message: unknown): message is LaneReply {
  if (Array.isArray(message)) {
    const [lane, startedNs, finishedNs, digestedNs, digest] = message as unknown[];
    return (
      typeof lane === 'number' &&
      typeof startedNs === 'number' &&
      typeof finishedNs === 'number' &&
      typeof digestedNs === 'number' &&
      (typeof digest === 'string' || digest === null)
    );
  }
  if (typeof message !== 'object' || message === null || !('status' in message)) return false;
  return message.status === 'ok' || (message.status === 'failed' && 'error' in message);
}
