import { setTimeout } from 'node:timers';
import { nowNs } from '../../workers/clock.ts';
import type { Task, TaskRecord, TaskReply } from '../../workers/contract.ts';
import { deferred } from '../../workers/deferred.ts';
import { lostReply } from './lane-ended-error.ts';
import type { TaskWatch } from './strategy.ts';

/** The queue discipline of every strategy: at most `capacity` tasks are under way, the next one is handed over when one is done. */
export interface Feed {
  /**
   * Runs a batch. `submittedNs` is the moment at which a lane had room and was given the task: until then it was queued. After
   * the first task that fails or is lost nothing more is handed over: the batch has no result any more, and its cell has failed.
   */
  readonly run: (tasks: readonly Task[], watch?: Partial<TaskWatch>) => Promise<readonly TaskRecord[]>;
  /** The tasks that were handed over and are not done, with the slots that they occupy. */
  readonly underWay: () => readonly { readonly task: number; readonly slot: number }[];
}

/** `runOne` is told which of the `capacity` slots the task occupies. */
export function createFeed(capacity: number, runOne: RunOne): Feed {
  /** By slot. */
  const current: (number | undefined)[] = [];

  return {
    run: async (tasks, watch) => {
      const records: TaskRecord[] = [];
      let next = 0;
      const broken = deferred<void>();
      let isBroken = false;

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
    underWay: () => current.flatMap((task, slot) => (task === undefined ? [] : [{ task, slot }])),
  };
}

/** Hands one task over, in one of the slots of the batch. Rejects if the task is lost with its lane. */
type RunOne = (task: Task, slot: number) => TaskReply | Promise<TaskReply>;

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
