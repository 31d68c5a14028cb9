import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
/** The least evidence that can decide: four candidates to screen. */
const LEAST = ['-p', '1', '-n', '8', '--blocks', '8', '--rounds', '1', '--no-upper-bound', '--seed', '1'];
const tune = (...args: readonly string[]) => lanewise(['tune', ...args], { cwd: folder.path });

describe('lanewise tune', () => {
  it('omits failed candidates, names them, and chooses among the others', async () => {
    const file = join(folder.path, 'main-only.mjs');
    await writeFile(
      file,
      `import { threadId } from 'node:worker_threads';
      export default (n) => {
        if (threadId !== 0) throw new Error('not in a thread');
        for (let step = 0; step < 300_000; step++) n = (Math.imul(n, 31) + step) | 0;
        return n;
      };`,
    );
    const { status, stdout } = await tune(
      file,
      '--input',
      '1',
      '-s',
      'event-loop,worker-threads',
      '-c',
      'all',
      ...LEAST,
    );
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Failed: 1 worker thread, all tasks at once.');
    expect(stdout).toMatch(/: (?:use|stay on) the event loop/);
  });

  it('tunes for another Node and its flags, without repeating its name in every candidate', async () => {
    const file = join(folder.path, 'flagged.mjs');
    await writeFile(
      file,
      `export default (n) => { if (!process.execArgv.includes('--stack-size=900')) throw new Error('no flag'); return n; };`,
    );
    const node = ['--runtime', process.execPath, '--node-option=--stack-size=900'];
    const { stdout } = await tune(file, '--input', '1', '-s', 'event-loop', '-c', '1,all', ...node, ...LEAST, '--json');
    const { cells, runtimes } = JSON.parse(stdout) as Results;
    expect(new Set(cells.map(({ status, runtime }) => `${status} ${String(runtime)}`))).toEqual(
      new Set(['ok undefined']),
    );
    expect(runtimes).toEqual([
      { name: 'node', version: process.versions.node, v8: process.versions.v8, flags: ['--stack-size=900'] },
    ]);
  });
});
