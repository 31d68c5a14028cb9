import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model.js';
import { resultsSchema } from '../../dist/src/results-schema.js';
import { lanewise, startLanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const schema = Compile(resultsSchema);

/** The least evidence that decides one comparison. */
const LEAST = ['--blocks', '6', '--rounds', '1', '--preset', 'quick', '--no-ceiling'];
const TWO_WAYS = ['-s', 'event-loop,worker-threads', '-p', '2'];

async function run(args: readonly string[]) {
  return lanewise(['run', ...args], { cwd: folder.path });
}

async function results(args: readonly string[]): Promise<Results> {
  const { stdout } = await run([...args, '--json']);
  const found: unknown = JSON.parse(stdout);
  expect(schema.Errors(found)).toEqual([]);
  return found as Results;
}

const coresUsed = (found: Results, id: string): number => {
  const cell = found.cells.find((other) => other.id === id);
  if (cell?.status !== 'ok') throw new Error(`${id} is ${cell?.status}`);
  return cell.summary.coresUsed;
};

describe('lanewise run', () => {
  it('measures every strategy, journals every sample, and writes a report that the schema allows', async () => {
    const found = await results([
      'timer',
      '--param',
      'ms=5',
      '-n',
      '2',
      '-p',
      '2',
      '-c',
      '1',
      '--preset',
      'quick',
      '--blocks',
      '8',
      '--out',
      'every',
      '--seed',
      '5',
    ]);
    expect(found).toMatchObject({ complete: true, seed: 5, options: { blocks: 8, rounds: 1 } });
    expect(found.cells.map(({ strategy }) => strategy)).toEqual(
      expect.arrayContaining([
        'sequential',
        'event-loop',
        'worker-threads',
        'child-processes',
        'thread-per-task',
        'process-per-task',
      ]),
    );
    expect(
      found.cells.every(
        ({ status, samples, startupMs }) => status === 'ok' && samples.length === 8 && startupMs.length === 8,
      ),
    ).toBe(true);
    expect(found.comparisons).toHaveLength(found.cells.length - 1);
    expect(found.recommendations).toHaveLength(1);
    expect(found.timelines).toHaveLength(found.cells.length);
    expect((await readdir(join(folder.path, 'every'))).toSorted()).toEqual([
      'report.md',
      'results.json',
      'samples.ndjson',
    ]);
    const lines = (await readFile(join(folder.path, 'every', 'samples.ndjson'), 'utf8')).trim().split('\n');
    // A block that was disturbed is there twice.
    const turns = lines.map((line) => {
      const { cell, block, round } = JSON.parse(line) as { cell: string; block: number; round: number };
      return `${cell} ${block} ${round}`;
    });
    expect(new Set(turns).size).toBe(found.cells.length * 8);
    const { noise = [] } = found;
    expect(lines).toHaveLength(found.cells.length * (8 + (noise[0]?.repeated ?? Number.NaN)));
    expect(new Set(lines.map((line) => (JSON.parse(line) as { cell: string }).cell))).toEqual(
      new Set(found.cells.map(({ id }) => id)),
    );
    expect(JSON.parse(await readFile(join(folder.path, 'every', 'results.json'), 'utf8'))).toEqual(found);
  });

  it('shows concurrency without parallelism on one loop', async () => {
    const found = await results([
      'primes-cooperative',
      '--param',
      'count=10000',
      '-s',
      'sequential,event-loop',
      ...LEAST,
    ]);
    const [sequential, loop] = found.cells.map((cell) => (cell.status === 'ok' ? cell.summary : undefined));
    expect(sequential?.inProgress).toBeLessThanOrEqual(1);
    expect(loop?.inProgress).toBeGreaterThan(1.5);
    expect(coresUsed(found, 'primes-cooperative[count=10000]/event-loop')).toBeLessThan(1.5);
  });

  it('compares a strategy that is named twice with itself', async () => {
    const found = await results([
      'timer',
      '--param',
      'ms=5',
      '-s',
      'worker-threads,worker-threads',
      '--baseline',
      'worker-threads',
      '-p',
      '2',
      '-c',
      '1',
      ...LEAST,
    ]);
    expect(found.comparisons).toMatchObject([
      { baseline: 'timer[ms=5]/worker-threads@2', contender: 'timer[ms=5]/worker-threads@2#2' },
    ]);
  });

  it('runs a plain function with an input, and scans params', async () => {
    await folder.file('plain worker ü.mjs', 'export default ({ n }) => n * 2');
    const plain = await results([
      './plain worker ü.mjs',
      '--input',
      '{"n": 21}',
      '-n',
      '3',
      ...TWO_WAYS,
      '-c',
      '1',
      ...LEAST,
    ]);
    expect(plain.workloads).toMatchObject([{ name: 'plain worker ü', source: 'plain worker ü.mjs', tasks: 3 }]);
    const scanned = await results(['echo', '--param', 'bytes=16,32', '-n', '3', ...TWO_WAYS, ...LEAST]);
    expect(scanned.workloads.map(({ params }) => params)).toEqual([{ bytes: 16 }, { bytes: 32 }]);
    expect(scanned.recommendations).toHaveLength(2);
  });

  it('prints the report on stdout and everything else on stderr', async () => {
    const told = await run(['noop', '-n', '20', ...TWO_WAYS, ...LEAST]);
    expect(told).toMatchObject({ status: 0 });
    expect(told.stdout).toMatch(/^noop \(CPU work\): /);
    expect(told.stdout).not.toContain('\u001b');
    expect(told.stderr).toContain('noop: block 6 of 6');
    expect(told.stderr).toContain('Written: ');
    const quiet = await run(['noop', '-n', '20', ...TWO_WAYS, ...LEAST, '--quiet', '--format', 'md', '--out', 'quiet']);
    expect(quiet.stderr).toBe('');
    expect((await readdir(join(folder.path, 'quiet'))).toSorted()).toEqual(['report.md', 'samples.ndjson']);
  });

  it('says nothing of the user in its results', async () => {
    await folder.file('mine.mjs', 'export default () => 1');
    const { stdout } = await run([
      join(folder.path, 'mine.mjs'),
      '-n',
      '8',
      ...TWO_WAYS,
      '-c',
      '1',
      ...LEAST,
      '--json',
    ]);
    expect(stdout).not.toContain(folder.path);
    expect(stdout).not.toContain(process.cwd());
    await folder.file(
      'fails.mjs',
      'export default () => { throw new Error(`no ${import.meta.url} and ${process.cwd()}/x`) }',
    );
    const failed = await run(['./fails.mjs', '-n', '8', ...TWO_WAYS, '-c', '1', ...LEAST, '--json']);
    expect(failed.stdout).toContain('no fails.mjs and x');
    expect(failed.stdout).not.toContain(folder.path);
  });
});

describe('a cell that fails', () => {
  it('is told with its task and error, the others are measured, and the status is 1', async () => {
    await folder.file(
      'throws.mjs',
      'export default (input, { lane }) => { if (lane.kind === "thread") throw new RangeError("not in a thread"); return 1 }',
    );
    const told = await run([
      './throws.mjs',
      '-n',
      '8',
      ...TWO_WAYS,
      '-c',
      '1',
      '--blocks',
      '6',
      '--rounds',
      '1',
      '--json',
    ]);
    expect(told.status).toBe(1);
    const found = JSON.parse(told.stdout) as Results;
    expect(schema.Errors(found)).toEqual([]);
    expect(found.cells).toMatchObject([
      { id: 'throws/event-loop@1x1', status: 'ok' },
      {
        id: 'throws/worker-threads@2',
        status: 'failed',
        error: { name: 'RangeError', message: 'not in a thread', task: 0, lane: { kind: 'thread' } },
      },
    ]);
    expect(found.cells[0]?.samples).toHaveLength(6);
  });

  it('is one that is late: its lanes are killed', async () => {
    await folder.file(
      'late.mjs',
      'export default (input, { lane }) => { if (lane.kind === "process") for (;;); return 1 }',
    );
    const told = await run([
      './late.mjs',
      '-s',
      'event-loop,child-processes',
      '-p',
      '1',
      '-c',
      '1',
      '--timeout',
      '300ms',
      ...LEAST,
      '--json',
    ]);
    expect(told.status).toBe(1);
    expect((JSON.parse(told.stdout) as Results).cells[1]).toMatchObject({
      status: 'failed',
      error: { name: 'TimeoutError' },
    });
  });

  it('is every cell of a workload whose outputs are not the same everywhere', async () => {
    await folder.file('unequal.mjs', 'export default (input, { lane }) => lane.kind');
    const told = await run(['./unequal.mjs', '-n', '8', ...TWO_WAYS, '-c', '1', ...LEAST]);
    expect(told.status).toBe(1);
    expect(told.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /unequal\/(event-loop@1x1|worker-threads@2) and unequal\/(event-loop@1x1|worker-threads@2) gave different results for task 0/,
    );
  });
});

describe('an interruption', () => {
  it('finishes the batch in hand, keeps what was measured, and ends with 130', async () => {
    const child = startLanewise(
      ['run', 'timer', '--param', 'ms=20', ...TWO_WAYS, '-c', '1', '--preset', 'rigorous', '--out', 'cut', '--json'],
      { cwd: folder.path },
    );
    let stdout = '';
    child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
    await waitForSamples(join(folder.path, 'cut', 'samples.ndjson'));
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(130);
    const found = JSON.parse(stdout) as Results;
    expect(schema.Errors(found)).toEqual([]);
    expect(found.complete).toBe(false);
    expect(found.cells.some(({ samples }) => samples.length > 0)).toBe(true);
  });

  async function waitForSamples(path: string): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      const { size } = await stat(path).catch(() => ({ size: 0 }));
      if (size > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('nothing was measured');
  }
});
