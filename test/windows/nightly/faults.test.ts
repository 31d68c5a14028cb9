/** Faults of tasks on Windows, in three strategies, beside a second event loop that behaves. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from '../../../dist/scripts/reliability/faults.js';
import { useTempFolder } from '../../support/temp-folder.js';
import { hasWine, startUnderWine, windowsPath } from '../../support/wine.js';

const folder = useTempFolder();

/** One for each way in which a task can end its process, its thread or the run. */
const FAULTS = [
  'throws an Error',
  'leaves an unhandled rejection',
  'loops for ever',
  'calls process.exit(3)',
  'kills its process',
  'returns a function',
  'takes an input that cannot be cloned',
  'writes much to stderr',
  'writes garbage to descriptor 3',
  'installs signal handlers',
] as const satisfies readonly FaultName[];

/**
 * Outcomes that differ from those in docs/reliability.md: Windows has no signals, and a host that ends or hangs there
 * has not yet reported which task it was running.
 */
const ELSEWHERE: Partial<Record<FaultName, (expected: readonly string[]) => readonly string[]>> = {
  'loops for ever': ([, ...others]) => ['too late', ...others],
  'kills its process': () => ['exit code 1', 'exit code 1', 'exit code 1, task 2, child process'],
  'writes garbage to descriptor 3': ([, ...others]) => ['ProtocolError', ...others],
};

const STRATEGIES = ['event-loop', 'worker-threads', 'child-processes'];

/** Rows of the table of all strategies, by fault, in the columns of these. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL('../../../docs/reliability.md', import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const heads = rows.find((cells) => cells.includes('child-processes')) ?? [];
  return new Map(rows.map((cells) => [cells[1] ?? '', STRATEGIES.map((name) => cells[heads.indexOf(name)] ?? '')]));
}

describe.skipIf(!hasWine)('on Windows', () => {
  const outcomes = new Map<string, readonly string[]>();
  const expected = documented();

  beforeAll(async () => {
    const faults = new URL('../../../dist/scripts/reliability/fault-table.js', import.meta.url);
    const script = await folder.file(
      'faults.mjs',
      `import { measureFault, outcomeOf } from ${JSON.stringify(faults.href.replace('file:///', 'file:///Z:/'))};
       for (const fault of ${JSON.stringify(FAULTS)}) {
         const size = { mib: 4, isCalibrated: false, strategies: ${JSON.stringify(STRATEGIES)} };
         const { cells } = await measureFault(fault, size);
         console.log(JSON.stringify([fault, ...cells.map(outcomeOf)]));
       }`,
    );
    const { status, stdout, stderr } = await startUnderWine([], folder.path, windowsPath(script)).ended;
    if (status !== 0) throw new Error(stderr);
    for (const line of stdout.trim().split('\n')) {
      const [fault = '', ...rest] = JSON.parse(line) as string[];
      outcomes.set(fault, rest);
    }
  }, 900_000);

  it.each(FAULTS)('a task that %s has the documented outcome, and no other configuration is affected', (fault) => {
    const usual = expected.get(fault) ?? [];
    expect(outcomes.get(fault)).toEqual([...(ELSEWHERE[fault]?.(usual) ?? usual), 'measured']);
  });
});
