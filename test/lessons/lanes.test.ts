/** One contract for the lanes of all strategies: a task is a promise, that may fail, and that can be cancelled. */
import { afterEach, describe, expect, it } from 'vitest';
import { openChildren } from '../../dist/src/lessons/lanes/children.js';
import type { Ended, Lanes, OpenLanes } from '../../dist/src/lessons/lanes/lanes.js';
import { openMainLoop } from '../../dist/src/lessons/lanes/main-loop.js';
import { openThreads } from '../../dist/src/lessons/lanes/threads.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

const KINDS: readonly (readonly [string, OpenLanes])[] = [
  ['the event loop', openMainLoop],
  ['threads', openThreads],
  ['child processes', openChildren],
];
const POOLS = KINDS.slice(1);

const TASK = `
import { setTimeout as sleep } from 'node:timers/promises';
export default {
  async task({ ms, fail, value }, { signal, params }) {
    await sleep(ms, undefined, { signal });
    if (fail) throw new RangeError('no good');
    return [value, params.unit];
  },
};`;

const open = new Set<Lanes>();
afterEach(async () => {
  await Promise.all([...open].map((lanes) => lanes.close()));
  open.clear();
});

async function openWith(openLanes: OpenLanes, { poolSize = 2, inFlight = 1 } = {}): Promise<Lanes> {
  const workload = { url: await folder.module(TASK) };
  const lanes = await openLanes({ workload, params: { unit: 7 }, services: {}, cell: 'lesson', inFlight }, poolSize);
  open.add(lanes);
  return lanes;
}

const FOR_EVER_MS = 60_000;
const outcomes = (all: readonly Ended[]): string[] => all.map(({ outcome }) => outcome);

