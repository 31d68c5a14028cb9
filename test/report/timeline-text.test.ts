import { describe, expect, it } from 'vitest';
import { lanesLeftOut, timelineRows } from '../../dist/src/report/timeline-text.js';

const slice = (task: number, lane: number, startMs: number, endMs: number, kind: 'run' | 'wait' = 'run') => ({
  task,
  lane,
  startMs,
  endMs,
  kind,
});

describe('timelineRows', () => {
  it('shows turns being taken on one lane', () => {
    const slices = [slice(0, 0, 0, 1), slice(1, 0, 1, 2), slice(0, 0, 2, 3), slice(1, 0, 3, 4)];
    expect(timelineRows({ cell: 'c', slices }, 4, 8)).toEqual([{ lane: 0, line: '11221122' }]);
  });

  it('shows tasks running at once on two lanes, on the scale of the whole', () => {
    expect(timelineRows({ cell: 'c', slices: [slice(0, 0, 0, 2), slice(1, 1, 0, 1)] }, 4, 8)).toEqual([
      { lane: 0, line: '1111' },
      { lane: 1, line: '22' },
    ]);
  });

  it('shows waiting as dots, and running in place of the waiting of others', () => {
    const slices = [slice(0, 0, 0, 4, 'wait'), slice(1, 0, 0, 2, 'wait'), slice(1, 0, 2, 3)];
    expect(timelineRows({ cell: 'c', slices }, 4, 4)).toEqual([{ lane: 0, line: '··2·' }]);
  });

  it('has rows for the first 32 lanes that had anything to do, and says how many there are besides', () => {
    const timeline = { cell: 'c', slices: Array.from({ length: 40 }, (_slice, index) => slice(0, index * 1e6, 0, 1)) };
    expect(timelineRows(timeline, 1, 4).map(({ lane }) => lane / 1e6)).toEqual(
      Array.from({ length: 32 }, (_row, row) => row),
    );
    expect(lanesLeftOut(timeline)).toBe('and 8 more lanes');
    expect(lanesLeftOut({ ...timeline, slices: timeline.slices.slice(0, 32) })).toBeUndefined();
  });
});
