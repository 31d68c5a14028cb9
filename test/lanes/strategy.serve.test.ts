/** The common contract of all strategies for tasks that arrive one by one: in order, at most as many as fit, each recorded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { queues, strategies } from '../../dist/src/lanes/registry.js';
import type { BatchStrategy, OpeningSettings, ServedRecord } from '../../dist/src/lanes/strategy.js';
import type { BuiltInStrategy, QueueStrategy } from '../../dist/src/model/strategies.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

/** Number of tasks that can run at once, with two lanes where there are lanes. */
const CAPACITIES: Readonly<Record<BuiltInStrategy | QueueStrategy, number>> = {
  sequential: 1,
  'event-loop': 3,
  'worker-threads': 2,
  'child-processes': 2,
  'thread-per-task': 2,
  'process-per-task': 2,
  bullmq: 2,
};
/** Without a server, there is no queue. */
const canStart = (kind: 'redis' | 'postgres'): Promise<boolean> =>
  startQueueServer(kind).then(
    (server) => server.close().then(() => true),
    () => false,
  );
const [hasServer, hasPostgres] = await Promise.all([canStart('redis'), canStart('postgres')]);
const QUEUE = { name: 'test', lockMs: 60_000, mostTasks: 150 };
const QUEUES: readonly QueueStrategy[] = hasServer ? (Object.keys(queues) as QueueStrategy[]) : [];
const ALL = [...(Object.keys(strategies).filter((name) => name in CAPACITIES) as BuiltInStrategy[]), ...QUEUES];

const TASK = `
import { setTimeout as sleep } from 'node:timers/promises';
export default {
  async task({ ms, fail, exit }) {
    await sleep(ms);
    if (exit) process.exit(3);
    if (fail) throw new RangeError('no good');
    return ms;
  },
};`;

const open = new Set<BatchStrategy>();
afterEach(async () => {
  await Promise.all([...open].map((lanes) => lanes.close()));
  open.clear();
});

async function openLanes(
  name: BuiltInStrategy | QueueStrategy,
  { concurrency = 1, ...settings }: Partial<OpeningSettings> & { readonly concurrency?: number } = {},
): Promise<NonNullable<BatchStrategy['serve']>> {
  const openStrategy = await { ...strategies, ...queues }[name]();
  const lane = {
    workload: { url: await folder.module(TASK) },
    params: {},
    services: {},
    cell: 'work/cell',
    concurrency: name === 'event-loop' ? 3 : concurrency,
  };
  const lanes = await openStrategy(lane, { poolSize: 2, atomics: 'sync', transferOf: undefined, ...settings });
  open.add(lanes);
  if (lanes.serve === undefined) throw new Error('it cannot serve single tasks');
  return lanes.serve;
}

function serveAll(
  serve: NonNullable<BatchStrategy['serve']>,
  inputs: readonly { readonly ms: number; readonly fail?: true; readonly exit?: true }[],
): Promise<readonly ServedRecord[]> {
  return Promise.all(inputs.map((input, index) => serve({ index, input, traced: false, verified: true })));
}

/** The most tasks that ran at the same instant. */
function mostAtOnce(records: readonly ServedRecord[]): number {
  const spans = records.flatMap(({ reply }) => (reply.status === 'ok' ? [reply] : []));
  return Math.max(
    ...spans.map(
      ({ startedNs }) => spans.filter((one) => one.startedNs <= startedNs && startedNs < one.finishedNs).length,
    ),
  );
}

