import { nowNs } from '../../../workers/clock.ts';
import { deferred } from '../../../workers/deferred.ts';
import type { ChildLane } from '../../lanes/child-lane.ts';
import { openChildLanes } from '../../lanes/child-lanes.ts';
import { LaneEndedError, lostReply } from '../../lanes/lane-ended-error.ts';
import { cancelledIn, endedOf, type Ended, type OpenLanes } from './lanes.ts';

/** Forked children, with the queue discipline of a pool. A task that runs is cancelled with its child, which no other one replaces. */
export const openChildren: OpenLanes = async (assignment, poolSize) => {
  const lanes = await openChildLanes(assignment, poolSize);
  const room = new Room(lanes, assignment.inFlight);
  const cancelledLanes = new Set<ChildLane>();
  return {
    run: async ({ index, input }, signal) => {
      let lane: ChildLane;
      try {
        lane = await room.take(signal);
      } catch (thrown) {
        return signal?.aborted === true
          ? { outcome: 'cancelled', error: signal.reason }
          : { outcome: 'failed', error: thrown };
      }
      // Between the lane's being free and here, others have had their turn.
      if (signal?.aborted === true) {
        room.give(lane);
        return { outcome: 'cancelled', error: signal.reason };
      }
      const startedNs = nowNs();
      const { promise: cancelled, resolve: cancel } = deferred<Ended>();
      const onAbort = (): void => {
        cancelledLanes.add(lane);
        room.lose(lane);
        lane.kill();
        cancel(cancelledIn(lanes.indexOf(lane), signal?.reason, startedNs, nowNs()));
      };
      signal?.addEventListener('abort', onAbort);
      const replied = lane.runTask({ index, input, traced: true, verified: false }).then(endedOf, (thrown: unknown) => {
        if (thrown instanceof LaneEndedError) room.lose(lane);
        // Of one that was killed for it, the task was cancelled before this is known.
        return endedOf(lostReply(thrown));
      });
      try {
        return await Promise.race([cancelled, replied]);
      } finally {
        signal?.removeEventListener('abort', onAbort);
        room.give(lane);
      }
    },
    lanesLost: async () => cancelledLanes.size,
    close: async () => {
      await Promise.all(room.lanes().map((lane) => lane.close()));
    },
  };
};

interface Waiter {
  readonly resolve: (lane: ChildLane) => void;
  readonly reject: (reason: unknown) => void;
}

/** Which lanes have room for another task, and who waits for one, the first one first. */
class Room {
  readonly #free: Map<ChildLane, number>;
  readonly #waiting: Waiter[] = [];

  constructor(lanes: readonly ChildLane[], inFlight: number) {
    this.#free = new Map(lanes.map((lane) => [lane, inFlight]));
  }

  lanes(): readonly ChildLane[] {
    return [...this.#free.keys()];
  }

  /** @throws the reason of the signal, if that comes first; or if no lane is left */
  async take(signal: AbortSignal | undefined): Promise<ChildLane> {
    signal?.throwIfAborted();
    if (this.#free.size === 0) throw new NoLaneLeft();
    const lane = this.#next();
    if (lane !== undefined) return lane;
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      this.#waiting.push(waiter);
      signal?.addEventListener('abort', () => {
        const place = this.#waiting.indexOf(waiter);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal.reason);
      });
    });
  }

  give(lane: ChildLane): void {
    const free = this.#free.get(lane);
    if (free === undefined) return;
    this.#free.set(lane, free + 1);
    if (this.#waiting.length === 0) return;
    const next = this.#next();
    if (next !== undefined) this.#waiting.shift()?.resolve(next);
  }

  lose(lane: ChildLane): void {
    this.#free.delete(lane);
    if (this.#free.size > 0) return;
    for (const { reject } of this.#waiting.splice(0)) reject(new NoLaneLeft());
  }

  /** The one with the most room. */
  #next(): ChildLane | undefined {
    const [most] = [...this.#free].toSorted(([, a], [, b]) => b - a);
    if (most === undefined || most[1] === 0) return undefined;
    this.#free.set(most[0], most[1] - 1);
    return most[0];
  }
}

/** Waiters of an aborted signal may be told this first; they are cancelled all the same. */
class NoLaneLeft extends Error {
  override readonly name = 'NoLaneLeft';

  constructor() {
    super('no process of the pool is left: each has ended, with a task that was cancelled or by itself');
  }
}
