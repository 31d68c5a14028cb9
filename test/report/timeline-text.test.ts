import { describe, expect, it } from 'vitest';
import { lanesLeftOut, timelineCaption, timelineRows } from '../../dist/src/report/timeline-text.js';
import { cellOf } from '../support/results.js';

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
    expect(timelineRows({ slices }, 4, 8)).toEqual([{ lane: 0, line: '11221122' }]);
  });

  it('shows tasks running at once on two lanes, on the scale of the whole', () => {
    expect(timelineRows({ slices: [slice(0, 0, 0, 2), slice(1, 1, 0, 1)] }, 4, 8)).toEqual([
      { lane: 0, line: '1111' },
      { lane: 1, line: '22' },
    ]);
  });

  it('shows waiting as dots, and running in place of the waiting of others', () => {
    const slices = [slice(0, 0, 0, 4, 'wait'), slice(1, 0, 0, 2, 'wait'), slice(1, 0, 2, 3)];
    expect(timelineRows({ slices }, 4, 4)).toEqual([{ lane: 0, line: '··2·' }]);
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

describe('the caption of a timeline', () => {
  const cell = cellOf({ id: 'work/event-loop', wallsMs: [20, 20, 20] });

  it('has how long the traced batch took, and the median batch', () => {
    expect(timelineCaption({ cell: cell.id, slices: [], batchMs: 21.3, tasks: 4 }, cell, 4)).toBe(
      '21.3 ms (median batch 20.0 ms)',
    );
  });

  it('says how many tasks were traced, where not all were', () => {
    expect(timelineCaption({ cell: cell.id, slices: [], batchMs: 8, tasks: 200 }, cell, 512)).toBe(
      '8.00 ms for the first 200 tasks (median batch of 512 tasks 20.0 ms)',
    );
  });

  it('is missing in results of before traced batches were timed', () => {
    expect(timelineCaption({ cell: cell.id, slices: [] }, cell, 4)).toBeUndefined();
  });
});