describe.each(ALL)('%s, with tasks that arrive one by one', (name) => {
  // Most of what these rules take is the start of lanes.
  let serve: NonNullable<BatchStrategy['serve']>;
  let shared: readonly BatchStrategy[];
  beforeAll(async () => {
    serve = await openLanes(name);
    shared = [...open];
    open.clear();
  });
  afterAll(() => Promise.all(shared.map((lanes) => lanes.close())));

  it('runs them in the order of arrival, at most as many at once as fit', async () => {
    const records = await serveAll(
      serve,
      Array.from({ length: 5 }, () => ({ ms: 25 })),
    );
    expect(records.map(({ reply }) => reply.status)).toEqual(Array.from({ length: 5 }, () => 'ok'));
    expect(mostAtOnce(records)).toBeLessThanOrEqual(CAPACITIES[name]);
    const dispatched = records.map(({ submittedNs }) => submittedNs);
    // Two workers that ask a queue at once may change places.
    const places = QUEUES.some((queue) => queue === name) ? CAPACITIES[name] : 1;
    for (let task = places; task < dispatched.length; task++)
      expect(dispatched[task]).toBeGreaterThanOrEqual(dispatched[task - places] ?? Number.POSITIVE_INFINITY);
    // The last one had to wait for a result.
    expect(dispatched.at(-1)).toBeGreaterThan(records[0]?.receivedNs ?? Number.POSITIVE_INFINITY);
  });

  it('records each with its digest and its times, in their order', async () => {
    const [record] = await serveAll(serve, [{ ms: 5 }]);
    const { submittedNs, receivedNs, reply } = record as ServedRecord;
    if (reply.status !== 'ok') throw new Error('it was not done');
    expect(reply.digest).toEqual(expect.any(String));
    const times = [submittedNs, reply.startedNs, reply.finishedNs, receivedNs];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('lets one fail without the others', async () => {
    const records = await serveAll(serve, [{ ms: 5 }, { ms: 5, fail: true }, { ms: 5 }, { ms: 5 }]);
    expect(records.map(({ reply }) => reply.status)).toEqual(['ok', 'failed', 'ok', 'ok']);
  });
});

describe.each(ALL)('the queue of %s', (name) => {
  it('rejects a task that finds as many waiting as may, at once, and runs the others', async () => {
    const most = CAPACITIES[name] + 2;
    const serve = await openLanes(name, { maxQueue: 2 });
    const records = await serveAll(
      serve,
      Array.from({ length: most + 2 }, () => ({ ms: 40 })),
    );
    const statuses = records.map(({ reply }) => reply.status);
    expect(statuses).toEqual([...Array.from({ length: most }, () => 'ok'), 'rejected', 'rejected']);
    expect(records.at(-1)?.receivedNs).toBeLessThan(records[0]?.receivedNs ?? 0);
    // There is room again.
    expect((await serve({ index: 0, input: { ms: 1 }, traced: false, verified: true })).reply.status).toBe('ok');
  });
});

describe.each(['worker-threads', 'child-processes'] as const)('%s with several tasks in each worker', (name) => {
  it('starts them in the order of arrival', async () => {
    const records = await serveAll(
      await openLanes(name, { concurrency: 2 }),
      Array.from({ length: 12 }, () => ({ ms: 10 })),
    );
    const started = records.map(({ reply }) => (reply.status === 'ok' ? reply.startedNs : 0));
    // Those of two workers that start together may change places: four at once.
    for (let task = 4; task < started.length; task++)
      expect(started[task]).toBeGreaterThan(started[task - 4] ?? Number.POSITIVE_INFINITY);
    const dispatched = records.map(({ submittedNs }) => submittedNs);
    expect(dispatched).toEqual(dispatched.toSorted((a, b) => a - b));
  });
});

describe.each(['worker-threads', 'child-processes', 'thread-per-task', 'process-per-task', ...QUEUES] as const)(
  'a worker of %s that dies with a task',
  (name) => {
    it('is named in the record of the task, and all tasks get a record', async () => {
      const records = await serveAll(await openLanes(name), [{ ms: 20, exit: true }, { ms: 5 }, { ms: 5 }, { ms: 5 }]);
      expect(records).toHaveLength(4);
      const [{ reply } = { reply: undefined }] = records;
      expect(reply).toMatchObject({ status: 'lost', lane: expect.any(Number), error: { message: expect.any(String) } });
    });
  },
);

describe.runIf(hasPostgres)('bullmq on PostgreSQL, which loses events', () => {
  it('has a reply for each task that arrives by itself', async () => {
    const serve = await openLanes('bullmq', { concurrency: 4, queue: { ...QUEUE, kind: 'postgres' } });
    const records: Promise<ServedRecord>[] = [];
    for (let index = 0; index < 150; index++) {
      records.push(serve({ index, input: { ms: 2 }, traced: false, verified: true }));
      await sleep(4);
    }
    const statuses = (await Promise.all(records)).map(({ reply }) => reply.status);
    expect(new Set(statuses)).toEqual(new Set(['ok']));
  });
});

describe('Piscina', () => {
  it('puts a waiting task behind the others with each result, unless the order is kept', async () => {
    const inputs = Array.from({ length: 7 }, () => ({ ms: 10 }));
    const orderOf = async (stricterFifo: boolean): Promise<readonly number[]> => {
      const records = await serveAll(await openLanes('worker-threads', { poolSize: 1, stricterFifo }), inputs);
      expect(records.every(({ reply }) => reply.status === 'ok')).toBe(true);
      return records.toSorted((a, b) => a.submittedNs - b.submittedNs).map(({ index }) => index);
    };
    expect(await orderOf(true)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    // With the result of 0, task 1 starts and 2 is taken, finds no free thread and goes behind 6, and so on.
    expect(await orderOf(false)).toEqual([0, 1, 3, 5, 2, 6, 4]);
  });
});
