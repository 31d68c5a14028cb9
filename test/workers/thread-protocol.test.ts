import { describe, expect, it } from 'vitest';
import { BUSY_STRIDE, freePlaces, fromBrief, isBrief, stampsLength, toBrief } from '../../workers/thread-protocol.ts';
import type { WireReply } from '../../workers/wire.ts';

function memoryOf(lanes: number) {
  return { busy: new Int32Array(lanes * BUSY_STRIDE), stamps: new Float64Array(stampsLength(lanes)) };
}

function replyOf(lane: number, startedNs: number, output?: unknown): WireReply {
  return [lane, startedNs, startedNs + 5, startedNs + 5, null, output];
}

describe('the reply of a thread', () => {
  it('is a place in shared memory, from which the host has the lane and the times', () => {
    const memory = memoryOf(2);
    const briefs = [replyOf(1, 10), replyOf(0, 20), replyOf(1, 30)].map((reply) => toBrief(memory, reply));
    expect(briefs.every((brief) => typeof brief === 'number')).toBe(true);
    const replies = briefs.filter(isBrief).map((brief) => fromBrief(memory, brief));
    expect(replies).toEqual([replyOf(1, 10), replyOf(0, 20), replyOf(1, 30)]);
  });

  it('has the output beside it, even one that looks like a reply', () => {
    const memory = memoryOf(1);
    const brief = toBrief(memory, replyOf(0, 10, [3, 4]));
    if (!isBrief(brief)) throw new Error('it is whole');
    expect(fromBrief(memory, brief)).toEqual(replyOf(0, 10, [3, 4]));
  });

  it('is whole once the places of the lane are used up, and brief again in the next batch', () => {
    const memory = memoryOf(1);
    const places = stampsLength(1) / 2;
    for (let task = 0; task < places; task++) expect(isBrief(toBrief(memory, replyOf(0, task)))).toBe(true);
    expect(toBrief(memory, replyOf(0, 7))).toEqual(replyOf(0, 7));
    freePlaces(memory);
    expect(isBrief(toBrief(memory, replyOf(0, 8)))).toBe(true);
  });

  it('is whole from a thread that has replaced another, which has no places', () => {
    const memory = { ...memoryOf(1), busy: new Int32Array(2 * BUSY_STRIDE) };
    expect(toBrief(memory, replyOf(1, 7))).toEqual(replyOf(1, 7));
  });
});
