import { expect, it } from 'vitest';
import {
  judgeBench,
  judgeRecord,
  studentT,
  tabulate,
  type EvidenceRecord,
} from '../../../dist/scripts/evidence/tabulate-verdicts.js';
import { slowdownOf, spin, spinSlowed } from '../../../dist/scripts/evidence/twins.js';

const HEAD = { date: '2026-01-02', machine: 'A CPU', seed: 1, command: 'npm run evidence' };

const recordOf = (given: Partial<EvidenceRecord>): EvidenceRecord => ({
  way: 'quiet',
  twins: 'slowed',
  workload: 'cpu',
  strategy: 'event-loop',
  repetition: 0,
  startedAt: '',
  durationMs: 60_000,
  tasks: 8,
  hit: 1,
  repeated: 1,
  canariesMs: [1],
  walls: [],
  ...given,
});

/** Twelve blocks of a twin that takes so many milliseconds, give or take a little. */
const twin = (wallMs: number, seed: number): { block: number; round: number; wallMs: number }[] =>
  Array.from({ length: 12 }, (_, block) => ({
    block,
    round: 0,
    wallMs: wallMs * (1 + (((block * 5 + seed) % 7) - 3) / 500),
  }));

it('each pair gets the verdict of a run with just the two', () => {
  const walls = [10, 10, 10, 10, 10.6, 11].map(twin);
  expect(judgeRecord(recordOf({ walls })).map(({ slowdown, verdict }) => [slowdown, verdict])).toEqual([
    [1, 'same'],
    [1, 'same'],
    [1.05, 'slower'],
    [1.1, 'slower'],
  ]);
  const identical = judgeRecord(recordOf({ walls, twins: 'identical' }));
  // The last two are a pair then: one of them is 11 / 10.6 as slow.
  expect(identical.map(({ slowdown, verdict }) => [slowdown, verdict])).toEqual([
    [1, 'same'],
    [1, 'same'],
    [1, 'same'],
  ]);
});

it('verdicts from tinybench use its own margin of error, or a t-test', () => {
  // Means 10 and 10.3, spread 1, 16 samples: the standard error is 0.26 each, so intervals overlap widely.
  const spread = [-1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1];
  const around = (mean: number) => spread.map((by, block) => ({ block, round: 0, wallMs: mean + by }));
  const said = (second: number, method: 'disjoint' | 'welch') =>
    judgeBench(recordOf({ walls: [10, second, 10, 10, 10, 10].map(around) }), method)[0]?.verdict;
  expect(said(10.3, 'disjoint')).toBe('inconclusive');
  expect(said(10.3, 'welch')).toBe('inconclusive');
  // 0.9 apart: t = 0.9 / 0.365 = 2.46 is beyond 2.04, and 2 * 2.13 * 0.258 = 1.10 still overlaps.
  expect(said(10.9, 'welch')).toBe('slower');
  expect(said(10.9, 'disjoint')).toBe('inconclusive');
  expect(said(8, 'disjoint')).toBe('faster');
});

it('verdicts are counted by condition and kind of twins', () => {
  const equal = [10, 10, 10, 10, 10.6, 11].map(twin);
  const wrong = [10, 12, 10, 10, 9, 9].map(twin);
  const table = tabulate(HEAD, [
    recordOf({ walls: equal }),
    recordOf({ walls: wrong }),
    recordOf({ way: 'neighbour', walls: equal, hit: 3 }),
  ]);
  const row = table.split('\n').find((line) => line.includes('quiet machine'));
  expect(row?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'quiet machine',
    'Lanewise',
    '1 of 4 (25.0%)',
    '1 of 2 (50.0%)',
    '1 of 2 (50.0%)',
    '2',
    expect.stringMatching(/^\d\.\d\dx – 1\.20x$/),
    '',
  ]);
  expect(table).toContain('Of 3 blocks, 5 were disturbed beyond the limits and 3 measured again.');
});

it('quantiles of Student’s t match reference values', () => {
  // scipy.stats.t.ppf(.975, [11, 30, 63])
  expect(studentT(11)).toBeCloseTo(2.200_985_160, 3);
  expect(studentT(30)).toBeCloseTo(2.042_272_456, 4);
  expect(studentT(63)).toBeCloseTo(1.998_340_543, 5);
});

it('only the last two twins are slowed down, and only if twins are to be slowed', () => {
  const of = (cell: string, twins: string): number => slowdownOf({ cell, params: { twins } });
  expect(['a/b', 'a/b#2', 'a/b#5', 'a/b#6'].map((cell) => of(cell, 'slowed'))).toEqual([1, 1, 1.05, 1.1]);
  expect(['a/b', 'a/b#5', 'a/b#6'].map((cell) => of(cell, 'identical'))).toEqual([1, 1, 1]);
  expect(spinSlowed(1000, 1.1)).toBe(spin(1000));
});
