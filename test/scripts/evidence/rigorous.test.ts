import { expect, it } from 'vitest';
import {
  isGoalMet,
  rigorousJobs,
  tabulateRigorous,
  type RigorousRecord,
} from '../../../dist/scripts/evidence/rigorous.js';

function recordOf(wallsMs: readonly number[], verdicts: RigorousRecord['verdicts']): RigorousRecord {
  const walls = wallsMs.map((wallMs, twin) =>
    Array.from({ length: 24 }, (_, block) => ({
      block,
      round: 0,
      wallMs: wallMs * (1 + (((block + twin) * 5) % 8) * 0.0025),
    })),
  );
  return { key: '1', strategy: 'event-loop', verdicts, walls };
}

it('a thousand comparisons are seven in each run, with each strategy in turn', () => {
  const jobs = rigorousJobs(1000);
  expect(jobs).toHaveLength(143);
  expect(jobs.slice(0, 4).map(({ key }) => key)).toEqual([
    '1 event-loop',
    '2 worker-threads',
    '3 child-processes',
    '4 event-loop',
  ]);
});

it('verdicts are counted as the run has them, and pairs of twins apart from it', () => {
  const equal = recordOf([100, 100, 100, 100], ['same', 'same', 'inconclusive']);
  const wrong = recordOf([100, 100, 100, 110], ['same', 'same', 'slower']);
  expect([isGoalMet([]), isGoalMet([equal]), isGoalMet([equal, wrong])]).toEqual([false, true, false]);
  const row = tabulateRigorous([equal, wrong]).split('\n').at(-1)?.split('|');
  expect(row?.slice(2, 6).map((cell) => cell.split(':')[0]?.trim())).toEqual(['1 of 6', '1 of 2', '1 of 4', '1 of 4']);
});

it('strategies that are given are measured instead', () => {
  expect(rigorousJobs(14, [], ['bullmq']).map(({ key }) => key)).toEqual(['1 bullmq', '2 bullmq']);
});

it('each runtime runs every strategy, and is named without its path', () => {
  const jobs = rigorousJobs(42, ['/opt/bun', 'deno']);
  expect(jobs.map(({ key }) => key)).toEqual([
    '1 event-loop on bun',
    '2 event-loop on deno',
    '3 worker-threads on bun',
    '4 worker-threads on deno',
    '5 child-processes on bun',
    '6 child-processes on deno',
  ]);
  const records = ['bun', 'deno'].map((runtime) => ({ ...recordOf([100, 100], ['same']), runtime }));
  const names = tabulateRigorous(records)
    .split('\n')
    .map((line) => line.split('|')[1]?.trim());
  expect(names.slice(2)).toEqual(['bun', 'deno', 'all']);
});
