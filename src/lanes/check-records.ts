/** Checks of what a custom strategy returns, where it arrives: it is code that nobody here wrote. */
import { nowNs } from '../../workers/clock.ts';
import type { Nanoseconds, Task, TaskRecord } from '../../workers/contract.ts';
import { isObject } from '../../workers/value-kinds.ts';
import type { ServedRecord } from './strategy.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks the records of a batch.
 *
 * @throws Error that names what is missing: without a record of each task, a batch would look as fast as it likes
 */
export function requireRecords(tasks: readonly Task[], records: unknown): readonly TaskRecord[] {
  if (!Array.isArray(records)) throw broken('must return a list of records, one record per task');
  if (records.length !== tasks.length)
    throw broken(`returned ${records.length} records for ${tasks.length} tasks: it must return one record per task`);
  const seen = new Set<number>();
  for (const record of records as readonly unknown[]) {
    const problem = isObject(record) ? problemOf(record, tasks) : 'that is no object';
    if (problem !== undefined) throw broken(`returned a record ${problem}`);
    const { index } = record as TaskRecord;
    if (seen.size === seen.add(index).size) throw broken(`returned two records with the \`index\` ${index}`);
  }
  return records as readonly TaskRecord[];
}

/**
 * The record of a task that arrived by itself, or of its loss if it is none: a server goes on.
 *
 * @param calledNs when `serve` was called
 */
export function servedRecord(task: Task, record: unknown, calledNs: Nanoseconds): ServedRecord {
  const problem = isObject(record)
    ? (problemOfRecord(record, task) ?? problemOfStamps(record, calledNs))
    : 'that is no object';
  if (problem === undefined || isRejected(record)) return record as ServedRecord;
  const { name, message } = new Error(`\`serve\` of the strategy returned a record ${problem}`);
  const now = nowNs();
  return { index: task.index, submittedNs: now, receivedNs: now, reply: { status: 'lost', error: { name, message } } };
}

function isRejected(record: unknown): boolean {
  return isObject(record) && isObject(record.reply) && record.reply.status === 'rejected';
}

function broken(what: string): Error {
  return new Error(`\`run\` of the strategy ${what}`);
}

function problemOf(record: Fields, tasks: readonly Task[]): string | undefined {
  const task = tasks[record.index as number];
  return task === undefined ? `whose \`index\` is none from 0 to ${tasks.length - 1}` : problemOfRecord(record, task);
}

function problemOfRecord(record: Fields, task: Task): string | undefined {
  return notNumber(record, 'submittedNs', 'receivedNs') ?? problemOfReply(record.reply, task);
}

/** A latency below nothing is that of another clock. */
function problemOfStamps({ receivedNs }: Fields, calledNs: Nanoseconds): string | undefined {
  return Number(receivedNs) < calledNs
    ? 'whose `receivedNs` is before the task arrived: take the times of `nowNs()`'
    : undefined;
}

function problemOfReply(reply: unknown, { verified }: Task): string | undefined {
  if (!isObject(reply)) return 'without the `reply` of a lane';
  switch (reply.status) {
    case 'ok':
      if (verified && typeof reply.digest !== 'string')
        return 'without a `digest` of a task to be verified: pass `verified` on to the lane';
      if (!verified && reply.digest !== null) return 'whose `digest` is not null, of a task that is not to be verified';
      return notNumber(reply, 'lane', 'startedNs', 'finishedNs', 'digestedNs');
    case 'failed':
    case 'lost':
      return isObject(reply.error) && typeof reply.error.message === 'string'
        ? undefined
        : 'whose `reply` has no `error` with a `message`';
    default:
      return 'whose `reply` has no `status`: ok, failed or lost';
  }
}

function notNumber(fields: Fields, ...names: readonly string[]): string | undefined {
  const name = names.find((one) => !Number.isFinite(fields[one]));
  return name === undefined ? undefined : `whose \`${name}\` is no number`;
}
