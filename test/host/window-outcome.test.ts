import { expect, it } from 'vitest';
import { windowOutcome } from '../../dist/src/host/window-outcome.js';
import type { TaskReply } from '../../dist/workers/contract.js';

const DONE: TaskReply = {
  status: 'ok',
  lane: 0,
  startedNs: 1,
  finishedNs: 2,
  digestedNs: 2,
  digest: null,
  output: true,
};
const threw = (message: string): TaskReply => ({ status: 'failed', lane: 0, error: { name: 'Error', message } });

/** A window of such tasks, of which the first does not count. */
function outcomeOf(replies: readonly TaskReply[]) {
  const window = {
    rate: 10,
    dueMs: replies.map((_, index) => index),
    inputs: replies.map((_, index) => index),
    settling: 1,
    objectiveMs: 50,
    quantile: 0.99,
    mostUnfinished: 20,
    keepsRequests: false,
  };
  const requests = replies.map((reply, index) => ({
    dueNs: 0,
    acceptedNs: 0,
    record: { index, submittedNs: 0, receivedNs: 3, reply },
  }));
  return windowOutcome(window, replies.length, 'thread', { requests, startNs: 0 });
}

it('a window has the first error of the tasks that count', () => {
  const { thrown, reading } = outcomeOf([threw('too early'), DONE, threw('first'), threw('second')]);
  expect(thrown?.message).toBe('first');
  expect(reading.failed).toBe(2);
});

it('a window whose tasks threw only while it settled has no error', () => {
  const { thrown, reading } = outcomeOf([threw('too early'), DONE]);
  expect(thrown).toBeUndefined();
  expect(reading.failed).toBe(0);
});
