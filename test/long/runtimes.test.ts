/** Bun, Deno and another Node as runtimes of hosts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { areAll, binaries, folder, POOLS } from '../support/other-runtimes.js';

const LITTLE = '-p 2 -c 1 -n 4 --rounds 1 --preset quick --no-upper-bound'.split(' ');

describe.skipIf(!areAll)('Bun, Deno and another Node', () => {
  // test/nightly has the contract of each strategy, the faults, and the command itself.
  it('are measured in one run, and their outputs compared', async () => {
    const out = join(folder, 'report of all');
    const args = ['run', 'json', '-s', POOLS.join(), ...LITTLE, '--runtime', binaries.join(), '--format', 'json'];
    const { status: ended, stderr } = await lanewise([...args, '--out', out], { cwd: folder, firstBlockIn: out });
    expect([0, 130], stderr).toContain(ended);
    const file = await readFile(join(out, 'results.json'), 'utf8');
    const { cells, runtimes, workloads, warnings } = JSON.parse(file) as Results;
    expect(cells.map(({ status }) => status)).toEqual(Array.from({ length: 3 * 3 }, () => 'ok'));
    expect(runtimes?.map(({ name }) => name)).toEqual(['bun', 'deno', 'node']);
    expect(cells.slice(0, 3).map(({ runtime }) => runtime?.replace(/\d.*/, ''))).toEqual(['bun', 'deno', 'node']);
    expect(workloads.every(({ digest }) => digest !== null)).toBe(true);
    expect(warnings.map(({ kind }) => kind)).not.toContain('disordered-stamps');
  });
});
