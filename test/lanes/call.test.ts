/** The common contract of all strategies for a task outside a batch: a promise, which may fail and can be cancelled. */
import { afterEach, describe, expect, it } from 'vitest';
import type { CallEnd } from '../../dist/src/lanes/call.js';
import { strategies } from '../../dist/src/lanes/registry.js';
import type { Strategy } from '../../dist/src/lanes/strategy.js';
import type { BuiltInStrategy } from '../../dist/src/model/strategies.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

/** Number of tasks that can run at once, of two lanes with two tasks in flight each. */
const CAPACITIES: Readonly<Record<BuiltInStrategy, number>> = {
  sequential: 1,
  'event-loop': 2,
  'worker-threads': 4,
  'child-processes': 4,
  'thread-per-task': 2,
  'process-per-task': 2,
};
const ALL = Object.keys(CAPACITIES) as BuiltInStrategy[];
const ON_THE_MAIN_THREAD = new Set<BuiltInStrategy>(['sequential', 'event-loop']);
const ELSEWHERE = ALL.filter((name) => !ON_THE_MAIN_THREAD.has(name));

const TASK = `
import { setTimeout as sleep } from 'node:timers/promises';
export default {
  async task({ ms, fail, value }, { signal, params }) {
    await sleep(ms, undefined, { signal });
    if (fail) throw new RangeError('no good');
    return [value, params.unit];
  },
};`;

const open = new Set<Strategy>();
afterEach(async () => {
  await Promise.all([...open].map((lanes) => lanes.close()));
  open.clear();
});

async function openLanes(
  name: BuiltInStrategy,
  { poolSize = 2, concurrency = name === 'event-loop' ? 2 : 1, source = TASK } = {},
): Promise<Strategy> {
  const lane = {
    workload: { url: await folder.module(source) },
    params: { unit: 7 },
    services: {},
    cell: 'work/cell',
    concurrency,
  };
  const openStrategy = await strategies[name]();
  const lanes = await openStrategy(lane, { poolSize, atomics: 'sync', transferOf: undefined });
  open.add(lanes);
  return lanes;
}

const FOR_EVER_MS = 60_000;
const outcomes = (all: readonly CallEnd[]): string[] => all.map(({ outcome }) => outcome);

/** A signal that is aborted once the task is surely in its lane, even if the lane is started for it. */
function abortLater(lanes: Strategy): AbortSignal {
  const cancelling = new AbortController();
  setTimeout(() => cancelling.abort(), lanes.keepsLanes ? 40 : 1000);
  return cancelling.signal;
}

describe.each(ALL)('%s', (name) => {
  it('returns the output of each task, its lane and when it ran', async () => {
    const lanes = await openLanes(name);
    const beforeNs = Number(process.hrtime.bigint());
    const ended = await Promise.all([20, 10, 1].map((ms, index) => lanes.call({ index, input: { ms, value: index } })));
    expect(ended.map((each) => (each.outcome === 'done' ? each.output : each.error))).toEqual([
      [0, 7],
      [1, 7],
      [2, 7],
    ]);
    for (const { ran, lane } of ended) {
      expect(lane).toBeGreaterThanOrEqual(0);
      expect(ran?.startedNs).toBeGreaterThan(beforeNs);
      expect(ran?.finishedNs).toBeGreaterThan(ran?.startedNs ?? Number.NaN);
    }
  });

  it('reports a failed task, and finishes the others', async () => {
    const lanes = await openLanes(name);
    const inputs = [{ ms: 5, fail: true }, { ms: 30 }, { ms: 1 }];
    const ended = await Promise.all(inputs.map((input, index) => lanes.call({ index, input })));
    expect(outcomes(ended)).toEqual(['failed', 'done', 'done']);
    const [first] = ended;
    expect(first?.outcome === 'failed' && first.error).toMatchObject({ name: 'RangeError', message: 'no good' });
    expect(first?.ran?.finishedNs).toBeGreaterThan(first?.ran?.startedNs ?? Number.NaN);
    expect(await lanes.lanesLost()).toBe(0);
  });

  it('ends a task that is cancelled while it runs, and no other one', async () => {
    const lanes = await openLanes(name);
    const cancelled = lanes.call({ index: 0, input: { ms: FOR_EVER_MS } }, abortLater(lanes));
    const other = lanes.call({ index: 1, input: { ms: 60, value: 'other' } });
    expect(await cancelled).toMatchObject({
      outcome: 'cancelled',
      error: { name: 'AbortError' },
      ran: { runs: expect.any(Array) },
    });
    expect(await other).toMatchObject({ outcome: 'done', output: ['other', 7] });
  });

  it('cancels a task that is aborted at once, whether it has reached a lane or not', async () => {
    const lanes = await openLanes(name);
    const cancelling = new AbortController();
    const tasks = Array.from({ length: 5 }, (_, index) =>
      lanes.call({ index, input: { ms: FOR_EVER_MS } }, cancelling.signal),
    );
    cancelling.abort();
    expect(outcomes(await Promise.all(tasks))).toEqual(Array.from({ length: 5 }, () => 'cancelled'));
  });

  it('removes a cancelled task from the queue', async () => {
    const lanes = await openLanes(name, { poolSize: 1, concurrency: 1 });
    const cancelling = new AbortController();
    const first = lanes.call({ index: 0, input: { ms: 60 } });
    const waiting = lanes.call({ index: 1, input: { ms: FOR_EVER_MS } }, cancelling.signal);
    const last = lanes.call({ index: 2, input: { ms: 1 } });
    cancelling.abort();
    expect(await waiting).toMatchObject({ outcome: 'cancelled', error: { name: 'AbortError' } });
    expect((await waiting).ran).toBeUndefined();
    expect(outcomes(await Promise.all([first, last]))).toEqual(['done', 'done']);
    expect(await lanes.lanesLost()).toBe(0);
  });

  it('runs as many tasks at once as it has room for', async () => {
    const lanes = await openLanes(name, { concurrency: 2 });
    const ms = lanes.keepsLanes ? 60 : 1000;
    const ended = await Promise.all(Array.from({ length: 6 }, (_, index) => lanes.call({ index, input: { ms } })));
    const spans = ended.flatMap(({ ran }) => ran ?? []);
    const under = spans.map(
      ({ startedNs }) => spans.filter((other) => other.startedNs <= startedNs && startedNs < other.finishedNs).length,
    );
    expect(Math.max(...under)).toBe(CAPACITIES[name]);
  });
});

