/** A queue delivers at least once, and promises no event: what the host makes of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LaneEndedError } from '../../dist/src/lanes/lane-ended-error.js';
import type { NumberedReply, QueueChannel } from '../../dist/src/lanes/queue-channel.js';
import { createDesk, type Desk } from '../../dist/src/lanes/queue-desk.js';
import type { TaskReply } from '../../dist/workers/contract.js';

/** A queue that does what the test says. */
class ScriptedQueue {
  isDone = false;
  readonly kept = new Map<string, NumberedReply>();
  runs: { readonly number: number; readonly worker: string }[] = [];
  fails = false;
  /** How long it takes to find a job. */
  pauseMs = 0;

  readonly channel: QueueChannel = {
    add: async (tasks) => {
      if (this.fails) throw new Error('no room');
      return tasks.map(([number]) => `job ${number}`);
    },
    running: async () => this.runs,
    isDone: async () => this.isDone,
    replyOf: async (id) => {
      const kept = this.kept.get(id);
      if (this.pauseMs > 0) await sleep(this.pauseMs);
      return kept;
    },
    trim: async () => undefined,
    listen: () => undefined,
    serverCpu: async () => undefined,
    close: async () => undefined,
  };
}

const reply = (number: number): NumberedReply => ({ number, reply: [0, 1, 2, 2, null, number] });

let queue: ScriptedQueue;
let desk: Desk;
let replies: Map<number, TaskReply>;

beforeEach(() => {
  queue = new ScriptedQueue();
  // It asks after a shorter silence.
  desk = createDesk('postgres');
  desk.open(queue.channel);
  replies = new Map();
});
afterEach(() => {
  desk.close();
});

function submit(count: number): Promise<void> {
  desk.submit(
    Array.from({ length: count }, (_, index) => ({
      task: { index, input: index, traced: false, verified: false },
      onReply: (one: TaskReply) => {
        expect(replies.has(index)).toBe(false);
        replies.set(index, one);
      },
    })),
  );
  return Promise.resolve();
}

const statuses = (): string[] => [...replies].toSorted(([a], [b]) => a - b).map(([, { status }]) => status);

describe('a task in a queue', () => {
  it('has the first reply that comes for it; another one is counted, since it ran twice', async () => {
    await submit(2);
    for (const number of [1, 0, 1]) desk.onReply(reply(number));
    expect(statuses()).toEqual(['ok', 'ok']);
    expect(desk.deliveries()).toEqual({ again: 1, fetched: 0 });
    expect(desk.deliveries()).toEqual({ again: 0, fetched: 0 });
    desk.abandon();
    desk.onReply(reply(0));
    expect(desk.deliveries().again).toBe(1);
    // Of a batch that has failed, nothing is awaited.
    replies.clear();
    await submit(1);
    desk.abandon();
    desk.onReply(reply(2));
    expect(desk.deliveries().again).toBe(0);
  });

  it('has its reply fetched if no event came, and is lost if there is none', async () => {
    await submit(3);
    desk.onReply(reply(0));
    queue.kept.set('job 1', reply(1));
    await sleep(100);
    // It may still run.
    expect(statuses()).toEqual(['ok']);
    queue.isDone = true;
    await expect.poll(statuses, { timeout: 5000 }).toEqual(['ok', 'ok', 'lost']);
    expect(desk.deliveries()).toEqual({ again: 0, fetched: 1 });
    expect(desk.unanswered()).toBe(0);
  });

  it('has not run twice if its event comes after its reply was fetched', async () => {
    await submit(1);
    queue.kept.set('job 0', reply(0));
    queue.isDone = true;
    await expect.poll(statuses, { timeout: 5000 }).toEqual(['ok']);
    desk.abandon();
    await submit(1);
    desk.onReply(reply(0));
    expect(desk.deliveries()).toEqual({ again: 0, fetched: 1 });
    desk.onReply(reply(0));
    expect(desk.deliveries().again).toBe(1);
  });

  it('has its reply fetched while others go on, once later tasks have theirs', async () => {
    await submit(40);
    queue.kept.set('job 0', reply(0));
    for (let number = 1; number < 40 && replies.size === number - 1; number++) {
      desk.onReply(reply(number));
      await sleep(10);
    }
    expect(replies.get(0)?.status).toBe('ok');
    expect(replies.size).toBeLessThan(40);
    expect(desk.deliveries()).toEqual({ again: 0, fetched: 1 });
  });

  it('is not lost for being between two states in one slow look', async () => {
    await submit(1);
    queue.isDone = true;
    queue.pauseMs = 150;
    await sleep(100);
    queue.kept.set('job 0', reply(0));
    await expect.poll(statuses, { timeout: 5000 }).toEqual(['ok']);
  });

  it('is lost with the worker that runs it, and with no other', async () => {
    await submit(3);
    queue.runs = [
      { number: 0, worker: 'lane-0' },
      { number: 1, worker: 'lane-1' },
    ];
    expect(await desk.running()).toEqual([
      { task: 0, lane: 0 },
      { task: 1, lane: 1 },
    ]);
    desk.laneEnded(new LaneEndedError(1, { name: 'ProcessEnded', message: 'gone' }));
    await sleep(5);
    expect([...replies]).toEqual([[1, expect.objectContaining({ status: 'lost', lane: 1 })]]);
  });

  it('fails its batch without being named if a worker ends that runs none', async () => {
    await submit(2);
    queue.runs = [{ number: 0, worker: 'lane-0' }];
    desk.laneEnded(new LaneEndedError(1, { name: 'ProtocolError', message: 'wrote' }));
    await sleep(5);
    expect([...replies.values()]).toEqual([expect.objectContaining({ status: 'lost', lane: 1, isOfAnother: true })]);
  });

  it('is lost with the connection, and so are all later ones', async () => {
    await submit(2);
    desk.onLost(new Error('ECONNRESET'));
    expect(statuses()).toEqual(['lost', 'lost']);
    replies.clear();
    await submit(1);
    expect(replies.get(0)).toMatchObject({ status: 'lost', error: { message: expect.stringContaining('ECONNRESET') } });
  });

  it('is lost if the queue refuses it or fails it', async () => {
    await submit(1);
    await sleep(5);
    desk.onFailed('job 0', 'stalled');
    expect(replies.get(0)).toMatchObject({ status: 'lost', error: { message: expect.stringContaining('stalled') } });
    replies.clear();
    queue.fails = true;
    await submit(2);
    await sleep(5);
    expect(statuses()).toEqual(['lost', 'lost']);
  });
});
