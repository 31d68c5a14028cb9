import { nowNs } from '../../workers/clock.ts';
import type { Task, TaskRecord, TaskReply } from '../../workers/contract.ts';
import { describeError } from '../../workers/describe-error.ts';

/**
 * The queue discipline of every strategy: at most `capacity` tasks are under way, the next one is handed over when
 * one is done. So `submittedNs` is the moment at which a lane had room, and no strategy is charged for a queue.
 *
 * `runOne` is told which of the `capacity` slots the task occupies. After the first task that fails or is lost
 * nothing more is handed over: the batch has no result any more, and its cell has failed.
 */
export async function feed(tasks: readonly Task[], capacity: number, runOne: RunOne): Promise<readonly TaskRecord[]> {
  const records: TaskRecord[] = [];
  let next = 0;
  let isBroken = false;

  async function fill(slot: number): Promise<void> {
    for (let task = tasks[next++]; task !== undefined && !isBroken; task = tasks[next++]) {
      const submittedNs = nowNs();
      let reply: TaskReply;
      try {
        reply = await runOne(task, slot);
      } catch (thrown) {
        reply = { status: 'lost', error: describeError(thrown) };
      }
      records.push({ index: task.index, submittedNs, receivedNs: nowNs(), reply });
      if (reply.status === 'ok') reply.output = undefined;
      else isBroken = true;
    }
  }

  const slots: Promise<void>[] = [];
  for (let slot = 0; slot < capacity && next < tasks.length; slot++) slots.push(fill(slot));
  await Promise.all(slots);
  return records.toSorted((a, b) => a.index - b.index);
}

/** Hands one task over, in one of the slots of the batch. Rejects if the task is lost with its lane. */
type RunOne = (task: Task, slot: number) => TaskReply | Promise<TaskReply>;
