/** Runs that are killed or refused on Windows. Wine sends no Ctrl-C to a process without a console. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../../dist/src/model/results.js';
import { useTempFolder } from '../../support/temp-folder.js';
import { hasWine, startUnderWine, underWine } from '../../support/wine.js';

const folder = useTempFolder();
const SINGLE = [
  '-s',
  'event-loop',
  '-n',
  '2',
  '--blocks',
  '3',
  '--rounds',
  '1',
  '--preset',
  'quick',
  '--no-upper-bound',
];
const poll = { timeout: 300_000, interval: 50 };

beforeAll(async () => {
  await folder.file(
    'wait.mjs',
    'export default { bound: "io", task: () => new Promise((done) => setTimeout(done, 10, 1)) };',
  );
  await folder.file(
    'marked.mjs',
    `import { appendFileSync } from 'node:fs';
    const mark = () => appendFileSync(new URL('began.txt', import.meta.url), '.');
    export default { bound: 'io', task: () => new Promise((done) => { mark(); setTimeout(done, 1000, 1); }) };`,
  );
  await folder.file('loop.mjs', 'export default { bound: "cpu", task: () => { for (;;); } };');
});

function blocksOf(out: string): number {
  try {
    const journal = JSON.parse(readFileSync(join(folder.path, out, 'journal.json'), 'utf8'));
    return (journal as { groups: { blocks: number }[] }).groups[0]?.blocks ?? 0;
  } catch {
    return 0;
  }
}

/** Number of tasks of `marked.mjs` that have begun. */
function began(): number {
  const marks = join(folder.path, 'began.txt');
  return existsSync(marks) ? readFileSync(marks, 'utf8').length : 0;
}

/** Folders that a run leaves in its temporary folder. */
function leftBehind(): readonly string[] {
  const temporary = join(folder.path, 'Temp ü');
  return existsSync(temporary) ? readdirSync(temporary) : [];
}

describe.skipIf(!hasWine)('on Windows', () => {
  it('a second run is refused while one measures, and a run that is killed leaves no process and no folder', async () => {
    const strategies = 'event-loop,worker-threads,child-processes';
    const args = ['run', String.raw`.\loop.mjs`, '-s', strategies, '-p', '1', '--preset', 'quick', '--format', 'json'];
    const { child, ended, processes } = startUnderWine([...args, '--out', 'killed'], folder.path);
    // All are in their infinite loops, or about to be.
    await expect.poll(() => processes().filter((line) => line.includes('host.cjs')).length, poll).toBe(3);
    const second = await underWine(['run', String.raw`.\wait.mjs`, ...SINGLE, '--out', 'second'], folder.path);
    expect(second.status, second.stderr).toBe(2);
    expect(second.stderr).toContain(`Another Lanewise is measuring on this machine (process `);
    expect(leftBehind().length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    expect((await ended).status).toBe('SIGKILL');
    await expect.poll(processes, poll).toEqual([]);
    expect(leftBehind()).toEqual([]);
  });

  it('a run that is killed can be resumed', async () => {
    const args = ['run', String.raw`.\marked.mjs`, ...SINGLE, '--format', 'json', '--out', 'cut'];
    const { child, ended, processes } = startUnderWine(args, folder.path);
    await expect.poll(() => blocksOf('cut'), poll).toBeGreaterThan(0);
    // Wine does not go on starting a process whose parent is killed meanwhile: none is started while a task runs.
    const before = began();
    await expect.poll(began, poll).toBeGreaterThan(before);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(processes, poll).toEqual([]);

    const resumed = await underWine(['run', '--resume', 'cut'], folder.path);
    expect(resumed.status, resumed.stderr).toBe(0);
    const results = JSON.parse(readFileSync(join(folder.path, 'cut', 'results.json'), 'utf8')) as Results;
    expect(results.complete).toBe(true);
    expect(results.cells[0]?.samples.map(({ block }) => block)).toEqual([0, 1, 2]);
    expect(leftBehind()).toEqual([]);
  });
});
