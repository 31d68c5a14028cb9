import { describe, expect, it } from 'vitest';
import { lookAfter } from '../../dist/src/host/aftermath.js';
import type { BatchStrategy } from '../../dist/src/lanes/strategy.js';
import { nowNs } from '../../dist/workers/clock.js';
import { NO_USAGE } from '../../dist/workers/usage.js';

/**
 * A lane that works on after its batches as long as `worksOn` says so: seen from the host, a loop and CPU time. Its batches
 * take so much of it that what this process does meanwhile counts as little.
 */
function laneThat(worksOn: () => boolean): BatchStrategy & { readonly runBatch: () => void } {
  let [activeMs, batchesMs] = [0, 0];
  return {
    laneKind: 'process',
    keepsLanes: true,
    run: async () => [],
    underWay: () => [],
    activity: async () => [{ activeMs: (activeMs += worksOn() ? 500 : 0), pending: 0 }],
    usage: async () => ({ ...NO_USAGE, cpuMs: activeMs + batchesMs }),
    processIds: () => [],
    close: async () => [],
    runBatch: () => {
      batchesMs += 100_000;
    },
  };
}

/** CPU time, ms, of what goes on after a batch. */
const worked = (sinceMs: number): number => (sinceMs < 20 ? 0 : sinceMs < 200 ? 15 : 5000);

/** A batch of one task. @param output whether it has one */
const oneTask = (output: boolean) => async (atEnd: () => Promise<void>) => {
  const times = { startedNs: 0, finishedNs: 1, digestedNs: 1 };
  const reply = { status: 'ok', lane: 0, ...times, digest: null, output } as const;
  const records = [{ index: 0, submittedNs: 0, receivedNs: nowNs(), reply }];
  await atEnd();
  return { records };
};

describe('work after a batch', () => {
  it('is doubted if it is there after each of several batches, of which the first is the measured one', async () => {
    const lane = laneThat(() => true);
    let others = 0;
    const found = await lookAfter(
      lane,
      { tasks: 1, looks: 3 },
      async (atEnd) => {
        lane.runBatch();
        await atEnd();
        return { records: [], name: 'measured' };
      },
      async (atEnd) => {
        others += 1;
        lane.runBatch();
        await atEnd();
        return { records: [] };
      },
    );
    expect(found).toMatchObject({ batch: { name: 'measured' }, doubt: { kind: 'unawaited' } });
    expect(others).toBe(2);
  });

  it.each([
    ['before it answered', 500, 'unawaited'],
    ['between its result and the end of the batch, as sending an output does', 0, undefined],
  ])('counts what a lane did %s', async (_, answersAfterMs, kind) => {
    let looks = 0;
    const lane: BatchStrategy = {
      ...laneThat(() => false),
      activity: async () => {
        looks += 1;
        const isAnswer = looks % 3 === 2;
        if (isAnswer) await new Promise((resolve) => setTimeout(resolve, answersAfterMs));
        // 100 ms of a batch, then 500 more.
        const times = { activeMs: 600 * Math.ceil(looks / 3), cpuMs: 600 * Math.ceil(looks / 3) };
        const atResult = { activeMs: times.activeMs - 500, cpuMs: times.cpuMs - 500 };
        return [{ ...times, pending: 0, ...(isAnswer && { atResult }) }];
      },
      usage: async () => ({ ...NO_USAGE, cpuMs: 600 * Math.ceil(looks / 3) }),
    };
    const reply = { status: 'ok', lane: 0, startedNs: 0, finishedNs: 1e8, digestedNs: 1e8, output: true } as const;
    const run = async (atEnd: () => Promise<void>) => {
      const records = [{ index: 0, submittedNs: 0, receivedNs: nowNs(), reply: { ...reply, digest: null } }];
      await atEnd();
      return { records };
    };
    expect((await lookAfter(lane, { tasks: 1, looks: 2 }, run, run)).doubt?.kind).toBe(kind);
  });

  it.each([
    [false, 'unawaited'],
    [true, undefined],
  ])('is waited for longer if there is no output that proves it done (output: %s)', async (output, kind) => {
    let endedMs = Infinity;
    const lane: BatchStrategy = {
      ...laneThat(() => false),
      // Such as that of zlib in libuv's pool, which is not among what is pending, on a busy machine.
      usage: async () => ({ ...NO_USAGE, cpuMs: performance.now() - endedMs > 120 ? 5000 : 0 }),
    };
    const run = async (atEnd: () => Promise<void>) => {
      endedMs = performance.now();
      return oneTask(output)(atEnd);
    };
    expect((await lookAfter(lane, { tasks: 1, looks: 1 }, run, run)).doubt?.kind).toBe(kind);
  });

  it('is waited for longer if the first moment shows some of it, as on a busy machine', async () => {
    let endedMs = Infinity;
    const lane: BatchStrategy = {
      ...laneThat(() => false),
      // 15 ms of CPU time in the first moment, and more later.
      usage: async () => ({ ...NO_USAGE, cpuMs: worked(performance.now() - endedMs) }),
    };
    const run = async (atEnd: () => Promise<void>) => {
      const batch = await oneTask(true)(atEnd);
      endedMs = performance.now();
      return batch;
    };
    expect((await lookAfter(lane, { tasks: 1, looks: 1 }, run, run)).doubt?.kind).toBe('unawaited');
  });

  it('is not what loops do by themselves in the longer wait, such as timers of the module', async () => {
    let looks = 0;
    const lane: BatchStrategy = {
      ...laneThat(() => false),
      // 15 ms of a loop and of CPU time, only in the second look after the batch.
      activity: async () => [{ activeMs: ++looks >= 4 ? 15 : 0, pending: 0 }],
      usage: async () => ({ ...NO_USAGE, cpuMs: looks >= 4 ? 15 : 0 }),
    };
    const run = oneTask(false);
    expect((await lookAfter(lane, { tasks: 1, looks: 1 }, run, run)).doubt).toBeUndefined();
    expect(looks).toBe(4);
  });

  it('is not what this process does with the records', async () => {
    let ownMs = 0;
    const lane: BatchStrategy = {
      ...laneThat(() => false),
      activity: async () => [{ activeMs: ownMs, pending: 0 }],
      usage: async () => ({ ...NO_USAGE, cpuMs: ownMs }),
    };
    const run = async (atEnd: () => Promise<void>) => {
      const { records } = await oneTask(true)(atEnd);
      const costly = records.map(({ reply, ...record }) => ({
        ...record,
        get reply() {
          ownMs += 5000;
          return reply;
        },
      }));
      return { records: costly };
    };
    expect((await lookAfter(lane, { tasks: 1, looks: 1 }, run, run)).doubt).toBeUndefined();
    expect(ownMs).toBeGreaterThan(0);
  });

  it('is the runtime’s if it is not there after one of them', async () => {
    let others = 0;
    const lane = laneThat(() => others < 2);
    const run = async (atEnd: () => Promise<void>) => {
      lane.runBatch();
      await atEnd();
      return { records: [] };
    };
    const found = await lookAfter(lane, { tasks: 1, looks: 5 }, run, async (atEnd) => {
      others += 1;
      return run(atEnd);
    });
    expect(found.doubt).toBeUndefined();
    expect(others).toBe(2);
  });
});
