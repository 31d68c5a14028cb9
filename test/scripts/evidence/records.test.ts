import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  interleaved,
  measureMissing,
  missingText,
  readRecords,
  type Job,
} from '../../../dist/scripts/evidence/records.js';

const JOBS: readonly Job[] = [
  { key: 'a1', group: 'a' },
  { key: 'a2', group: 'a' },
  { key: 'a3', group: 'a' },
  { key: 'a4', group: 'a' },
  { key: 'b1', group: 'b' },
  { key: 'b2', group: 'b' },
];

function newFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'records-')), 'records.ndjson');
}

function keptIn(path: string): readonly { readonly key: string }[] {
  return readRecords(path) as readonly { readonly key: string }[];
}

it('groups are spread evenly, each in its order', () => {
  expect(interleaved(JOBS).map(({ key }) => key)).toEqual(['a1', 'b1', 'a2', 'a3', 'b2', 'a4']);
});

describe('a series of measurements', () => {
  it('measures only what has no record, after an incomplete line', async () => {
    const path = newFile();
    appendFileSync(path, '{"key":"a1"}\n{"key":"a2"');
    const measured: string[] = [];
    const measure = async ({ key }: Job): Promise<{ key: string }> => {
      measured.push(key);
      return { key };
    };
    await measureMissing({ jobs: JOBS, path, minutes: 1, measure });
    expect(measured).toEqual(['a2', 'a3', 'a4', 'b1', 'b2']);
    expect(keptIn(path).map(({ key }) => key)).toEqual(['a1', ...measured]);
  });

  it('skips a measurement that fails, and names what is missing', async () => {
    const path = newFile();
    const measure = async ({ key }: Job): Promise<{ key: string }> => {
      if (key === 'b1') throw new Error('a task failed');
      return { key };
    };
    await measureMissing({ jobs: JOBS, path, minutes: 1, measure });
    expect(missingText(JOBS, keptIn(path))).toBe('Not measured: 1 of 2 b.');
  });

  it('starts nothing once its time is over', async () => {
    const path = newFile();
    await measureMissing({ jobs: JOBS, path, minutes: 0, measure: async ({ key }) => ({ key }) });
    expect(missingText(JOBS, keptIn(path))).toBe('Not measured: 4 of 4 a; 2 of 2 b.');
  });
});
