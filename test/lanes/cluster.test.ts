import { afterEach, describe, expect, it } from 'vitest';
import { openCluster } from '../../dist/src/lanes/cluster.js';
import type { BatchStrategy, LaneServer } from '../../dist/src/lanes/strategy.js';
import type { Task, TaskReply } from '../../workers/contract.ts';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const PATH = '/secret';
let opened: BatchStrategy | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

const taskOf = (index: number, input: unknown = index): Task => ({ index, input, traced: false, verified: true });

/** Two workers whose tasks return their process and what the input became. */
async function openWorkers(): Promise<BatchStrategy> {
  const url = await folder.module(
    `export default { async task(input) {
      if (input === 'end') process.exit(7);
      if (typeof input === 'object') input.times = (input.times ?? 0) + 1;
      return { pid: process.pid, times: input?.times };
    }, digest: ({ times }) => ({ times }) };`,
  );
  const assignment = { workload: { url }, params: {}, services: {}, cell: 'own/cluster@2', concurrency: 100 };
  opened = await openCluster(assignment, { poolSize: 2, atomics: 'sync', transferOf: undefined });
  return opened;
}

async function listen(strategy: BatchStrategy): Promise<LaneServer> {
  const server = await strategy.listen?.(PATH);
  if (server === undefined) throw new Error('it does not listen');
  return server;
}

async function request(port: number, index: number): Promise<TaskReply> {
  // A connection of its own.
  const answer = await fetch(`http://127.0.0.1:${port}${PATH}/t/${index}`, { headers: { connection: 'close' } });
  return ((await answer.json()) as { reply: TaskReply }).reply;
}

const laneOf = (reply: TaskReply): number | undefined => ('lane' in reply ? reply.lane : undefined);

describe('a cluster', () => {
  it('runs batches, to warm up, in all its workers', async () => {
    const strategy = await openWorkers();
    const records = await strategy.run([0, 1, 2, 3].map((index) => taskOf(index)));
    expect(new Set(records.map(({ reply }) => laneOf(reply)))).toEqual(new Set([0, 1]));
    expect(strategy.serve).toBeUndefined();
  });

  it('deals out connections to its workers, which run each task on their event loop', async () => {
    const strategy = await openWorkers();
    const { port, hold, release } = await listen(strategy);
    await hold(Array.from({ length: 8 }, (_, index) => taskOf(index)));
    const lanes: (number | undefined)[] = [];
    for (let index = 0; index < 8; index++) lanes.push(laneOf(await request(port, index)));
    expect(lanes.filter((lane) => lane === 0)).toHaveLength(4);
    expect(lanes.filter((lane) => lane === 1)).toHaveLength(4);
    const delays = await release();
    expect(delays?.length).toBeGreaterThan(0);
    expect(strategy.processIds()).toHaveLength(2);
  });

  it('gives every task an input of its own, although several bring the same', async () => {
    const { port, hold } = await listen(await openWorkers());
    const input = {};
    await hold([taskOf(0, input), taskOf(1, input), taskOf(2, input)]);
    const digests: (string | null)[] = [];
    for (let index = 0; index < 3; index++) {
      const reply = await request(port, index);
      digests.push(reply.status === 'ok' ? reply.digest : null);
    }
    expect(digests[0]).not.toBeNull();
    expect(new Set(digests).size).toBe(1);
  });

  it('that loses a worker says which, at the end of the window', async () => {
    const { port, hold, release } = await listen(await openWorkers());
    await hold([taskOf(0, 'end')]);
    await expect(request(port, 0)).rejects.toThrow('fetch failed');
    await expect(release()).rejects.toThrow(/child process [12] ended with exit code 7/);
  });
});
