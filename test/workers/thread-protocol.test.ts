import { describe, expect, it } from 'vitest';
import {
  BUSY_STRIDE,
  freePlaces,
  fromBrief,
  isBrief,
  stampsLength,
  toBrief,
  type BriefReply,
} from '../../workers/thread-protocol.ts';
import { wireReply, type WireReply } from '../../workers/wire.ts';

function memoryOf(lanes: number) {
  return { busy: new Int32Array(lanes * BUSY_STRIDE), stamps: new Float64Array(stampsLength(lanes)) };
}

type Finished = readonly [lane: number, startedNs: number, output?: unknown];

function replyOf([lane, startedNs, output]: Finished): WireReply {
  return wireReply(lane, startedNs, startedNs + 5, output);
}

function briefOf(memory: ReturnType<typeof memoryOf>, [lane, startedNs, output]: Finished): BriefReply | WireReply {
  return toBrief(memory, lane, startedNs, startedNs + 5, output);
}

describe('the reply of a thread', () => {
  it('is a place in shared memory, from which the host has the lane and the times', () => {
    const memory = memoryOf(2);
    const tasks: Finished[] = [
      [1, 10],
      [0, 20],
      [1, 30],
    ];
    const briefs = tasks.map((task) => briefOf(memory, task));
    expect(briefs.every((brief) => typeof brief === 'number')).toBe(true);
    const replies = briefs.filter(isBrief).map((brief) => fromBrief(memory, brief));
    expect(replies).toEqual(tasks.map(replyOf));
  });

  it('has the output beside it, even one that looks like a reply', () => {
    const memory = memoryOf(1);
    const brief = briefOf(memory, [0, 10, [3, 4]]);
    if (!isBrief(brief)) throw new Error('it is whole');
    expect(fromBrief(memory, brief)).toEqual(replyOf([0, 10, [3, 4]]));
  });

  it('is whole once the places of the lane are used up, and brief again in the next batch', () => {
    const memory = memoryOf(1);
    const places = stampsLength(1) / 2;
    for (let task = 0; task < places; task++) expect(isBrief(briefOf(memory, [0, task]))).toBe(true);
    expect(briefOf(memory, [0, 7])).toEqual(replyOf([0, 7]));
    freePlaces(memory);
    expect(isBrief(briefOf(memory, [0, 8]))).toBe(true);
  });

  it('is whole from a thread that has replaced another, which has no places', () => {
    const memory = { ...memoryOf(1), busy: new Int32Array(2 * BUSY_STRIDE) };
    expect(briefOf(memory, [1, 7])).toEqual(replyOf([1, 7]));
  });
});
