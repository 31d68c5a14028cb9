import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { hasGit, runGit } from '../support/git.js';
import { lanewise, startLanewise, type Outcome } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const at = (...names: readonly string[]): string => join(folder.path, 'repo', ...names);
const git = (...args: readonly string[]): string => runGit(at(), args);
const LEAST = '-s event-loop -n 2 --preset quick --blocks 7 --rounds 1 --out ../../out'.split(' ');

const waits = (ms: number): string =>
  `import { work } from './work.mjs';
  export default { bound: 'io', task: () => work(${ms}) };`;

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), text);
}

/** Runs in the folder of the service, with a temporary folder beside the repository. */
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  lanewise(['run', ...args], { cwd: at('service'), env: { TMPDIR: folder.path, TEMP: folder.path, ...env } });

/** Remaining files in the temporary folder. */
const left = async (): Promise<readonly string[]> =>
  (await readdir(folder.path)).filter((name) => /^lanewise-(?!lock-)/.test(name));

const resultsIn = async (out: string): Promise<Results> =>
  JSON.parse(await readFile(join(folder.path, out, 'results.json'), 'utf8')) as Results;

describe.skipIf(!hasGit)('lanewise run --versus-ref', () => {
  beforeAll(async () => {
    await mkdir(at());
    git('init', '-q', '-b', 'main');
    await write(
      'service/work.mjs',
      "import { setTimeout } from 'node:timers/promises';\nexport const work = (ms) => setTimeout(ms, 1);",
    );
    await write('service/task.mjs', waits(5));
    git('add', '.');
    git('commit', '-qm', 'old');
    git('checkout', '-qb', 'topic');
    await write('service/task.mjs', waits(80));
    await write('service/later.mjs', waits(1));
  });

  it('measures the version of a branch and that of the working tree as two versions, and fails for a slower one', async () => {
    const { status, stdout, stderr } = await run([
      './task.mjs',
      './later.mjs',
      '--versus-ref',
      'main',
      ...LEAST,
      '--json',
    ]);
    expect(status, stderr).toBe(4);
    const results = JSON.parse(stdout) as Results;
    expect(results.workloads).toMatchObject([{ name: 'task', source: 'task.mjs at main', newerSource: 'task.mjs' }]);
    expect(results.comparisons).toMatchObject([
      { baseline: 'task/event-loop', contender: 'task/event-loop~new', verdict: 'slower' },
    ]);
    expect(results.options.versusRef).toEqual({ ref: 'main', commit: git('rev-parse', 'main') });
    expect(results.warnings).toContainEqual({
      kind: 'no-older-version',
      workload: 'later.mjs',
      ref: 'main',
      because: 'not-there',
    });
    expect(await readFile(join(folder.path, 'out', 'report.md'), 'utf8')).toContain('--versus-ref main');
    expect(await left()).toEqual([]);
    expect(git('status', '--short')).toBe('M service/task.mjs\n?? service/later.mjs');
  });

  it('leaves nothing behind when killed, and is resumed with its original commit', async () => {
    const child = startLanewise(
      [
        'run',
        './task.mjs',
        '--versus-ref',
        'main',
        ...LEAST.slice(0, -1),
        '../../killed',
        '--rounds',
        '2',
        '--no-lock',
      ],
      { cwd: at('service'), env: { TMPDIR: folder.path, TEMP: folder.path } },
    );
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const journal = join(folder.path, 'killed', 'journal.json');
    const hasBlock = async (): Promise<boolean> => (await readFile(journal, 'utf8').catch(() => '')) !== '';
    await expect.poll(hasBlock, { timeout: 60_000, interval: 20 }).toBe(true);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(left, { timeout: 10_000 }).toEqual([]);
    const commit = git('rev-parse', 'main');
    git('branch', '-f', 'main', git('commit-tree', 'HEAD^{tree}', '-m', 'another'));
    const { status, stderr } = await run(['--resume', '../../killed', '--no-lock']);
    expect(status, stderr).toBe(4);
    expect((await resultsIn('killed')).options.versusRef).toEqual({ ref: 'main', commit });
  });

  it.each([
    [['./later.mjs', '--versus-ref', 'main'], '--versus-ref finds no older version: later.mjs is not at main (commit '],
    [
      ['primes', '--versus-ref', 'main'],
      '--versus-ref compares a module of your repository with an older version of it, and primes is none',
    ],
    [['./task.mjs', '--versus-ref', 'mian'], 'Invalid --versus-ref "mian": there is no such branch, tag or commit'],
    [
      ['./task.mjs', './later.mjs', '--versus', '--versus-ref', 'main'],
      'Give either --versus, with two paths, or --versus-ref',
    ],
    [['./task.mjs', '--versus-ref', 'main', '--against', 'x.json'], 'Give either --versus, --versus-ref or --against'],
    [['./nothing.mjs', '--versus-ref', 'main'], 'There is no file ./nothing.mjs'],
  ])('with %j is wrong usage, reported in one sentence', async (args, sentence) => {
    const { status, stdout, stderr } = await run(args);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(await left()).toEqual([]);
  });

  it('needs git', async () => {
    const { status, stderr } = await run(['./task.mjs', '--versus-ref', 'main'], { PATH: at(), Path: at() });
    expect(stderr).toContain(
      '--versus-ref needs git, which cannot be started (ENOENT). Or check that version out yourself',
    );
    expect(status).toBe(2);
  });
});
