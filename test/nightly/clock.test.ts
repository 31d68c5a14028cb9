/** A system clock that is set during a measurement: one hour back at each reading. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

const BACKWARDS = `
  const Real = Date;
  let hours = 0;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length === 0) super(Date.now()); else super(...given); }
    static now() { return Real.now() - 3_600_000 * hours++; }
  };`;
const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(BACKWARDS)}` };
const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(folder.path, file), 'utf8'));
/** Longer than a start, and shorter than the steps of the clock. */
const isDuration = (ms: unknown): boolean => typeof ms === 'number' && ms > 50 && ms < 600_000;

it('the durations of a tuning and of its run do not change when the clock is set', async () => {
  const args = 'tune noop -s event-loop --blocks 8 --rounds 1 -n 4 --out tuning'.split(' ');
  const { status, stderr } = await lanewise(args, { cwd: folder.path, env });
  expect(status, stderr).toBe(0);
  const { durationMs, tuning } = (await json('tuning/results.json')) as {
    readonly durationMs: number;
    readonly tuning: { readonly durationMs: number; readonly screeningMs: number };
  };
  expect(durationMs).toSatisfy(isDuration);
  expect(tuning.durationMs).toSatisfy(isDuration);
  expect(tuning.screeningMs).toSatisfy(isDuration);
});

it('the durations of lessons do not change when the clock is set', async () => {
  const args = ['lessons', 'gather-many', '--format', 'json,md', '--out', 'lessons'];
  const { status, stderr } = await lanewise(args, { cwd: folder.path, env });
  expect(status, stderr).toBe(0);
  expect(await readFile(join(folder.path, 'lessons/lessons.md'), 'utf8')).toMatch(/ · [1-9]\d{0,2}(?:\.\d+)? s · /);
});
