import { expect, it } from 'vitest';
import type { MeasuredCell, TuningGoal } from '../../../dist/src/model/results.js';
import { screeningBlocks } from '../../../dist/src/report/tuning/screening-table.js';
import { groupResults } from '../../../dist/src/stats/groups.js';
import { cellOf, resultsOf } from '../../support/results.js';

const GOAL: TuningGoal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: 400, maxPoolSize: 8 };
const pool = (size: number, wallMs: number, memoryMiB?: number): MeasuredCell =>
  cellOf({ id: `work/worker-threads@${size}`, wallsMs: [wallMs], ...(memoryMiB !== undefined && { memoryMiB }) });

function shown(cells: readonly MeasuredCell[], goal: Partial<TuningGoal>) {
  const base = resultsOf();
  const [group] = groupResults(
    resultsOf({
      options: { ...base.options, tuning: { ...GOAL, ...goal } },
      cells: cells.map((cell) => ({ ...cell, phase: 'screening' as const })),
      tuning: { choose: null, finalists: [], screened: 3, durationMs: 1, screeningMs: 1, leftOut: [] },
    }),
  );
  const [table, note] = group?.tuned === undefined ? [] : screeningBlocks(group.tuned);
  return {
    cells: table?.kind === 'table' ? table.rows.map(({ cells: [, cell] }) => [cell?.text, cell?.nearness]) : [],
    note: note?.kind === 'paragraph' ? note.text : '',
  };
}

it('the map of a screening holds candidates against the best of those within the limits', () => {
  const { cells, note } = shown([pool(1, 180, 60), pool(2, 100, 80), pool(4, 50, 900)], {});
  expect(cells).toEqual([
    ['0.56', 1],
    ['1.00', 3],
    ['(2.00)', 0],
  ]);
  expect(note).toContain('; in parentheses: over a limit.');
  const latency = shown([pool(1, 180, 60), pool(2, 100, 80), pool(4, 50, 900)], { for: 'latency' });
  expect(latency.cells.map(([text]) => text)).toEqual(['(9.00)', '9.00', '(9.00)']);
  expect(latency.note).toContain('; in parentheses: less than 90% of the best throughput, or over a limit.');
});

it('the map of a screening in which all are over a limit compares them all the same', () => {
  const { cells } = shown([pool(1, 100, 500), pool(2, 50, 900)], {});
  expect(cells.map(([text]) => text)).toEqual(['(0.50)', '(1.00)']);
});

it('the map of a screening says of which candidate memory was not measured', () => {
  const { cells } = shown([pool(2, 100, 80), pool(4, 100)], { for: 'memory' });
  expect(cells).toEqual([
    ['80.0', 3],
    ['not measured', undefined],
  ]);
});
