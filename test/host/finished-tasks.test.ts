import { expect, it } from 'vitest';
import { finished } from '../../dist/src/host/finished-tasks.js';
import { TaskFailure } from '../../dist/src/host/task-failure.js';
import type { TaskRecord, TaskReply } from '../../dist/workers/contract.js';

const COMPOSITION = {
  shared: false,
  buffers: false,
  instances: false,
  partialViews: false,
  isCopyable: true,
  areOne: false,
};
const error = { name: 'Error', message: 'bad request' };
const REPLIES: Readonly<Record<'ok' | 'failed' | 'lost', TaskReply>> = {
  ok: { status: 'ok', lane: 0, startedNs: 1, finishedNs: 2, digestedNs: 2, digest: null, output: true },
  failed: { status: 'failed', lane: 0, error },
  lost: { status: 'lost', lane: 0, error },
};
const recordsOf = (...kinds: readonly (keyof typeof REPLIES)[]): readonly TaskRecord[] =>
  kinds.map((kind, index) => ({ index, submittedNs: 0, receivedNs: 3, reply: REPLIES[kind] }));
const doneOf = (
  kinds: readonly (keyof typeof REPLIES)[],
  leavesOut: Parameters<typeof finished>[3],
): readonly number[] =>
  finished({ laneKind: 'thread' }, COMPOSITION, recordsOf(...kinds), leavesOut).map(({ index }) => index);

it('a task that throws fails its batch, which goes on under load: what has finished is left', () => {
  expect(() => doneOf(['ok', 'failed', 'ok'], false)).toThrow(TaskFailure);
  expect(doneOf(['ok', 'failed', 'ok'], 'unless-all')).toEqual([0, 2]);
  expect(doneOf(['ok', 'ok'], false)).toEqual([0, 1]);
});

it('half of a batch may consist of tasks that throw, of which nothing is left', () => {
  expect(doneOf(['failed', 'failed'], 'always')).toEqual([]);
  expect(doneOf(['ok', 'failed'], 'always')).toEqual([0]);
  expect(() => doneOf(['failed', 'lost'], 'always')).toThrow(TaskFailure);
});

it('a batch fails under load, too, if every task throws, or one is lost with its worker', () => {
  expect(() => doneOf(['failed', 'failed'], 'unless-all')).toThrow(TaskFailure);
  expect(() => doneOf(['ok', 'failed', 'lost'], 'unless-all')).toThrow(TaskFailure);
});
