import { readdir, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { resultsSchema } from '../../dist/src/model/results-schema.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const schema = Compile(resultsSchema);

/** The least evidence that can decide one comparison. */
const LEAST = ['--blocks', '6', '--rounds', '1', '--preset', 'quick', '--no-upper-bound'];
/** Enough where nothing is compared. */
const ONE_BLOCK = [...LEAST, '--blocks', '1'];
const TWO_CONFIGURATIONS = ['-s', 'event-loop,worker-threads', '-p', '2'];

async function run(args: readonly string[]) {
  return lanewise(['run', ...args], { cwd: folder.path });
}

/** Writes only what is asked for with `--out`: most tests read nothing but stdout. */
async function results(args: readonly string[]): Promise<Results> {
  const { stdout } = await run([...args, '--json', ...(args.includes('--out') ? [] : ['--format', 'json'])]);
  const found: unknown = JSON.parse(stdout);
  expect(schema.Errors(found)).toEqual([]);
  return found as Results;
}

/** Enough where configurations are measured, and nothing is concluded from it. */
async function firstBlock(command: string): Promise<Results> {
  const out = join(folder.path, command.split(' ').at(-1) ?? '');
  const args = ['run', ...command.split(' '), ...LEAST];
  const { status, stderr } = await lanewise(args, { cwd: folder.path, firstBlockIn: out });
  // Interrupted then, except on Windows.
  expect([0, 130], stderr).toContain(status);
  return JSON.parse(await readFile(join(out, 'results.json'), 'utf8')) as Results;
}

const cpusUsed = (found: Results, id: string): number => {
  const cell = found.cells.find((other) => other.id === id);
  if (cell?.status !== 'ok') throw new Error(`${id} is ${cell?.status}`);
  return cell.summary.cpusUsed;
};

it('what setup opens is closed by teardown in every process and worker, those that are not measured included', async () => {
  const log = join(folder.path, 'opened');
  const note = (sign: string): string => `appendFileSync(${JSON.stringify(log)}, '${sign}')`;
  const workload = await folder.file(
    'opening.mjs',
    `import { appendFileSync } from 'node:fs';
    export default { setup: () => ${note('+')}, teardown: () => ${note('-')}, task: () => 1 };`,
  );
  // Its kind is measured, its batches are calibrated, and there is an upper bound.
  const args = [workload, '-s', 'event-loop,worker-threads', '-p', '2', '-c', '1', '--blocks', '6', '--rounds', '1'];
  const { status, stderr } = await run([...args, '--preset', 'quick', '-n', '8', '--quiet']);
  expect(status, stderr).toBe(0);
  const signs = await readFile(log, 'utf8');
  expect(signs.replaceAll('-', '').length).toBeGreaterThan(6 * 3);
  expect(signs.replaceAll('+', '')).toHaveLength(signs.replaceAll('-', '').length);
});

describe('a secret in an error', () => {
  it('is in no file of the report and not printed', async () => {
    const workload = await folder.file(
      'leaky.mjs',
      'const token = process.env.MY_TOKEN; delete process.env.MY_TOKEN; export default () => { throw new Error(`connect to https://user:S3cretPw@db/x with token ${token} failed, db://u:p/Sl4sh@db, passwd=Sh0wn-by-name, ${process.env.DB_PASSWORD}`); };',
    );
    const { status, stdout, stderr } = await lanewise(
      ['run', workload, ...LEAST, ...TWO_CONFIGURATIONS, '-c', '1', '--out', 'leaky'],
      {
        cwd: folder.path,
        env: { MY_TOKEN: 'tok-abcdef-123', DB_PASSWORD: 'swordfish' },
      },
    );
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('connect to https://***@db/x with token *** failed');
    const files = await readdir(join(folder.path, 'leaky'));
    const texts = await Promise.all(files.map(async (file) => readFile(join(folder.path, 'leaky', file), 'utf8')));
    expect(files).toContain('cells.csv');
    for (const text of [stdout, stderr, ...texts])
      expect(text).not.toMatch(/S3cretPw|tok-abcdef-123|Sl4sh|Sh0wn|swordfish/);
  });
});

describe('lanewise run', () => {
  it('measures every strategy, journals every sample, and writes a report that is valid by the schema', async () => {
    const found = await results(
      'timer --param ms=5 -n 2 -p 2 -c 1 --preset quick --blocks 8 --rounds 1 --no-upper-bound --out every --seed 5'.split(
        ' ',
      ),
    );
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
    // The calibration is the first start of a race, and two blocks the next; what is left has 8 blocks more.
    const left = found.cells.filter(({ dropped }) => dropped === undefined);
    const begun = (cell: Results['cells'][number]): number => (cell.startsMs?.length ?? Number.NaN) - 1;
    // What is left has two startups in any case, from its other blocks if the race could end after one.
    const startupsOf = (cell: Results['cells'][number]): number => (left.includes(cell) ? 2 : begun(cell));
    expect(found.cells.map(({ id, status, startupMs }) => ({ id, status, startups: startupMs.length }))).toEqual(
      found.cells.map((cell) => ({ id: cell.id, status: 'ok', startups: startupsOf(cell) })),
    );
    expect(left.map(({ samples }) => samples.length)).toEqual(left.map(() => 8));
    expect(
      found.cells.filter((cell) => !left.includes(cell)).every((cell) => cell.samples.length === begun(cell)),
    ).toBe(true);
    // On a machine whose CPUs are taken nothing is concluded.
    const isWithheld = found.warnings.some(({ kind }) => kind === 'taken-cpus');
    expect(found.comparisons).toHaveLength(isWithheld ? 0 : left.length - 1);
    expect(found.recommendations).toHaveLength(isWithheld ? 0 : 1);
    expect(found.timelines).toHaveLength(found.cells.length);
    expect((await readdir(join(folder.path, 'every'))).toSorted()).toEqual([
      'cells.csv',
      'index.html',
      'report.md',
      'results.json',
      'samples.csv',
      'samples.ndjson',
      'trace.json',
    ]);
    const lines = (await readFile(join(folder.path, 'every', 'samples.ndjson'), 'utf8')).trim().split('\n');
    // A disturbed block is there twice.
    const turns = lines.map((line) => {
      const { cell, block, round } = JSON.parse(line) as { cell: string; block: number; round: number };
      return `${cell} ${block} ${round}`;
    });
    const all = found.cells.reduce((sum, cell) => sum + begun(cell), 0) + left.length * 8;
    expect(new Set(turns).size).toBe(all);
    const { noise = [] } = found;
    expect(lines).toHaveLength(all + left.length * (noise[0]?.repeated ?? Number.NaN));
    expect(new Set(lines.map((line) => (JSON.parse(line) as { cell: string }).cell))).toEqual(
      new Set(found.cells.map(({ id }) => id)),
    );
    expect(JSON.parse(await readFile(join(folder.path, 'every', 'results.json'), 'utf8'))).toEqual(found);
  });

  it('shows concurrency without parallelism on the event loop', async () => {
    const found = await firstBlock(
      'primes-cooperative --param count=10000 -n 6 -s sequential,event-loop --out taking-turns',
    );
    const [sequential, loop] = found.cells.map((cell) => (cell.status === 'ok' ? cell.summary : undefined));
    expect(sequential?.tasksInFlight).toBeLessThanOrEqual(1);
    expect(loop?.tasksInFlight).toBeGreaterThan(1.5);
    expect(cpusUsed(found, 'primes-cooperative[count=10000]/event-loop')).toBeLessThan(1.5);
  });

  it('measures a strategy that is given twice beside itself', async () => {
    const found = await firstBlock(
      'timer --param ms=5 -n 4 -s worker-threads,worker-threads --baseline worker-threads -p 2 -c 1 --out twice',
    );
    expect(found.cells.map(({ id, twin }) => ({ id, twin }))).toEqual([
      { id: 'timer[ms=5]/worker-threads@2', twin: undefined },
      { id: 'timer[ms=5]/worker-threads@2#2', twin: 2 },
    ]);
    for (const { samples } of found.cells) expect(samples.length).toBeGreaterThan(0);
  });

  it('runs a plain function with an input, and scans params', async () => {
    await folder.file('plain worker ü.mjs', 'export default ({ n }) => n * 2');
    const one = '-n 3 -s worker-threads -p 2 -c 1'.split(' ');
    const plain = await results(['./plain worker ü.mjs', '--input', '{"n": 21}', ...one, ...ONE_BLOCK]);
    expect(plain.workloads).toMatchObject([{ name: 'plain worker ü', source: 'plain worker ü.mjs', tasks: 3 }]);
    const scanned = await results(['echo', '--param', 'bytes=16,32', '-n', '3', '-s', 'event-loop', ...ONE_BLOCK]);
    expect(scanned.workloads.map(({ params }) => params)).toEqual([{ bytes: 16 }, { bytes: 32 }]);
  });

  it('prints the report on stdout and everything else on stderr', async () => {
    const once = ['noop', '-n', '20', '-s', 'event-loop', ...ONE_BLOCK];
    const result = await run(once);
    expect(result).toMatchObject({ status: 0 });
    expect(result.stdout).toMatch(/^noop \(CPU-bound\): .*\n\nstrategy /s);
    expect(result.stdout).not.toContain('\u001b');
    expect(result.stderr).toContain('noop: block 1 of 1');
    expect(result.stderr).toContain('Written: ');
    const quiet = await run([...once, '--quiet', '--format', 'md', '--out', 'quiet']);
    expect(quiet.stderr).toBe('');
    expect((await readdir(join(folder.path, 'quiet'))).toSorted()).toEqual(['report.md', 'samples.ndjson']);
  });

  it('writes nothing about the user into its results, and evaluates no workload in its own process', async () => {
    await folder.file(
      'mine.mjs',
      `import { appendFileSync } from 'node:fs';
       appendFileSync(new URL('who.txt', import.meta.url), process.argv[1] + '\\n');
       const file = import.meta.filename;
       export default { params: { file }, task: (input, { lane, params }) => {
         if (lane.kind === 'thread') throw new Error(\`no \${import.meta.url}, \${params.file} and \${process.cwd()}/x\`);
         return 1;
       } }`
        .replaceAll('\\`', '`')
        .replaceAll('\\$', '$'),
    );
    const secret = 'hunter2-in-the-environment';
    const { stdout } = await lanewise(
      [
        'run',
        join(folder.path, 'mine.mjs'),
        '-n',
        '4',
        ...TWO_CONFIGURATIONS,
        '-c',
        '1',
        ...LEAST,
        '--json',
        '--out',
        'private',
      ],
      { cwd: folder.path, env: { SECRET: secret } },
    );
    const report = await readFile(join(folder.path, 'private', 'report.md'), 'utf8');
    for (const text of [stdout, report]) {
      expect(text).toContain('no mine.mjs, mine.mjs and x');
      for (const own of [folder.path, process.cwd(), homedir(), tmpdir(), secret]) expect(text).not.toContain(own);
    }
    const { params } = (JSON.parse(stdout) as Results).workloads[0] ?? {};
    expect(params).toEqual({ file: 'mine.mjs' });
    const evaluatedIn = (await readFile(join(folder.path, 'who.txt'), 'utf8'))
      .trim()
      .split('\n')
      .map((path) => basename(path));
    expect(new Set(evaluatedIn)).toEqual(new Set(['describe.js', 'host.cjs', 'worker.js']));
  });
});

describe('a failed cell', () => {
  it('is reported with its task and error, the others are measured, and the status is 1', async () => {
    await folder.file(
      'throws.mjs',
      'export default { task: (input, { lane }) => { if (lane.kind === "thread") throw new RangeError("not in a thread"); return 1 } }',
    );
    const result = await run([
      './throws.mjs',
      '-n',
      '8',
      ...TWO_CONFIGURATIONS,
      '-c',
      '1',
      ...LEAST,
      '--json',
      '--format',
      'json',
    ]);
    expect(result.status).toBe(1);
    const found = JSON.parse(result.stdout) as Results;
    expect(schema.Errors(found)).toEqual([]);
    expect(found.cells).toMatchObject([
      { id: 'throws/event-loop', status: 'ok' },
      {
        id: 'throws/worker-threads@2',
        status: 'failed',
        error: { name: 'RangeError', message: 'not in a thread', task: 0, lane: { kind: 'thread' } },
      },
    ]);
    expect(found.cells[0]?.samples).toHaveLength(6);
  });

  it('is every cell of a workload whose outputs differ', async () => {
    await folder.file('unequal.mjs', 'export default { task: (input, { lane }) => lane.kind }');
    const result = await run(['./unequal.mjs', '-n', '8', ...TWO_CONFIGURATIONS, '-c', '1', ...LEAST]);
    expect(result.status).toBe(1);
    const text = result.stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('Two configurations gave different results for task 1');
    // Their ids are for programs: a warning names both in words.
    expect(text).toMatch(
      /unequal: (the event loop and 2 worker threads|2 worker threads and the event loop) returned different outputs for task 1/,
    );
    expect(text).not.toContain('unequal/');
  });
});
