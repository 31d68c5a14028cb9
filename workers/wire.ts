import type { Nanoseconds, TaskReply } from './contract.ts';

/**
 * A finished task as it crosses a boundary: without names, since every field's name is written and read once per task,
 * and the price of a hand-over is one of the things that are measured.
 */
export type WireReply = readonly [
  lane: number,
  startedNs: Nanoseconds,
  finishedNs: Nanoseconds,
  digestedNs: Nanoseconds,
  digest: string,
  output?: unknown,
];

/** Anything but a finished, untraced task is rare enough to travel as it is. */
export function toWire(reply: TaskReply): WireReply | TaskReply {
  if (reply.status !== 'ok' || reply.runs !== undefined) return reply;
  const { lane, startedNs, finishedNs, digestedNs, digest, output } = reply;
  return [lane, startedNs, finishedNs, digestedNs, digest, output];
}

export function fromWire(wire: WireReply | TaskReply): TaskReply {
  if (!isWireReply(wire)) return wire;
  const [lane, startedNs, finishedNs, digestedNs, digest, output] = wire;
  return { status: 'ok', lane, startedNs, finishedNs, digestedNs, digest, output };
}

function isWireReply(wire: WireReply | TaskReply): wire is WireReply {
  return Array.isArray(wire);
}