describe.each(ELSEWHERE)('%s', (name) => {
  it('loses the lane of a task that is cancelled while it runs, and reports which', async () => {
    const lanes = await openLanes(name);
    const running = lanes.call({ index: 0, input: { ms: FOR_EVER_MS } }, abortLater(lanes));
    const other = lanes.call({ index: 1, input: { ms: 80 } });
    const [lost, kept] = [await running, await other];
    expect(new Set([lost.lane, kept.lane])).toEqual(new Set([0, 1]));
    expect(await lanes.lanesLost()).toBe(1);
  });

  it('distinguishes a failed task from a cancelled one after losing a lane', async () => {
    const lanes = await openLanes(name);
    await lanes.call({ index: 0, input: { ms: FOR_EVER_MS } }, abortLater(lanes));
    await lanes.lanesLost();
    const ended = await lanes.call({ index: 1, input: { ms: 1, fail: () => true } });
    expect(ended).toMatchObject({ outcome: 'failed', error: { name: 'DataCloneError' } });
  });
});

describe('worker-threads', () => {
  it('replaces a thread that was cancelled with its task by a new lane', async () => {
    const lanes = await openLanes('worker-threads', { poolSize: 1 });
    const cancelled = (index: number): Promise<CallEnd> =>
      lanes.call({ index, input: { ms: FOR_EVER_MS } }, abortLater(lanes));
    expect(await cancelled(0)).toMatchObject({ outcome: 'cancelled', lane: 0 });
    expect(await lanes.call({ index: 1, input: { ms: 1 } })).toMatchObject({ outcome: 'done', lane: 1 });
    expect(await cancelled(2)).toMatchObject({ outcome: 'cancelled', lane: 1 });
    expect(await lanes.lanesLost()).toBe(2);
  });
});

describe('child-processes', () => {
  it('fails queued tasks when all lanes have ended', async () => {
    const lanes = await openLanes('child-processes', { poolSize: 1 });
    const cancelled = lanes.call({ index: 0, input: { ms: FOR_EVER_MS } }, abortLater(lanes));
    const waiting = lanes.call({ index: 1, input: { ms: 1 } });
    expect((await cancelled).outcome).toBe('cancelled');
    for (const ended of [await waiting, await lanes.call({ index: 2, input: { ms: 1 } })])
      expect(ended).toMatchObject({ outcome: 'failed', error: { name: 'NoLaneLeft' } });
  });

  it('dispatches no task to a lane that has ended unexpectedly', async () => {
    const source = 'export default (input) => { if (input === 0) process.exit(3); return input; };';
    const lanes = await openLanes('child-processes', { poolSize: 2, source });
    expect(await lanes.call({ index: 0, input: 0 })).toMatchObject({ outcome: 'failed', lane: 0 });
    for (const index of [1, 2, 3])
      expect(await lanes.call({ index, input: index })).toMatchObject({ outcome: 'done', lane: 1 });
    expect(await lanes.lanesLost()).toBe(0);
  });
});

describe('event-loop', () => {
  it('calls a task at once, and returns the very value that it throws', async () => {
    const source =
      'globalThis.calls = 0; export default async () => { globalThis.calls += 1; throw globalThis.thrown = new Error("mine") }';
    const lanes = await openLanes('event-loop', { source });
    const ended = lanes.call({ index: 0, input: undefined });
    expect(Reflect.get(globalThis, 'calls')).toBe(1);
    const end = await ended;
    expect(end).toMatchObject({ outcome: 'failed', lane: 0 });
    expect(end.outcome === 'failed' && end.error).toBe(Reflect.get(globalThis, 'thrown'));
  });
});
