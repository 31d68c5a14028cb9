import { setTimeout } from 'node:timers';
import { nowNs } from '../../workers/clock.ts';
import type { LaneId, Task, TaskRecord, TaskReply, UnderWay } from '../../workers/contract.ts';
import { deferred } from '../../workers/deferred.ts';
import type { CallEnd } from './call.ts';
import { lostReply } from './lane-ended-error.ts';
import type { TaskWatch } from './strategy.ts';

/** The queue discipline of every strategy: at most so many tasks are under way, and the next one is handed over when one is done. */
export interface Feed {
  /**
   * Runs a batch. `submittedNs` is the moment at which a lane had room and was given the task: until then it was queued. After
   * the first task that fails or is lost nothing more is handed over: the batch has no result any more, and its cell has failed.
   */
  readonly run: (tasks: readonly Task[], watch?: Partial<TaskWatch>) => Promise<readonly TaskRecord[]>;
  /** Runs a task by itself: at once if a slot is free. One that is aborted while it waits is taken out of the queue. */
  readonly call: (
    task: number,
    signal: AbortSignal | undefined,
    callOne: (slot: number) => Promise<CallEnd>,
  ) => Promise<CallEnd>;
  /** Nothing is handed over to such slots any more: their lane has ended. */
  readonly close: (isClosed: (slot: number) => boolean) => void;
  /** The tasks that were handed over and are not done. */
  readonly underWay: (laneOf: (slot: number) => LaneId) => readonly UnderWay[];
}

/** `runOne` is told which of the `capacity` slots the task occupies. */
export function createFeed(capacity: number, runOne: RunOne): Feed {
  /** By slot. */
  const current: (number | undefined)[] = [];
  let open = Array.from({ length: capacity }, (_, slot) => slot);
  const waiting = new Set<Waiter>();

  /** Undefined if it is aborted first, or no slot is left. */
  function nextSlot(task: number, signal: AbortSignal | undefined): Promise<number | undefined> {
    if (signal?.aborted === true || open.length === 0) return Promise.resolve(undefined);
    return new Promise((give) => {
      const waiter = { task, give };
      waiting.add(waiter);
      signal?.addEventListener('abort', () => {
        if (waiting.delete(waiter)) give(undefined);
      });
    });
  }

  function leave(slot: number): void {
    current[slot] = undefined;
    const [first] = waiting;
    if (first === undefined || !open.includes(slot)) return;
    waiting.delete(first);
    current[slot] = first.task;
    first.give(slot);
  }

  return {
    run: async (tasks, watch) => {
      const records: TaskRecord[] = [];
      let next = 0;
      const broken = deferred<void>();
      let isBroken = false;

      // A loop for each slot, and no call for each task: what waiting for one's turn costs is not to be measured with every task.
      async function fill(slot: number): Promise<void> {
        for (let task = tasks[next++]; task !== undefined && !isBroken; task = tasks[next++]) {
          current[slot] = task.index;
          watch?.began?.(task.index);
          const submittedNs = nowNs();
          let reply: TaskReply;
          try {
            reply = await runOne(task, slot);
          } catch (thrown) {
            reply = lostReply(thrown);
          }
          records.push({ index: task.index, submittedNs, receivedNs: nowNs(), reply });
          watch?.ended?.(task.index);
          // Let go; whether there was one is told.
          if (reply.status === 'ok') reply.output = reply.output !== undefined;
          else {
            isBroken = true;
            broken.resolve();
          }
        }
        current[slot] = undefined;
      }

      const slots: Promise<void>[] = [];
      for (let slot = 0; slot < capacity && next < tasks.length; slot++) slots.push(fill(slot));
      await allOrBroken(Promise.all(slots), broken.promise);
      return records.toSorted((a, b) => a.index - b.index);
    },
    call: async (task, signal, callOne) => {
      const free = open.find((slot) => current[slot] === undefined);
      if (free !== undefined) current[free] = task;
      const slot = free ?? (await nextSlot(task, signal));
      if (slot === undefined)
        return signal?.aborted === true
          ? { outcome: 'cancelled', error: signal.reason }
          : { outcome: 'failed', error: new NoLaneLeft() };
      try {
        return await callOne(slot);
      } finally {
        leave(slot);
      }
    },
    close: (isClosed) => {
      open = open.filter((slot) => !isClosed(slot));
      if (open.length > 0) return;
      for (const { give } of waiting) give(undefined);
      waiting.clear();
    },
    underWay: (laneOf) => current.flatMap((task, slot) => (task === undefined ? [] : [{ task, lane: laneOf(slot) }])),
  };
}

/** Hands one task over, in one of the slots of the batch. Rejects if the task is lost with its lane. */
type RunOne = (task: Task, slot: number) => TaskReply | Promise<TaskReply>;

/** A task that is called, and waits for a slot. */
interface Waiter {
  readonly task: number;
  readonly give: (slot: number | undefined) => void;
}

class NoLaneLeft extends Error {
  override readonly name = 'NoLaneLeft';

  constructor() {
    super('no process of the pool is left: each has ended, with a task that was cancelled or by itself');
  }
}

/** A task that has failed may be what others wait for in vain; they are given this long. */
const GRACE_MS = 1000;

/** Settles with all of a batch, or a moment after the first of its tasks has failed: that is what is to be told, not that others are late. */
export async function allOrBroken(all: Promise<unknown>, broken: Promise<void>): Promise<void> {
  const given = broken.then(
    () =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, GRACE_MS).unref();
      }),
  );
  await Promise.race([all, given]);
}
