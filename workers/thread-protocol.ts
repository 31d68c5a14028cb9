/** Messages and memory that the host shares with the threads of its Piscina pool, besides tasks. */
import type { LaneAssignment, LaneError, LaneReading, Nanoseconds, ReadingKind } from './contract.ts';
import { wireReply, type LaneReply, type WireReply } from './wire.ts';

/** Distance between the counters of two threads: on one cache line, they would slow each other down. */
export const BUSY_STRIDE = 16;

export interface ThreadAssignment extends LaneAssignment {
  /** One shared counter, from which each thread takes its lane index. */
  readonly nextIndex: Int32Array;
  /**
   * Shared, by lane: the number of running tasks; the number, from 1, of the announced task that started last; and the
   * number of stamped tasks of the current batch. The first two are read only when a batch is late or a task is
   * cancelled.
   */
  readonly busy: Int32Array;
  /** Shared, by lane: when each stamped task started and finished. */
  readonly stamps: Float64Array;
  /** Name of the BroadcastChannel on which each thread reports once that it is ready, or why not. */
  readonly channel: string;
}

export interface ThreadOpened {
  readonly index: number;
  readonly threadId: number;
  readonly error?: LaneError;
}

/**
 * The reply for an ordinary task: the place of its timestamps, which stay in shared memory, and its output if it has
 * one. Six fields in a message take longer to write and read than one.
 */
export type BriefReply = number | [place: number, output: unknown];

/** The reply of a thread: brief unless the output is verified or moved, or the place for timestamps is used up. */
export type ThreadReply = BriefReply | LaneReply;

/** Places in a lane's part of `stamps`: 128 KiB. Longer batches than this are rare, and their tasks are not so short. */
const PLACES = 8192;
const VALUES_PER_PLACE = 2;

/** Number of values in `stamps` for these lanes. Threads that replace others later have none. */
export function stampsLength(lanes: number): number {
  return lanes * PLACES * VALUES_PER_PLACE;
}

/** Makes all places free, before a batch. */
export function freePlaces({ busy, stamps }: Stamped): void {
  const lanes = stamps.length / stampsLength(1);
  for (let lane = 0; lane < lanes; lane++) busy[lane * BUSY_STRIDE + 2] = 0;
}

/** Puts the timestamps of a finished task into shared memory; its whole reply if its lane has no place left. */
export function toBrief(
  { busy, stamps }: Stamped,
  lane: number,
  startedNs: Nanoseconds,
  finishedNs: Nanoseconds,
  output: unknown,
): BriefReply | WireReply {
  const used = lane * BUSY_STRIDE + 2;
  const place = busy[used] ?? PLACES;
  const at = (lane * PLACES + place) * VALUES_PER_PLACE;
  if (place >= PLACES || at >= stamps.length) return wireReply(lane, startedNs, finishedNs, output);
  busy[used] = place + 1;
  stamps[at] = startedNs;
  stamps[at + 1] = finishedNs;
  return output === undefined ? lane * PLACES + place : [lane * PLACES + place, output];
}

/** The whole reply, as long as the batch lasts. */
export function fromBrief({ stamps }: Stamped, reply: BriefReply): WireReply {
  const [place, output] = typeof reply === 'number' ? [reply, undefined] : reply;
  const at = place * VALUES_PER_PLACE;
  const finishedNs = stamps[at + 1] ?? Number.NaN;
  return wireReply(Math.floor(place / PLACES), stamps[at] ?? Number.NaN, finishedNs, output);
}

export function isBrief(reply: ThreadReply): reply is BriefReply {
  return typeof reply === 'number' || (Array.isArray(reply) && reply.length === 2);
}

/** Asks a thread to start a recording. */
export interface RecordingAsked {
  readonly kind: ReadingKind;
  readonly isParked: boolean;
}

/** A recording of a thread, with the index of its lane. */
export interface RecordingReply {
  readonly index: number;
  readonly reading: LaneReading;
}

type Stamped = Pick<ThreadAssignment, 'busy' | 'stamps'>;
