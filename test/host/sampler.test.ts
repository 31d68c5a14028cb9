import { describe, expect, it } from 'vitest';
import type { MeasuredBatch } from '../../dist/src/stats/sample.js';
import { createSampler } from '../../dist/src/host/sampler.js';

const batchOf = (wallMs: number): MeasuredBatch => ({
  batchStartNs: 0,
  wallMs,
  usage: { cpuMs: 0, systemMs: 0 },
  loopDelaysMs: [],
  records: [],
});

describe('a sampler', () => {
  it('measures one batch per request, and returns that one', async () => {
    let measured = 0;
    const sample = createSampler('work', 3, async () => batchOf(++measured));
    expect([(await sample()).wallMs, (await sample()).wallMs, (await sample()).wallMs]).toEqual([1, 2, 3]);
    expect(measured).toBe(3);
  });

  it('never returns the previous batch for a failed one, and then measures no more', async () => {
    let measured = 0;
    const sample = createSampler('work', 4, async () => {
      measured += 1;
      if (measured === 2) throw new Error('the lane has ended');
      return batchOf(measured);
    });
    expect((await sample()).wallMs).toBe(1);
    await expect(sample()).rejects.toThrow('the lane has ended');
    await expect(sample()).rejects.toThrow('the lane has ended');
    expect(measured).toBe(2);
  });
});