describe.each(KINDS)('%s', (_name, openLanes) => {
  it('answers with the output of each task, its lane and when it ran', async () => {
    const lanes = await openWith(openLanes);
    const beforeNs = Number(process.hrtime.bigint());
    const ended = await Promise.all(
      [20, 10, 1].map((ms, index) => lanes.run({ index, input: { ms, value: index } }, undefined)),
    );
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

  it('tells of one that fails, and lets the others be', async () => {
    const lanes = await openWith(openLanes);
    const inputs = [{ ms: 5, fail: true }, { ms: 30 }, { ms: 1 }];
    const ended = await Promise.all(inputs.map((input, index) => lanes.run({ index, input }, undefined)));
    expect(outcomes(ended)).toEqual(['failed', 'done', 'done']);
    const [first] = ended;
    expect(first?.outcome === 'failed' && first.error).toMatchObject({ name: 'RangeError', message: 'no good' });
    expect(first?.ran?.finishedNs).toBeGreaterThan(first?.ran?.startedNs ?? Number.NaN);
    expect(await lanes.lanesLost()).toBe(0);
  });

  it('ends one that is cancelled while it runs, and no other one', async () => {
    const lanes = await openWith(openLanes);
    const cancelling = new AbortController();
    const cancelled = lanes.run({ index: 0, input: { ms: FOR_EVER_MS } }, cancelling.signal);
    const other = lanes.run({ index: 1, input: { ms: 60, value: 'other' } }, undefined);
    setTimeout(() => cancelling.abort(), 30);
    expect(await cancelled).toMatchObject({
      outcome: 'cancelled',
      error: { name: 'AbortError' },
      ran: { runs: expect.any(Array) },
    });
    expect(await other).toMatchObject({ outcome: 'done', output: ['other', 7] });
  });
});

describe.each(POOLS)('a pool of %s', (_name, openLanes) => {
  it('loses the lane of a task that is cancelled while it runs, and says which it was', async () => {
    const lanes = await openWith(openLanes);
    const cancelling = new AbortController();
    const running = lanes.run({ index: 0, input: { ms: FOR_EVER_MS } }, cancelling.signal);
    const other = lanes.run({ index: 1, input: { ms: 80 } }, undefined);
    setTimeout(() => cancelling.abort(), 40);
    const [lost, kept] = [await running, await other];
    expect(new Set([lost.lane, kept.lane])).toEqual(new Set([0, 1]));
    expect(await lanes.lanesLost()).toBe(1);
  });

  it('cancels what is aborted in the same moment, whether it has reached a lane or not', async () => {
    const lanes = await openWith(openLanes);
    const cancelling = new AbortController();
    const tasks = Array.from({ length: 5 }, (_, index) =>
      lanes.run({ index, input: { ms: FOR_EVER_MS } }, cancelling.signal),
    );
    cancelling.abort();
    expect(outcomes(await Promise.all(tasks))).toEqual(Array.from({ length: 5 }, () => 'cancelled'));
  });

  it('tells a task that fails from one that is cancelled, when a lane has been lost', async () => {
    const lanes = await openWith(openLanes);
    const cancelling = new AbortController();
    const cancelled = lanes.run({ index: 0, input: { ms: FOR_EVER_MS } }, cancelling.signal);
    setTimeout(() => cancelling.abort(), 30);
    await cancelled;
    await lanes.lanesLost();
    const ended = await lanes.run({ index: 1, input: { ms: 1, fail: () => true } }, undefined);
    expect(ended).toMatchObject({ outcome: 'failed', error: { name: 'DataCloneError' } });
  });

  it('takes one that waits for a lane out of the queue', async () => {
    const lanes = await openWith(openLanes, { poolSize: 1 });
    const cancelling = new AbortController();
    const first = lanes.run({ index: 0, input: { ms: 60 } }, undefined);
    const waiting = lanes.run({ index: 1, input: { ms: FOR_EVER_MS } }, cancelling.signal);
    const last = lanes.run({ index: 2, input: { ms: 1 } }, undefined);
    cancelling.abort();
    expect(await waiting).toMatchObject({ outcome: 'cancelled', error: { name: 'AbortError' } });
    expect((await waiting).ran).toBeUndefined();
    expect(outcomes(await Promise.all([first, last]))).toEqual(['done', 'done']);
    expect(await lanes.lanesLost()).toBe(0);
  });

  it('has as many under way as there is room for', async () => {
    const lanes = await openWith(openLanes, { poolSize: 2, inFlight: 2 });
    const ended = await Promise.all(
      Array.from({ length: 6 }, (_, index) => lanes.run({ index, input: { ms: 60 } }, undefined)),
    );
    const spans = ended.flatMap(({ ran }) => ran ?? []);
    const under = spans.map(
      ({ startedNs }) => spans.filter((other) => other.startedNs <= startedNs && startedNs < other.finishedNs).length,
    );
    expect(Math.max(...under)).toBe(4);
  });
});

it('starts another thread for one that was cancelled with its task, and knows it as a lane of its own', async () => {
  const lanes = await openWith(openThreads, { poolSize: 1 });
  const cancelAfter = async (index: number, ms: number): Promise<Ended> => {
    const cancelling = new AbortController();
    setTimeout(() => cancelling.abort(), ms);
    return lanes.run({ index, input: { ms: FOR_EVER_MS } }, cancelling.signal);
  };
  expect(await cancelAfter(0, 50)).toMatchObject({ outcome: 'cancelled', lane: 0 });
  expect(await lanes.run({ index: 1, input: { ms: 1 } }, undefined)).toMatchObject({ outcome: 'done', lane: 1 });
  expect(await cancelAfter(2, 50)).toMatchObject({ outcome: 'cancelled', lane: 1 });
  expect(await lanes.lanesLost()).toBe(2);
});

it('has no process left when all have ended, and says so to those that wait', async () => {
  const lanes = await openWith(openChildren, { poolSize: 1 });
  const cancelling = new AbortController();
  const cancelled = lanes.run({ index: 0, input: { ms: FOR_EVER_MS } }, cancelling.signal);
  const waiting = lanes.run({ index: 1, input: { ms: 1 } }, undefined);
  setTimeout(() => cancelling.abort(), 30);
  expect((await cancelled).outcome).toBe('cancelled');
  for (const ended of [await waiting, await lanes.run({ index: 2, input: { ms: 1 } }, undefined)])
    expect(ended).toMatchObject({ outcome: 'failed', error: { name: 'NoLaneLeft' } });
});

it('calls a coroutine on the event loop at once, and gives back what it throws itself', async () => {
  const url = await folder.module(
    'globalThis.lessonCalls = 0; export default async () => { globalThis.lessonCalls += 1; throw globalThis.lessonError = new Error("mine") }',
  );
  const lanes = await openMainLoop({ workload: { url }, params: {}, services: {}, cell: 'lesson', inFlight: 1 });
  const ended = lanes.run({ index: 0, input: undefined }, undefined);
  expect(Reflect.get(globalThis, 'lessonCalls')).toBe(1);
  const { outcome, ...rest } = await ended;
  expect(outcome).toBe('failed');
  expect('error' in rest && rest.error).toBe(Reflect.get(globalThis, 'lessonError'));
});
