/** The common contract of all strategies for tasks that arrive one by one: in order, at most as many as fit, each recorded. */
import { afterEach, describe, expect, it } from 'vitest';
import { strategies } from '../../dist/src/lanes/registry.js';
import type { Strategy } from '../../dist/src/lanes/strategy.js';
import type { BuiltInStrategy } from '../../dist/src/model/strategies.js';
import type { TaskRecord } from '../../dist/workers/contract.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

/** Number of tasks that can run at once, with two lanes where there are lanes. */
const CAPACITIES: Readonly<Record<BuiltInStrategy, number>> = {
  sequential: 1,
  'event-loop': 3,
  'worker-threads': 2,
  'child-processes': 2,
  'thread-per-task': 2,
  'process-per-task': 2,
};
const ALL = Object.keys(CAPACITIES) as BuiltInStrategy[];

const TASK = `
import { setTimeout as sleep } from 'node:timers/promises';
export default {
  async task({ ms, fail }) {
    await sleep(ms);
    if (fail) throw new RangeError('no good');
    return ms;
  },
};`;

const open = new Set<Strategy>();
afterEach(async () => {
  await Promise.all([...open].map((lanes) => lanes.close()));
  open.clear();
});

async function openLanes(name: BuiltInStrategy): Promise<NonNullable<Strategy['serve']>> {
  const openStrategy = await strategies[name]();
  const lane = {
    workload: { url: await folder.module(TASK) },
    params: {},
    services: {},
    cell: 'work/cell',
    concurrency: name === 'event-loop' ? 3 : 1,
  };
  const lanes = await openStrategy(lane, { poolSize: 2, atomics: 'sync', transferOf: undefined });
  open.add(lanes);
  if (lanes.serve === undefined) throw new Error('it cannot serve single tasks');
  return lanes.serve;
}

function serveAll(
  serve: NonNullable<Strategy['serve']>,
  inputs: readonly { readonly ms: number; readonly fail?: true }[],
): Promise<readonly TaskRecord[]> {
  return Promise.all(inputs.map((input, index) => serve({ index, input, traced: false, verified: true })));
}

/** The most tasks that ran at the same instant. */
function mostAtOnce(records: readonly TaskRecord[]): number {
  const spans = records.flatMap(({ reply }) => (reply.status === 'ok' ? [reply] : []));
  return Math.max(
    ...spans.map(
      ({ startedNs }) => spans.filter((one) => one.startedNs <= startedNs && startedNs < one.finishedNs).length,
    ),
  );
}

describe.each(ALL)('%s, with tasks that arrive one by one', (name) => {
  it('runs them in the order of arrival, at most as many at once as fit', async () => {
    const records = await serveAll(
      await openLanes(name),
      Array.from({ length: 5 }, () => ({ ms: 25 })),
    );
    expect(records.map(({ reply }) => reply.status)).toEqual(Array.from({ length: 5 }, () => 'ok'));
    expect(mostAtOnce(records)).toBeLessThanOrEqual(CAPACITIES[name]);
    const dispatched = records.map(({ submittedNs }) => submittedNs);
    expect(dispatched).toEqual(dispatched.toSorted((a, b) => a - b));
    // The last one had to wait for a result.
    expect(dispatched.at(-1)).toBeGreaterThan(records[0]?.receivedNs ?? Number.POSITIVE_INFINITY);
  });

  it('records each with its digest and its times, in their order', async () => {
    const [record] = await serveAll(await openLanes(name), [{ ms: 5 }]);
    const { submittedNs, receivedNs, reply } = record as TaskRecord;
    if (reply.status !== 'ok') throw new Error('it was not done');
    expect(reply.digest).toEqual(expect.any(String));
    const times = [submittedNs, reply.startedNs, reply.finishedNs, receivedNs];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('lets one fail without the others', async () => {
    const records = await serveAll(await openLanes(name), [{ ms: 5 }, { ms: 5, fail: true }, { ms: 5 }, { ms: 5 }]);
    expect(records.map(({ reply }) => reply.status)).toEqual(['ok', 'failed', 'ok', 'ok']);
  });
});
