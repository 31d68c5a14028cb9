import { clearImmediate, setImmediate, setTimeout } from 'node:timers';
import { hasContent, isThenable } from '../../workers/value-kinds.ts';
import { nowNs } from '../../workers/clock.ts';
import type { LaneId, Task, TaskRecord, TaskReply, UnderWay } from '../../workers/contract.ts';
import { deferred } from '../../workers/deferred.ts';
import type { CallEnd } from './call.ts';
import { lostReply } from './lane-ended-error.ts';
import type { ServedRecord, StrategySettings, TaskWatch } from './strategy.ts';

/** The queue of every strategy: a limited number of tasks run, and when one is done the next is dispatched. */
export interface Feed {
  /**
   * Runs a batch. `submittedNs` is when a lane had room and the task was dispatched: until then it was queued. After
   * the first task that fails or is lost, nothing more is dispatched: the batch can have no result, and its cell has
   * failed, unless only lost tasks are to end it. `whenDone` is called when nothing more is awaited.
   */
  readonly run: (
    tasks: readonly Task[],
    watch?: Partial<TaskWatch>,
    whenDone?: () => void,
  ) => Promise<readonly TaskRecord[]>;
  /** Runs a task outside a batch, at once if a slot is free. Aborted while queued, it leaves the queue. */
  readonly call: (
    task: number,
    signal: AbortSignal | undefined,
    callOne: (slot: number) => Promise<CallEnd>,
  ) => Promise<CallEnd>;
  /** Runs a task that arrives by itself: at once if a slot is free, otherwise in the order of arrival, or never. */
  readonly serve: (task: Task) => Promise<ServedRecord>;
  /** Dispatches nothing more to these slots: their lane has ended. */
  readonly close: (isClosed: (slot: number) => boolean) => void;
  /** The dispatched tasks that are not done. */
  readonly underWay: (laneOf: (slot: number) => LaneId) => readonly UnderWay[];
}

/**
 * Makes a feed with `capacity` slots; `runOne` gets the slot that the task occupies.
 *
 * @param limits with `maxQueue`, the most tasks that wait for a slot; one more that arrives by itself is rejected. With
 *   `oneFirst`, for tasks that run here, the other slots of a batch are filled only when the event loop goes on, so that
 *   tasks that do not wait need one slot: promises that are pending meanwhile grow old, and until the next full garbage
 *   collection what they were resolved with, the outputs, is kept and moved about.
 */
export function createFeed(
  capacity: number,
  runOne: RunOne,
  { maxQueue = Number.POSITIVE_INFINITY, goesOn = false, oneFirst = false }: Limits = {},
): Feed {
  /** The running task of each slot. */
  const current: (number | undefined)[] = [];
  let open = Array.from({ length: capacity }, (_, slot) => slot);
  const waiting = new Set<Waiter>();
  /** Whether a task was still running when it had been dispatched. */
  let areAsync = false;

  /** Waits for a free slot; undefined if the task is aborted first, or no slot remains. */
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

  /** Occupies a slot: at once if one is free. */
  function occupy(task: number, signal?: AbortSignal): number | Promise<number | undefined> {
    const free = open.find((slot) => current[slot] === undefined);
    if (free === undefined) return nextSlot(task, signal);
    current[free] = task;
    return free;
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
    run: async (tasks, watch, whenDone) => {
      const records: TaskRecord[] = [];
      let next = 0;
      const broken = deferred<void>();
      let isBroken = false;

      // A loop per slot instead of a call per task, so that the cost of waiting for a turn is not part of every
      // measured task.
      async function fill(slot: number, onPending?: () => void): Promise<void> {
        for (let task = tasks[next++]; task !== undefined && !isBroken; task = tasks[next++]) {
          current[slot] = task.index;
          watch?.began?.(task.index);
          const submittedNs = nowNs();
          let reply: TaskReply;
          try {
            const running = runOne(task, slot);
            if (onPending !== undefined && isThenable(running)) onPending();
            reply = await running;
          } catch (thrown) {
            reply = lostReply(thrown);
          }
          records.push({ index: task.index, submittedNs, receivedNs: nowNs(), reply });
          watch?.ended?.(task.index);
          // Free the output; only whether it has content is recorded.
          if (reply.status === 'ok') reply.output = hasContent(reply.output);
          else if (!goesOn || reply.status === 'lost') {
            isBroken = true;
            broken.resolve();
          }
        }
        current[slot] = undefined;
      }

      /** Fills the first slot, and the others when the event loop goes on, which tasks that do not wait never let it do. */
      async function fillOneFirst(slots: number): Promise<void> {
        let others: Promise<unknown> | undefined;
        let starting: NodeJS.Immediate | undefined;
        const startOthers = (): void => {
          areAsync = true;
          starting ??= setImmediate(() => {
            others = fillFrom(1, slots, fill);
          });
        };
        // Before the first of them sets one of its own.
        if (areAsync) startOthers();
        await fill(0, startOthers);
        clearImmediate(starting);
        await others;
      }

      const slots = Math.min(capacity, tasks.length);
      await allOrBroken(oneFirst && slots > 1 ? fillOneFirst(slots) : fillFrom(0, slots, fill), broken.promise);
      whenDone?.();
      return records.toSorted((a, b) => a.index - b.index);
    },
    call: async (task, signal, callOne) => {
      const occupied = occupy(task, signal);
      const slot = typeof occupied === 'number' ? occupied : await occupied;
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
    serve: async (task) => {
      if (waiting.size >= maxQueue) {
        const nowAtNs = nowNs();
        return { index: task.index, submittedNs: nowAtNs, receivedNs: nowAtNs, reply: { status: 'rejected' } };
      }
      const slot = await occupy(task.index);
      const submittedNs = nowNs();
      const running = slot === undefined ? Promise.reject(new NoLaneLeft()) : Promise.resolve(runOne(task, slot));
      const reply = await running.catch(lostReply);
      if (slot !== undefined) leave(slot);
      return { index: task.index, submittedNs, receivedNs: nowNs(), reply };
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

type Limits = Pick<StrategySettings, 'maxQueue' | 'goesOn'> & { readonly oneFirst?: boolean };

/** @param onPending called with each task that has not ended when it was dispatched */
type Fill = (slot: number, onPending?: () => void) => Promise<void>;

function fillFrom(first: number, slots: number, fill: Fill): Promise<unknown> {
  const filled: Promise<void>[] = [];
  for (let slot = first; slot < slots; slot++) filled.push(fill(slot));
  return Promise.all(filled);
}

/** Dispatches one task in a slot. Rejects if the task is lost with its lane. */
type RunOne = (task: Task, slot: number) => TaskReply | Promise<TaskReply>;

/** A called task that waits for a slot. */
interface Waiter {
  readonly task: number;
  readonly give: (slot: number | undefined) => void;
}

class NoLaneLeft extends Error {
  override readonly name = 'NoLaneLeft';

  constructor() {
    super('all processes of the pool have ended, with a cancelled task or by themselves');
  }
}

/** Time for other tasks after one has failed, since they may be waiting for it in vain. */
const GRACE_MS = 1000;

/**
 * Settles with the whole batch, or shortly after its first failure, so that the failure is reported and not that others
 * are late.
 */
export async function allOrBroken(all: Promise<unknown>, broken: Promise<void>): Promise<void> {
  const given = broken.then(
    () =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, GRACE_MS).unref();
      }),
  );
  await Promise.race([all, given]);
}
