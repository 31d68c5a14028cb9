/** The contract of the strategies on Bun, Deno and another Node, the faults whose outcomes there are known, and the command. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findRuntimes } from '../../dist/src/measure/find-runtimes.js';
import type { Results } from '../../dist/src/model/results.js';
import { measureFault, outcomeOf } from '../../dist/scripts/reliability/fault-table.js';
import type { FaultName } from '../../dist/scripts/reliability/faults.js';
import { areAll, binaries, bun, deno, folder, node, POOLS, runOn } from '../support/other-runtimes.js';

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

type Expected = Readonly<Record<(typeof POOLS)[number], RegExp>>;

const everywhere = (said: string): Expected => ({
  'event-loop': new RegExp(`^${said}, main thread$`),
  'worker-threads': new RegExp(`^${said}, worker thread$`),
  'child-processes': new RegExp(`^${said}, child process$`),
});

/** Outcomes of faults in each strategy, alike on all three. */
const OUTCOMES = {
  'throws an Error': everywhere('RangeError, task 2'),
  'calls process.exit(3)': everywhere('exit code 3, task 2'),
  'kills its process': {
    'event-loop': /^signal SIGKILL/,
    'worker-threads': /^signal SIGKILL/,
    'child-processes': /^signal SIGKILL, task 2, child process$/,
  },
  'takes an input that cannot be cloned': {
    'event-loop': /^measured$/,
    'worker-threads': /^not cloneable, task 2$/,
    'child-processes': /^not cloneable, task 2$/,
  },
  'never settles': { 'event-loop': /^too late/, 'worker-threads': /^too late/, 'child-processes': /^too late/ },
} as const satisfies Partial<Record<FaultName, Expected>>;

type Known = keyof typeof OUTCOMES;
const KNOWN_FAULTS = Object.keys(OUTCOMES) as readonly Known[];

it.skipIf(!areAll).each([
  ['Bun', bun],
  ['Deno', deno],
  ['another Node', node],
])('%s keeps the contract of every built-in strategy', async (_name, binary = '') => {
  const { count, broken } = JSON.parse(await runOn(binary, dist('scripts/reliability/contract.js')));
  expect(broken).toEqual([]);
  expect(count).toBeGreaterThan(0);
});

describe.skipIf(!areAll)('Bun, Deno and another Node', () => {
  it.each(KNOWN_FAULTS)('a task that %s fails its own configurations only', async (fault) => {
    const runtimes = await findRuntimes({ runtimes: binaries });
    const { cells } = await measureFault(fault, { mib: 1, isCalibrated: false, strategies: POOLS, runtimes });
    const faulty = cells.filter(({ cell }) => cell.twin === undefined);
    for (const strategy of POOLS) {
      const outcomes = faulty.filter(({ cell }) => cell.strategy === strategy).map(outcomeOf);
      expect(outcomes).toHaveLength(binaries.length);
      for (const outcome of outcomes) expect(outcome).toMatch(OUTCOMES[fault][strategy]);
    }
    const others = cells.filter(({ cell }) => cell.twin !== undefined).map(outcomeOf);
    expect(others).toEqual(binaries.map(() => 'measured'));
  });
});

/** Nothing is compared here. */
const LITTLE = '-p 2 -c 1 -n 4 --blocks 1 --rounds 1 --preset quick --no-upper-bound'.split(' ');

describe.skipIf(!areAll)('the command itself', () => {
  it.each([
    ['Bun', bun],
    ['Deno', deno],
  ])('lists, measures and reports on %s', async (name, binary = '') => {
    expect(await runOn(binary, dist('src/cli/main.js'), ['list'])).toContain('child-processes');
    const out = join(folder, `report of ${name}`);
    const args = ['run', 'primes', '-s', 'child-processes', ...LITTLE, '--out', out, '--no-lock'];
    const found = JSON.parse(await runOn(binary, dist('src/cli/main.js'), [...args, '--json', '--quiet'])) as Results;
    expect(found.cells.map(({ status }) => status)).toEqual(['ok']);
    // What only computes is drawn as running.
    const running = found.timelines.flatMap(({ slices }) => slices).filter(({ kind }) => kind === 'run');
    expect(new Set(running.map(({ task }) => task))).toEqual(new Set([0, 1, 2, 3]));
    expect(found.environment.runtime?.name).toBe(name.toLowerCase());
    expect(await runOn(binary, dist('src/cli/main.js'), ['report', out])).toContain(
      `${name} ${found.environment.runtime?.version}`,
    );
  });
});
