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
export async function feed(
  tasks: readonly Task[],
  capacity: number,
  runOne: (task: Task, slot: number) => Promise<TaskReply>,
): Promise<readonly TaskRecord[]> {
  const records: TaskRecord[] = [];
  let next = 0;
  let isBroken = false;

  async function fill(slot: number): Promise<void> {
    for (let task = tasks[next++]; task !== undefined && !isBroken; task = tasks[next++]) {
      const record = await runRecorded(task, slot, runOne);
      isBroken ||= record.status !== 'ok';
      records.push(record);
    }
  }

  const slots: Promise<void>[] = [];
  for (let slot = 0; slot < capacity && next < tasks.length; slot++) slots.push(fill(slot));
  await Promise.all(slots);
  return records.toSorted((a, b) => a.index - b.index);
}

async function runRecorded(
  task: Task,
  slot: number,
  runOne: (task: Task, slot: number) => Promise<TaskReply>,
): Promise<TaskRecord> {
  const submittedNs = nowNs();
  try {
    const reply = await runOne(task, slot);
    const receivedNs = nowNs();
    if (reply.status === 'failed') return { ...reply, submittedNs, receivedNs };
    const { output: _, ...record } = reply;
    return { ...record, submittedNs, receivedNs };
  } catch (thrown) {
    return { status: 'lost', index: task.index, submittedNs, receivedNs: nowNs(), error: describeError(thrown) };
  }
}
