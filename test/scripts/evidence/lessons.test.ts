import { expect, it } from 'vitest';
import { runOnce, tabulate, type Run } from '../../../dist/scripts/evidence/lessons.js';

it('a run of the lessons counts claims, and those that were measured again', () => {
  const run = runOnce(['one-awaited', 'nested-groups', '--seed', '2']);
  expect(run).toMatchObject({ status: 0, claims: 4, failed: [] });
  expect(run.seconds).toBeGreaterThan(0);
});

it('the table has a row for each series', () => {
  const run = (status: number, seconds: number, again: readonly string[]): Run => ({
    status,
    seconds,
    claims: 120,
    failed: status === 0 ? [] : ['one-fails event-loop'],
    again,
  });
  const rows = tabulate([
    { neighbours: 0, runs: [run(0, 20.4, []), run(0, 22.6, [])] },
    { neighbours: 2, runs: [run(1, 30, []), run(0, 25, ['cancel-task worker-threads', 'one-awaited event-loop'])] },
  ]).split('\n');
  expect(rows.slice(2).map((row) => row.split('|').map((cell) => cell.trim()))).toEqual([
    ['', '0', '2', '2', '120', '0', '23', ''],
    ['', '2', '2', '1', '120', '2', '30', ''],
  ]);
});
