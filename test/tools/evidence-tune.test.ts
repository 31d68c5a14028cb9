import { describe, expect, it } from 'vitest';
import { isGood, judge, tabulate } from '../../dist/bench/tools/evidence-tune.js';
import type { MeasuredCell, Results } from '../../dist/src/model.js';
import { cellOf, resultsOf } from '../support/results.js';

const walls = (wallMs: number): number[] => Array.from({ length: 12 }, (_, block) => wallMs * (1 + (block % 4) / 50));
const cell = (way: string, poolSize: number, wallMs: number): MeasuredCell =>
  cellOf({
    id: `work/${way}`,
    strategy: way === 'event-loop' ? 'event-loop' : 'worker-threads',
    poolSize,
    wallsMs: walls(wallMs),
  });
const GRID = resultsOf({
  durationMs: 200_000,
  cells: [
    cell('event-loop', 1, 100),
    cell('worker-threads@2', 2, 52),
    cell('worker-threads@2x8', 2, 60),
    cell('worker-threads@4', 4, 50),
  ],
});
const tuned = (choose: string, durationMs = 60_000): Results =>
  resultsOf({
    durationMs,
    tuning: { choose, finalists: [choose], screened: 4, durationMs, screeningMs: 1, leftOut: [] },
  });

describe('a choice', () => {
  it('is held against the best of the grid, in whose blocks both were measured', () => {
    const choice = judge('work', 1, GRID, tuned('work/worker-threads@2'));
    expect(choice).toMatchObject({ chosen: 'worker-threads@2', best: 'worker-threads@4', lanes: 2, fewestLanes: 2 });
    expect(choice.slower.estimate).toBeCloseTo(0.04, 6);
    expect(isGood(choice)).toBe(true);
  });

  it('is not good if it is more than 5 % slower, or took more than half of the time', () => {
    expect(isGood(judge('work', 1, GRID, tuned('work/worker-threads@2x8')))).toBe(false);
    expect(isGood(judge('work', 1, GRID, tuned('work/worker-threads@4', 101_000)))).toBe(false);
    expect(isGood(judge('work', 1, GRID, tuned('work/worker-threads@4', 99_000)))).toBe(true);
  });

  it('must be one that the grid has, but for libuv’s pool', () => {
    expect(judge('work', 1, GRID, tuned('work/event-loop~uv16')).chosen).toBe('event-loop~uv16');
    expect(() => judge('work', 1, GRID, tuned('work/worker-threads@8'))).toThrow('is not in the grid of work');
  });

  it('is a row of the table', () => {
    const rows = tabulate([judge('work', 3, GRID, tuned('work/worker-threads@4'))]).split('\n');
    expect(rows[2]?.split('|').map((text) => text.trim())).toEqual([
      '',
      'work',
      '3',
      'worker-threads@4',
      'worker-threads@4',
      '0.0 (0.0 to 0.0)',
      '4',
      '2',
      '60',
      '30.0 %',
      '',
    ]);
  });
});
