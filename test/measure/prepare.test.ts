import { describe, expect, it } from 'vitest';
import { isSteady } from '../../dist/src/measure/prepare.js';

describe('warming up', () => {
  it('ends when two batches in a row take about as long', () => {
    expect(isSteady([])).toBe(false);
    expect(isSteady([100])).toBe(false);
    expect(isSteady([100, 80])).toBe(false);
    expect(isSteady([100, 80, 78])).toBe(true);
  });

  it('takes as many more batches as there are workers to share the tasks, if the first shows much code', () => {
    expect(isSteady([100, 52, 51], 2)).toBe(true);
    expect(isSteady([100, 49, 48], 2)).toBe(false);
    expect(isSteady([100, 49, 48, 50], 2)).toBe(true);
    expect(isSteady([100, 60, 41, 40], 2)).toBe(false);
    expect(isSteady([100, 60, 41, 40, 42, 39], 2)).toBe(true);
    // After half a second the later half of them is compared with the earlier.
    const walls = [60, ...Array.from({ length: 24 }, () => 20)];
    expect(isSteady(walls.slice(0, 22), 64)).toBe(false);
    expect(isSteady(walls, 64)).toBe(true);
  });

  it('ends after eight batches however they vary, or after half a second unless they still get faster', () => {
    const varying = [10, 20, 10, 20, 10, 20, 10];
    expect(isSteady(varying)).toBe(false);
    expect(isSteady([...varying, 20])).toBe(true);
    expect(isSteady([600])).toBe(false);
    expect(isSteady([600, 160])).toBe(false);
    expect(isSteady([600, 160, 120, 150])).toBe(true);
    expect(isSteady([1300, 700])).toBe(true);
    expect(isSteady([2500])).toBe(true);
  });
});
