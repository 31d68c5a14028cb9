import { expect, it } from 'vitest';
import { roomForEach } from '../../dist/src/lanes/queue-stamps.js';
import type { TaskRecord } from '../../dist/workers/contract.js';

function record(index: number, lane: number, startedNs: number, endNs: number): TaskRecord {
  const reply = {
    status: 'ok',
    lane,
    startedNs,
    finishedNs: endNs,
    digestedNs: endNs,
    digest: null,
    output: true,
  } as const;
  return { index, submittedNs: 0, receivedNs: 0, reply };
}

it('a worker of a queue has room for a task when it has ended the one before', () => {
  const records = [record(0, 0, 10, 20), record(1, 1, 11, 50), record(2, 0, 23, 30), record(3, 0, 34, 40)];
  expect([...roomForEach(records, 5, 1)].toSorted(([a], [b]) => a - b)).toEqual([
    [0, 5],
    [1, 5],
    [2, 20],
    [3, 30],
  ]);
});

it('one that runs two at once has room when one of them ends', () => {
  const records = [record(0, 0, 10, 40), record(1, 0, 11, 20), record(2, 0, 22, 30), record(3, 0, 33, 60)];
  expect([...roomForEach(records, 5, 2)].toSorted(([a], [b]) => a - b)).toEqual([
    [0, 5],
    [1, 5],
    [2, 20],
    [3, 30],
  ]);
});

it('a task never starts before there was room, even if more run than should', () => {
  expect(roomForEach([record(0, 0, 10, 40), record(1, 0, 12, 20)], 5, 1).get(1)).toBe(12);
});
