/** Bun, Deno and another Node, whose binaries come from npm. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { installNode, installRuntime } from '../../dist/scripts/build/npm-binary.js';
import { measureFault, outcomeOf } from '../../dist/scripts/reliability/fault-table.js';
import type { FaultName } from '../../dist/scripts/reliability/faults.js';
import { findRuntimes } from '../../dist/src/measure/find-runtimes.js';

export const POOLS = ['event-loop', 'worker-threads', 'child-processes'] as const;

export const folder = mkdtempSync(join(tmpdir(), 'lanewise-runtimes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Undefined where npm cannot be reached, or has no binary for this platform. */
function installed(install: () => string | undefined): string | undefined {
  try {
    return install();
  } catch {
    return undefined;
  }
}

export const bun = installed(() => installRuntime(folder, 'bun'));
export const deno = installed(() => installRuntime(folder, 'deno'));
export const node = installed(() => installNode(folder, process.version.startsWith('v24.') ? '22' : '24'));
export const areAll = bun !== undefined && deno !== undefined && node !== undefined;
if (!areAll) process.stderr.write('Other runtimes were not tried: npm does not have their binaries here.\n');
export const binaries = [bun, deno, node].filter((path) => path !== undefined);

/** Runs a file on a runtime. @returns its stdout */
export async function runOn(binary: string, file: string, args: readonly string[] = []): Promise<string> {
  const before = binary === deno ? ['run', '--allow-all'] : [];
  const env = { ...process.env, TMPDIR: folder };
  const { stdout } = await promisify(execFile)(binary, [...before, file, ...args], { cwd: folder, env });
  return stdout;
}

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
export const KNOWN_FAULTS = Object.keys(OUTCOMES) as readonly Known[];

export function testRuntimeFaults(faults: readonly Known[]): void {
  describe.skipIf(!areAll)('Bun, Deno and another Node', () => {
    it.each(faults)('a task that %s fails its own configurations only', async (fault) => {
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
}
