import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { plainPaint } from '../../dist/src/report/dress/tones.js';
import { renderTerminal } from '../../dist/src/report/render.js';
import { readResults } from '../../dist/src/session/read-results.js';
import { taskRows, timelineCaption, timelineRows } from '../../dist/src/report/timeline-text.js';
import { cellOf } from '../support/results.js';

const slice = (task: number, lane: number, startMs: number, endMs: number, kind: 'run' | 'wait' = 'run') => ({
  task,
  lane,
  startMs,
  endMs,
  kind,
});

/** A row for each lane has 60 characters for its time. */
const rowsOf = (rows: readonly string[]): readonly string[] => rows.map((row) => row.replace(/^lane (\d+) +/, '$1 '));
const lane = (index: number): string => `lane ${index}`;

describe('timelineRows', () => {
  it('shows turns being taken on one lane', () => {
    const slices = [slice(0, 0, 0, 1), slice(1, 0, 1, 2), slice(0, 0, 2, 3), slice(1, 0, 3, 4)];
    expect(rowsOf(timelineRows(slices, 4, lane))).toEqual([`0 ${`${'1'.repeat(15)}${'2'.repeat(15)}`.repeat(2)}`]);
  });

  it('shows tasks running at once on two lanes, on the scale of the whole', () => {
    expect(rowsOf(timelineRows([slice(0, 0, 0, 2), slice(1, 1, 0, 1)], 4, lane))).toEqual([
      `0 ${'1'.repeat(30)}`,
      `1 ${'2'.repeat(15)}`,
    ]);
  });

  it('shows waiting tasks as dots, unless another task runs', () => {
    const slices = [slice(0, 0, 0, 4, 'wait'), slice(1, 0, 0, 2, 'wait'), slice(1, 0, 2, 3)];
    expect(rowsOf(timelineRows(slices, 4, lane))).toEqual([`0 ${'·'.repeat(30)}${'2'.repeat(15)}${'·'.repeat(15)}`]);
  });

  it('has rows for the first 32 lanes that ran a task, and counts the others', () => {
    const slices = Array.from({ length: 40 }, (_slice, index) => slice(0, index * 1e6, 0, 1));
    const rows = timelineRows(slices, 1, lane);
    expect(rows.slice(0, -1).map((row) => Number(row.slice(5).split('1'.repeat(60))[0]) / 1e6)).toEqual(
      Array.from({ length: 32 }, (_row, row) => row),
    );
    expect(rows.at(-1)).toBe('and 8 more workers');
    expect(timelineRows(slices.slice(0, 32), 1, lane)).toHaveLength(32);
  });
});

describe('taskRows', () => {
  it('has one row for each task in flight at once, numbered even if it only waits', () => {
    const slices = [slice(0, 0, 0, 4, 'wait'), slice(1, 0, 2, 4, 'wait')];
    expect(taskRows(slices, 4, lane)).toEqual([
      `lane 0           1${'·'.repeat(59)}`,
      `${' '.repeat(17 + 30)}2${'·'.repeat(29)}`,
    ]);
  });
});

it('a timeline in a comparison of two versions names the version', async () => {
  const recorded = fileURLToPath(new URL('../recorded/versus.json.gz', import.meta.url));
  const text = await renderTerminal(await readResults(recorded), plainPaint);
  expect(text).toMatch(/^Timeline, .*\n {2}The event loop \(old\): [\d.]+ ms \(median batch [\d.]+ ms\)$/m);
});

describe('the caption of a timeline', () => {
  const cell = cellOf({ id: 'work/event-loop', wallsMs: [20, 20, 20] });

  it('has the duration of the traced batch and of the median batch', () => {
    expect(timelineCaption({ cell: cell.id, slices: [], batchMs: 21.3, tasks: 4 }, cell, 4)).toBe(
      '21.3 ms (median batch 20.0 ms)',
    );
  });

  it('names the number of traced tasks if not all were traced', () => {
    expect(timelineCaption({ cell: cell.id, slices: [], batchMs: 8, tasks: 200 }, cell, 512)).toBe(
      '8.00 ms for the first 200 tasks (median batch of 512 tasks 20.0 ms)',
    );
  });

  it('is undefined for earlier results, in which traced batches were not timed', () => {
    expect(timelineCaption({ cell: cell.id, slices: [] }, cell, 4)).toBeUndefined();
  });
});
