import { describe, expect, it } from 'vitest';
import { fastestFirst, summarize } from '../../dist/src/stats/summarize.js';
import { cellOf, sampleOf } from '../support/results.js';

describe('the summary of a queue', () => {
  const of = (given: Partial<Parameters<typeof sampleOf>[0]>[]) =>
    summarize({ samples: given.map(sampleOf), startupMs: [5], memoryBytes: [], hostCopyBytes: [] }, 10);

  it('divides the CPU time of a task among producer, server and workers', () => {
    const part = { cpuMs: 100, hostMs: 30, mainMs: 20, serverMs: 10, gapMs: 0.5 };
    const { queue, gapMs } = of([
      { ...part, block: 0, serverStartupMs: 40, serverMemoryBytes: 2 ** 20 },
      { ...part, block: 0, hostMs: 50, serverStartupMs: 40, serverMemoryBytes: 2 ** 21 },
      { ...part, block: 1, gapMs: 0.7, serverStartupMs: 60, serverMemoryBytes: 2 ** 20 },
    ]);
    expect(gapMs).toBe(0.5);
    expect(queue).toEqual({
      producerMs: 3,
      producerMainMs: 2,
      serverMs: 1,
      workersMs: 6,
      serverMemoryMiB: 2,
      serverStartupMs: 50,
    });
  });

  it('counts a server of which nothing is known with the workers, and is absent without a queue', () => {
    expect(of([{ cpuMs: 100, hostMs: 30 }]).queue).toEqual({ producerMs: 3, workersMs: 7 });
    expect(of([{ cpuMs: 100, gapMs: 1 }])).not.toHaveProperty('queue');
  });
});

describe('fastestFirst', () => {
  it('pairs cells by blocks: one that missed the slow blocks is not ahead for that', () => {
    // By block, the pool of two is 10% faster than the event loop and the pool of four 5%, which missed two slow blocks.
    const first = cellOf({ id: 'work/event-loop', wallsMs: [100, 100, 100, 200, 200] });
    const faster = cellOf({ id: 'work/worker-threads@2', wallsMs: [90, 90, 90, 180, 180] });
    const lucky = cellOf({ id: 'work/worker-threads@4', wallsMs: [95, 95, 95] });
    expect(lucky.summary.wallMs.median).toBeLessThan(faster.summary.wallMs.median);
    expect(fastestFirst([first, lucky, faster])).toEqual([faster, lucky, first]);
  });

  it('places a cell without a shared block by its median batch', () => {
    const first = cellOf({ id: 'work/event-loop', wallsMs: [100, 100] });
    const alone = cellOf({ id: 'work/worker-threads@2', wallsMs: [1, 1] });
    const samples = alone.samples.map((sample) => ({ ...sample, block: sample.block + 5, wallMs: 50 }));
    const later = { ...alone, samples, summary: { ...alone.summary, wallMs: { median: 50, lo: null, hi: null } } };
    expect(fastestFirst([first, later])).toEqual([later, first]);
    expect(fastestFirst([])).toEqual([]);
  });
});
