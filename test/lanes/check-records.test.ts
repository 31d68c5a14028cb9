import { describe, expect, it } from 'vitest';
import { requireRecords, servedRecord } from '../../dist/src/lanes/check-records.js';
import type { Task } from '../../dist/workers/contract.js';

const TASKS: readonly Task[] = [0, 1].map((index) => ({ index, input: index, traced: false, verified: index === 0 }));
const REPLY = { status: 'ok', lane: 0, startedNs: 2, finishedNs: 3, digestedNs: 4, digest: 'x', output: 0 };
const FIRST = { index: 0, submittedNs: 1, receivedNs: 5, reply: REPLY };
const SECOND = { ...FIRST, index: 1, reply: { ...REPLY, digest: null } };

describe('the records of a custom strategy', () => {
  it('are passed on if there is one per task, in any order', () => {
    for (const records of [
      [FIRST, SECOND],
      [SECOND, FIRST],
    ])
      expect(requireRecords(TASKS, records)).toBe(records);
    const failed = { ...FIRST, reply: { status: 'failed', lane: 0, error: { name: 'Error', message: 'no' } } };
    expect(requireRecords(TASKS, [failed, SECOND])).toHaveLength(2);
    const lost = { ...FIRST, reply: { status: 'lost', error: { name: 'Error', message: 'no' } } };
    expect(requireRecords(TASKS, [lost, SECOND])).toHaveLength(2);
  });

  it.each([
    ['a text', 'must return a list of records, one record per task'],
    [undefined, 'must return a list of records'],
    [[], 'returned 0 records for 2 tasks: it must return one record per task'],
    [[FIRST], 'returned 1 records for 2 tasks'],
    [[FIRST, SECOND, SECOND], 'returned 3 records for 2 tasks'],
    [[FIRST, FIRST], 'returned two records with the `index` 0'],
    [[FIRST, { ...SECOND, index: 2 }], 'a record whose `index` is none from 0 to 1'],
    [[FIRST, { ...SECOND, index: undefined }], 'a record whose `index` is none from 0 to 1'],
    [[FIRST, 5], 'a record that is no object'],
    [[FIRST, { ...SECOND, receivedNs: Number.NaN }], 'a record whose `receivedNs` is no number'],
    [[FIRST, { ...SECOND, submittedNs: undefined }], 'a record whose `submittedNs` is no number'],
    [[FIRST, { ...SECOND, reply: undefined }], 'a record without the `reply` of a lane'],
    [[FIRST, { ...SECOND, reply: {} }], 'a record whose `reply` has no `status`: ok, failed or lost'],
    [[FIRST, { ...SECOND, reply: { status: 'failed' } }], 'a record whose `reply` has no `error` with a `message`'],
    [[FIRST, { ...SECOND, reply: { ...SECOND.reply, lane: '0' } }], 'a record whose `lane` is no number'],
    [[FIRST, { ...SECOND, reply: { ...SECOND.reply, digestedNs: '4' } }], 'a record whose `digestedNs` is no number'],
    // Outputs that nobody compares would make any work equal.
    [[{ ...FIRST, reply: { ...REPLY, digest: null } }, SECOND], 'a record without a `digest` of a task to be verified'],
    [[FIRST, { ...SECOND, reply: REPLY }], 'a record whose `digest` is not null'],
  ])('are refused otherwise: %j', (records, problem) => {
    expect(() => requireRecords(TASKS, records)).toThrow(
      `\`run\` of the strategy ${problem.replace(/^a record/, 'returned a record')}`,
    );
  });
});

it('the record of a task that arrives is passed on, rejected or not, and is otherwise one of its loss', () => {
  const [task] = TASKS;
  if (task === undefined) throw new Error('there is a task');
  expect(servedRecord(task, FIRST, 0)).toBe(FIRST);
  const rejected = { ...FIRST, reply: { status: 'rejected' } };
  expect(servedRecord(task, rejected, 0)).toBe(rejected);
  expect(servedRecord(task, FIRST, 6)).toMatchObject({
    reply: { status: 'lost', error: { message: expect.stringContaining('`receivedNs` is before the task arrived') } },
  });
  for (const [record, problem] of [
    [{ ...FIRST, reply: undefined }, 'without the `reply` of a lane'],
    [5, 'that is no object'],
  ] as const)
    expect(servedRecord(task, record, 0)).toMatchObject({
      index: 0,
      reply: { status: 'lost', error: { message: `\`serve\` of the strategy returned a record ${problem}` } },
    });
});
