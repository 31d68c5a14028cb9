import { describe, expect, it } from 'vitest';
import { createMeter } from '../../dist/src/host/measure-batch.js';
import type { BatchStrategy } from '../../dist/src/lanes/strategy.js';
import { NO_USAGE } from '../../dist/workers/usage.js';

const nowNs = (): number => Number(process.hrtime.bigint());

const STRATEGY: BatchStrategy = {
  laneKind: 'main',
  keepsLanes: true,
  run: async () => [],
  underWay: () => [],
  usage: async () => NO_USAGE,
  processIds: () => [],
  close: async () => [],
};

it('the CPU time of a queue’s server is that between the beginning and the last result of a batch', async () => {
  let serverMs = 0;
  const server = {
    processIds: () => [],
    // The later, the more: what it uses between batches counts in none.
    usage: async () => ({ ...NO_USAGE, cpuMs: (serverMs += 5) }),
  };
  const { measure, settle } = createMeter({ ...STRATEGY, server });
  await settle();
  for (let batch = 0; batch < 2; batch++) {
    serverMs += 1000;
    const { queue, usage } = await measure(async () => {
      serverMs += 20;
      return [];
    });
    expect(queue?.serverMs).toBe(25);
    expect(usage.cpuMs).toBeCloseTo(25 + (queue?.hostMs ?? 0), 6);
  }
  const unknown = createMeter({ ...STRATEGY, server: { ...server, usage: async () => undefined } });
  expect((await unknown.measure(async () => [])).queue?.serverMs).toBeUndefined();
  expect((await createMeter(STRATEGY).measure(async () => [])).queue).toBeUndefined();
});

describe('the timed window of a batch', () => {
  it('ends at the last result, and not when the records are made', async () => {
    let doneNs = 0;
    const { batchStartNs, wallMs } = await createMeter(STRATEGY).measure(async (whenDone) => {
      whenDone();
      doneNs = nowNs();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return [];
    });
    expect(batchStartNs + wallMs * 1e6).toBeLessThanOrEqual(doneNs + 1);
  });

  it('ends with the batch of a strategy that does not report its last result', async () => {
    let endNs = 0;
    const { batchStartNs, wallMs } = await createMeter(STRATEGY).measure(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      endNs = nowNs();
      return [];
    });
    expect(batchStartNs + wallMs * 1e6).toBeGreaterThanOrEqual(endNs - 1);
  });
});

it('what reading the clocks takes is no part of a batch', async () => {
  let usedMs = 0;
  // Each reading takes its time, and counts what the one before took.
  const reading = (takesMs: number): number => {
    usedMs += takesMs;
    return usedMs - takesMs;
  };
  const { measure } = createMeter(STRATEGY, {
    ownUsage: () => ({ ...NO_USAGE, cpuMs: reading(3) }),
    threadCpuMs: () => reading(2),
  });
  const used: unknown[] = [];
  for (const tasksMs of [0, 20]) {
    const { usage, mainMs } = await measure(async () => {
      usedMs += tasksMs;
      return [];
    });
    used.push([usage.cpuMs, mainMs]);
  }
  expect(used).toEqual([
    [0, 0],
    [20, 20],
  ]);
});
