/** Bun, Deno and another Node as runtimes of hosts, and of the command. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { areAll, binaries, bun, deno, folder, POOLS, runOn } from '../support/other-runtimes.js';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const LITTLE = '-p 2 -c 1 -n 4 --rounds 1 --preset quick --no-upper-bound'.split(' ');

describe.skipIf(!areAll)('Bun, Deno and another Node', () => {
  // test/nightly has the contract of each strategy, and the faults.
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

describe.skipIf(!areAll)('the command itself', () => {
  it.each([
    ['Bun', bun],
    ['Deno', deno],
  ])('lists, measures and reports on %s', async (name, binary = '') => {
    expect(await runOn(binary, MAIN, ['list'])).toContain('child-processes');
    const out = join(folder, `report of ${name}`);
    const args = ['run', 'primes', '-s', 'child-processes', ...LITTLE, '--blocks', '1', '--out', out, '--no-lock'];
    const found = JSON.parse(await runOn(binary, MAIN, [...args, '--json', '--quiet'])) as Results;
    expect(found.cells.map(({ status }) => status)).toEqual(['ok']);
    expect(found.environment.runtime?.name).toBe(name.toLowerCase());
    expect(await runOn(binary, MAIN, ['report', out])).toContain(`${name} ${found.environment.runtime?.version}`);
  });
});
