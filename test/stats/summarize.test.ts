import { describe, expect, it } from 'vitest';
import { fastestFirst } from '../../dist/src/stats/summarize.js';
import { cellOf } from '../support/results.js';

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
