/** Bun, Deno and another Node as runtimes of hosts, and of the command. Their binaries come from npm. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { installNode, installRuntime } from '../../dist/scripts/build/npm-binary.js';
import { measureFault, outcomeOf } from '../../dist/scripts/reliability/fault-table.js';
import type { FaultName } from '../../dist/scripts/reliability/faults.js';
import { findRuntimes } from '../../dist/src/measure/find-runtimes.js';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const MAIN = dist('src/cli/main.js');
const POOLS = ['event-loop', 'worker-threads', 'child-processes'] as const;
const LITTLE = '-p 2 -c 1 -n 4 --rounds 1 --preset quick --no-upper-bound'.split(' ');

const folder = mkdtempSync(join(tmpdir(), 'lanewise-runtimes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Undefined where npm cannot be reached, or has no binary for this platform. */
function installed(install: () => string | undefined): string | undefined {
  try {
    return install();
  } catch {
    return undefined;
  }
}

const bun = installed(() => installRuntime(folder, 'bun'));
const deno = installed(() => installRuntime(folder, 'deno'));
const node = installed(() => installNode(folder, process.version.startsWith('v24.') ? '22' : '24'));
const areAll = bun !== undefined && deno !== undefined && node !== undefined;
if (!areAll) process.stderr.write('Other runtimes were not tried: npm does not have their binaries here.\n');
const binaries = [bun, deno, node].filter((path) => path !== undefined);

/** Runs a file on a runtime. @returns its stdout */
async function runOn(binary: string, file: string, args: readonly string[] = []): Promise<string> {
  const before = binary === deno ? ['run', '--allow-all'] : [];
  const env = { ...process.env, TMPDIR: folder };
  const { stdout } = await promisify(execFile)(binary, [...before, file, ...args], { cwd: folder, env });
  return stdout;
}

describe.skipIf(!areAll)('Bun, Deno and another Node', () => {
  it.each(binaries.map((path) => [path]))('keep the contract of every built-in strategy: %s', async (binary) => {
    const { count, broken } = JSON.parse(await runOn(binary, dist('scripts/reliability/contract.js')));
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });

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

  /** On the event loop, in worker threads and in child processes, alike on all three. */
  it.each<readonly [FaultName, readonly (string | RegExp)[]]>([
    [
      'throws an Error',
      ['RangeError, task 2, main thread', 'RangeError, task 2, worker thread', 'RangeError, task 2, child process'],
    ],
    [
      'calls process.exit(3)',
      ['exit code 3, task 2, main thread', 'exit code 3, task 2, worker thread', 'exit code 3, task 2, child process'],
    ],
    ['kills its process', [/^signal SIGKILL/, /^signal SIGKILL/, 'signal SIGKILL, task 2, child process']],
    ['takes an input that cannot be cloned', ['measured', 'not cloneable, task 2', 'not cloneable, task 2']],
    ['never settles', [/^too late/, /^too late/, /^too late/]],
  ])('a task that %s fails its own configurations only', async (fault, expected) => {
    const runtimes = await findRuntimes({ runtimes: binaries });
    const { cells } = await measureFault(fault, { mib: 1, isCalibrated: false, strategies: POOLS, runtimes });
    const faulty = cells.filter(({ cell }) => cell.twin === undefined);
    for (const [index, strategy] of POOLS.entries()) {
      const outcomes = faulty.filter(({ cell }) => cell.strategy === strategy).map(outcomeOf);
      expect(outcomes).toHaveLength(binaries.length);
      for (const outcome of outcomes) expect(outcome).toMatch(asPattern(expected[index]));
    }
    expect(cells.filter(({ cell }) => cell.twin !== undefined).map(outcomeOf)).toEqual(binaries.map(() => 'measured'));
  });
});

function asPattern(expected: string | RegExp | undefined): RegExp {
  return expected instanceof RegExp
    ? expected
    : new RegExp(`^${(expected ?? '').replaceAll(/[()]/g, String.raw`\$&`)}$`);
}

describe.skipIf(!areAll)('the command itself', () => {
  it.each([
    ['Bun', bun],
    ['Deno', deno],
  ])('lists, measures and reports on %s', async (name, binary = '') => {
    expect(await runOn(binary, MAIN, ['list'])).toContain('child-processes');
    const out = join(folder, `report of ${name}`);
    // The contract is kept in every strategy, above; nothing is compared here.
    const args = ['run', 'primes', '-s', 'child-processes', ...LITTLE, '--blocks', '1', '--out', out, '--no-lock'];
    const found = JSON.parse(await runOn(binary, MAIN, [...args, '--json', '--quiet'])) as Results;
    expect(found.cells.map(({ status }) => status)).toEqual(['ok']);
    expect(found.environment.runtime?.name).toBe(name.toLowerCase());
    expect(await runOn(binary, MAIN, ['report', out])).toContain(`${name} ${found.environment.runtime?.version}`);
  });
});
