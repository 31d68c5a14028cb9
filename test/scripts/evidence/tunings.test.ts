import { describe, expect, it } from 'vitest';
import { isGood, judge, summarize, tabulate, type MeasureTwo } from '../../../dist/scripts/evidence/tunings.js';
import { measureTwo } from '../../../dist/scripts/evidence/head-to-head.js';
import type { MeasuredCell, Results } from '../../../dist/src/model/results.js';
import { cellOf, resultsOf } from '../../support/results.js';

const walls = (wallMs: number): number[] => Array.from({ length: 12 }, (_, block) => wallMs * (1 + (block % 4) / 50));
const cell = (way: string, wallMs: number, uvThreads?: number): MeasuredCell => ({
  ...cellOf({ id: `work/${way}`, wallsMs: walls(wallMs) }),
  ...(uvThreads !== undefined && { id: `work/${way}~uv${uvThreads}`, uvThreads }),
});
const GRID = resultsOf({
  durationMs: 200_000,
  cells: [
    cell('event-loop', 100),
    cell('worker-threads@2', 52),
    cell('worker-threads@2x8', 60),
    cell('worker-threads@4', 50),
  ],
});
const chosenCell = (id: string): MeasuredCell => {
  const [way = '', uv] = id.slice('work/'.length).split('~uv');
  return cell(way, 50, uv === undefined ? undefined : Number(uv));
};
/** A tuning that measured each of these in 50 ms and chose the first. */
const tuned = (choose: string, durationMs = 60_000): Results =>
  resultsOf({
    durationMs,
    cells: [chosenCell(choose)],
    tuning: { choose, finalists: [choose], screened: 4, durationMs, screeningMs: 1, leftOut: [] },
  });
/** Measured alone, the choice takes so many milliseconds and the grid's best 50. */
const alone =
  (wallMs: number): MeasureTwo =>
  ([chosen, best]) =>
    Promise.resolve([
      { ...chosen, ...cellOf({ id: chosen.id, wallsMs: walls(wallMs) }) },
      { ...best, ...cellOf({ id: best.id, wallsMs: walls(50) }) },
    ]);
const judged = (choose: string, wallMs = 50, durationMs = 60_000) =>
  judge('work', 3, { grid: GRID, tuned: tuned(choose, durationMs) }, alone(wallMs));

describe('a choice', () => {
  it('is compared with the best of the grid, both measured alone, beside the difference in the grid', async () => {
    const choice = await judged('work/worker-threads@2', 51);
    expect(choice).toMatchObject({ chosen: 'worker-threads@2', best: 'worker-threads@4', lanes: 2, fewestLanes: 4 });
    expect(choice.slower.estimate).toBeCloseTo(0.02, 6);
    expect(choice.inGrid.estimate).toBeCloseTo(0.04, 6);
    expect(isGood(choice)).toBe(true);
  });

  it('is not measured again if it is the best of the grid', async () => {
    const never: MeasureTwo = () => Promise.reject(new Error('measured'));
    const same = { grid: GRID, tuned: tuned('work/worker-threads@4') };
    expect((await judge('work', 1, same, never)).slower).toEqual({ estimate: 0, lo: 0, hi: 0 });
  });

  it('is not good if it is more than 5% slower, or took more than half of the time', async () => {
    expect(isGood(await judged('work/worker-threads@2', 53))).toBe(false);
    expect(isGood(await judged('work/worker-threads@2', 51, 101_000))).toBe(false);
    expect(isGood(await judged('work/worker-threads@2', 51, 99_000))).toBe(true);
  });

  it('must be in the grid, apart from the size of libuv’s pool', async () => {
    expect((await judged('work/event-loop~uv16')).chosen).toBe('event-loop~uv16');
    await expect(judged('work/worker-threads@8')).rejects.toThrow('is not in the grid of work');
  });

  it('has a row in the table and is counted in the sentence below it', async () => {
    const choices = [await judged('work/worker-threads@2', 53), await judged('work/worker-threads@4')];
    const row = tabulate(choices).split('\n')[3] ?? '';
    expect(row.split('|').map((text) => text.trim())).toEqual([
      '',
      'work',
      '3',
      'worker-threads@4',
      'worker-threads@4',
      '0.0 (0.0 to 0.0)',
      '0.0 (0.0 to 0.0)',
      '4',
      '4',
      '60',
      '30.0%',
      '',
    ]);
    expect(summarize(choices)).toContain('1 of 2 choices within 5% of the best');
    expect(summarize(choices)).toContain('2 of 2 with no more workers than the fewest');
  });
});

it('two configurations are measured alone, in new blocks', async () => {
  const setting = (way: string, given: Partial<MeasuredCell>): MeasuredCell => ({
    ...cell(way, 1, 1),
    id: `compute[ms=1]/${way}`,
    ...given,
  });
  const pair = [
    setting('worker-threads@2x2', { strategy: 'worker-threads', poolSize: 2, concurrency: 2 }),
    setting('event-loop~uv16', { strategy: 'event-loop', concurrency: 'all', uvThreads: 16 }),
  ] as const;
  const request = { workloads: ['compute'], params: { ms: [1] }, tasks: 4, blocks: 6, rounds: 1 };
  const measured = await measureTwo(request, pair, 1);
  expect(measured.map(({ id }) => id)).toEqual(pair.map(({ id }) => id));
  for (const { samples } of measured) expect(samples).toHaveLength(6);
});
