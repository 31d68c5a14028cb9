import { describe, expect, it } from 'vitest';
import { layOut } from '../../../dist/src/report/figures/timeline-layout.js';
import { ENGLISH_TIMELINE } from '../../../dist/src/report/figures/timeline.js';
import { run, wait } from '../../support/report-results.js';

const LOOP = { name: 'event-loop', laneLabel: () => 'main thread' };
const THREADS = { name: 'worker-threads@2', laneLabel: (lane: number) => `worker thread ${lane + 1}` };
const FRAME = { widthPx: 1000, cores: 2, words: ENGLISH_TIMELINE };

describe('layOut of many short stretches', () => {
  it('never shows more than one task running on one loop', () => {
    const slices = Array.from({ length: 4000 }, (_slice, index) => run(index % 2, 0, index * 0.05, (index + 1) * 0.05));
    const { blocks } = layOut([{ ...LOOP, slices }], { ...FRAME, scaleMs: 200, slicesLimit: 10_000 });
    const [block] = blocks;
    expect(block?.peak).toBe(1);
    expect(Math.max(...(block?.strip?.counts ?? []).map(({ count }) => count))).toBeCloseTo(1, 9);
    const byStart = (block?.runs ?? []).toSorted((a, b) => a.startMs - b.startMs);
    for (const [index, { endMs }] of byStart.entries())
      expect(byStart[index + 1]?.startMs ?? endMs).toBeGreaterThanOrEqual(endMs);
  });

  it('bounds the points of the strip, with means if it changes more often', () => {
    const slices = Array.from({ length: 10_000 }, (_slice, index) => run(index, 0, index, index + 0.25));
    const { blocks } = layOut([{ ...LOOP, slices }], { ...FRAME, scaleMs: 10_000, slicesLimit: 100 });
    const counts = blocks[0]?.strip?.counts ?? [];
    expect(counts.length).toBeLessThan(300);
    for (const { count } of counts) expect(count).toBeCloseTo(0.25, 1);
  });
});

describe('layOut', () => {
  const frame = { ...FRAME, scaleMs: 10, slicesLimit: 100 };

  it('stacks configurations, each with a row per lane and a strip', () => {
    const { blocks, most } = layOut(
      [
        { ...LOOP, slices: [run(0, 0, 0, 5), run(1, 0, 5, 10)] },
        { ...THREADS, slices: [run(0, 0, 0, 5), run(1, 1, 0, 5)] },
      ],
      frame,
    );
    expect(blocks.map(({ peak, meanRunning, lanes }) => [peak, meanRunning, lanes])).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(most).toBe(2);
    expect(blocks[1]?.labels.map(({ text }) => text)).toEqual([
      'worker thread 1',
      'worker thread 2',
      'running at once',
    ]);
    const places = blocks.flatMap(({ heading, runs, strip, bottomPx }) => [
      heading.middlePx,
      ...new Set(runs.map(({ topPx }) => topPx)),
      strip?.topPx ?? 0,
      bottomPx,
    ]);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('numbers each task, also one that only waits', () => {
    const { blocks } = layOut([{ ...LOOP, slices: [run(0, 0, 0, 5), run(1, 0, 5, 5.02), wait(1, 0, 5.02, 9)] }], frame);
    expect(blocks[0]?.numbers.map(({ task, ms }) => [task, ms])).toEqual([
      [0, 2.5],
      [1, 7.01],
    ]);
  });

  it('ends a batch at the edge that is longer, and its heading shows it', () => {
    const { blocks } = layOut(
      [
        { ...LOOP, slices: [run(0, 0, 0, 20)] },
        { ...THREADS, slices: [run(0, 0, 5, 10)] },
      ],
      frame,
    );
    expect(blocks[0]?.runs[0]?.endMs).toBe(10);
    expect(blocks.map(({ heading }) => heading.text)).toEqual([
      'event-loop · 20.0 ms, beyond the right edge',
      'worker-threads@2 · 10.0 ms',
    ]);
  });
});
