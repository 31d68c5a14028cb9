import { nowNs } from '../../../workers/clock.ts';
import { deferred } from '../../../workers/deferred.ts';
import type { ChildLane } from '../../strategies/child-lane.ts';
import { openChildLanes } from '../../strategies/child-lanes.ts';
import { lostReply } from '../../strategies/lane-ended-error.ts';
import { cancelledIn, endedOf, type Ended, type OpenLanes } from './lanes.ts';

/** Forked children, with the queue discipline of a pool. A task that runs is cancelled with its child, which no other one replaces. */
export const openChildren: OpenLanes = async (assignment, poolSize) => {
  const lanes = await openChildLanes(assignment, poolSize);
  const room = new Room(lanes, assignment.inFlight);
  return {
    run: async ({ index, input }, signal) => {
      let lane: ChildLane;
      try {
        lane = await room.take(signal);
      } catch (error) {
        return { outcome: 'cancelled', error };
      }
      const startedNs = nowNs();
      const { promise: cancelled, resolve: cancel } = deferred<Ended>();
      const onAbort = (): void => {
        room.lose(lane);
        process.kill(lane.pid, 'SIGKILL');
        cancel(cancelledIn(lanes.indexOf(lane), signal?.reason, startedNs, nowNs()));
      };
      signal?.addEventListener('abort', onAbort);
      const replied = lane.runTask({ index, input, traced: true }).then(endedOf, (thrown: unknown) =>
        // Of one that was killed for it, the task was cancelled before this is known.
        endedOf(lostReply(thrown)),
      );
      try {
        return await Promise.race([cancelled, replied]);
      } finally {
        signal?.removeEventListener('abort', onAbort);
        room.give(lane);
      }
    },
    lanesLost: async () => lanes.length - room.lanes().length,
    close: async () => {
      await Promise.all(room.lanes().map((lane) => lane.close()));
    },
  };
};

/** Which lanes have room for another task, and who waits for one, the first one first. */
class Room {
  readonly #free: Map<ChildLane, number>;
  readonly #waiting: ((lane: ChildLane) => void)[] = [];

  constructor(lanes: readonly ChildLane[], inFlight: number) {
    this.#free = new Map(lanes.map((lane) => [lane, inFlight]));
  }

  lanes(): readonly ChildLane[] {
    return [...this.#free.keys()];
  }

  /** @throws the reason of the signal, if that comes first */
  async take(signal: AbortSignal | undefined): Promise<ChildLane> {
    signal?.throwIfAborted();
    const lane = this.#next();
    if (lane !== undefined) return lane;
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal?.addEventListener('abort', () => {
        const place = this.#waiting.indexOf(resolve);
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
    if (next !== undefined) this.#waiting.shift()?.(next);
  }

  lose(lane: ChildLane): void {
    this.#free.delete(lane);
  }

  /** The one with the most room. */
  #next(): ChildLane | undefined {
    const [most] = [...this.#free].toSorted(([, a], [, b]) => b - a);
    if (most === undefined || most[1] === 0) return undefined;
    this.#free.set(most[0], most[1] - 1);
    return most[0];
  }
}
