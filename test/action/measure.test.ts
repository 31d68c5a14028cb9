import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { findVersions } from '../../dist/src/flow/versions.js';
import { LanewiseError } from '../../dist/src/model/errors.js';
import { runAction } from '../support/action.js';
import { hasGit, runGit } from '../support/git.js';
import { useTempFolder } from '../support/temp-folder.js';

const COMMAND = fileURLToPath(new URL('../support/scripted-command.mjs', import.meta.url));
const folder = useTempFolder();
const inFolder = (...names: readonly string[]): string => join(folder.path, ...names);
const results = (): string => inFolder('lanewise-report', 'results.json');

interface Scripted {
  readonly status?: number;
  readonly signal?: string;
  readonly prints?: string;
  /** Printed on stderr. */
  readonly says?: string;
  /** Content of the results.json that it writes; undefined: it writes none. */
  readonly results?: string;
  readonly warnings?: readonly object[];
}

const measure = (
  commands: Readonly<Partial<Record<'run' | 'versus' | 'compare', Scripted>>>,
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof runAction> =>
  runAction('measure.sh', folder.path, {
    LANEWISE_COMMAND: `node ${COMMAND}`,
    LANEWISE_KEY: 'key',
    SCRIPTED: JSON.stringify(commands),
    ...env,
  });

/** Arguments of the command, without the folder of its report. */
async function calls(): Promise<readonly (readonly string[])[]> {
  const text = await readFile(inFolder('calls'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as string[]).filter((word) => !word.includes(folder.path)));
}

async function baseline(): Promise<string | undefined> {
  return (await baselines()).at(-1);
}

/** The runs of the baseline, the latest last. */
async function baselines(): Promise<readonly string[]> {
  const [machine] = await readdir(inFolder('.lanewise-baseline', 'key')).catch(() => []);
  if (machine === undefined) return [];
  const files = await readdir(inFolder('.lanewise-baseline', 'key', machine));
  return Promise.all(
    files.toSorted().map((file) => readFile(inFolder('.lanewise-baseline', 'key', machine, file), 'utf8')),
  );
}

beforeEach(async () => {
  for (const name of await readdir(folder.path)) await rm(inFolder(name), { recursive: true });
});

describe.skipIf(process.platform === 'win32')('exit statuses in the action', () => {
  it.each([70, 2, 139])('end the step: status %i of the run is kept, and nothing is compared', async (status) => {
    await measure({ run: { results: 'first' } });
    const ended = await measure({ run: { status, results: 'second' } });
    expect(ended).toMatchObject({ status, output: 'changed=not compared\n' });
    expect(await baseline()).toContain('first');
  });

  it('that come from a signal are an error of the step', async () => {
    const ended = await measure({ run: { signal: 'SIGSEGV', results: 'of a crash' } });
    expect(ended).toMatchObject({ status: 139, output: 'changed=not compared\n' });
    expect(await baseline()).toBeUndefined();
  });

  it.each([0, 1, 3, 4])('such as %i without results are an error of the step', async (status) => {
    const ended = await measure({ run: { status } });
    expect(ended).toMatchObject({ status: 70, output: 'changed=not compared\n' });
    expect(ended.summary).toContain('left no results.json');
  });

  it('are never taken from the results of an earlier step', async () => {
    await mkdir(inFolder('lanewise-report'));
    await writeFile(results(), 'of an earlier step');
    const ended = await measure({ run: { status: 1 } });
    expect(ended).toMatchObject({ status: 70, output: 'changed=not compared\n' });
    expect(await readdir(folder.path)).not.toContain('lanewise-report');
  });

  it('of a crashed comparison fail the step, without a verdict, and keep the baseline', async () => {
    await measure({ run: { results: 'first' } });
    for (const status of [1, 70, 139]) {
      const ended = await measure({ run: { results: 'second' }, compare: { status } });
      expect(ended).toMatchObject({ status: 70, output: `results=${results()}\nchanged=not compared\n` });
      expect(ended.summary).toContain(`failed (status ${status})`);
    }
    expect(await baseline()).toContain('first');
  });

  it('for an invalid fail-on fail the step, and keep the baseline', async () => {
    await measure({ run: { results: 'first' } });
    const commands = { run: { results: 'second' }, compare: { status: 2, says: 'lanewise: Invalid --fail-on' } };
    const ended = await measure(commands, { LANEWISE_FAIL_ON: 'slowr' });
    expect(ended).toMatchObject({ status: 2, output: `results=${results()}\nchanged=not compared\n` });
    expect(ended.log).toContain('lanewise: Invalid --fail-on');
    expect(await baseline()).toContain('first');
  });

  it.each([
    { compared: 0, changed: 'no', status: 0, kept: 'second' },
    { compared: 2, changed: 'not compared', status: 0, kept: 'second' },
    { compared: 3, changed: 'undecided', status: 0, kept: 'first' },
    { compared: 4, changed: 'slower', status: 4, kept: 'first' },
  ])('$compared of a comparison means "$changed"', async ({ compared, changed, status, kept }) => {
    await measure({ run: { results: 'first' } });
    const ended = await measure({ run: { results: 'second' }, compare: { status: compared } });
    expect(ended.status).toBe(status);
    expect(ended.output).toContain(`changed=${changed}\n`);
    expect(await baseline()).toContain(kept);
  });
});

describe.skipIf(process.platform === 'win32')('the baseline', () => {
  const comparison = (estimate: number): string =>
    JSON.stringify({ minEffect: 0.05, changes: [{ speedup: { estimate, lo: 0.5, hi: 2 } }] });

  it('is joined by undecided results that look as fast, and by none that look slower', async () => {
    await measure({ run: { results: 'first' } });
    await measure({ run: { results: 'second' }, compare: { status: 3, prints: comparison(0.97) } });
    expect(await baselines()).toHaveLength(2);
    await measure({ run: { results: 'third' }, compare: { status: 3, prints: comparison(0.9) } });
    expect(await baselines()).toHaveLength(2);
  });
});

describe.skipIf(process.platform === 'win32')('a pull request without an older version', () => {
  const inPullRequest = (commands: Parameters<typeof measure>[0]): ReturnType<typeof measure> =>
    measure(commands, { GITHUB_BASE_REF: 'main', GITHUB_REF_NAME: '1/merge' });
  const NOTHING =
    'lanewise: --versus-ref finds no older version: a.mjs is not at origin/main (commit 1234567): it is new.';
  const MEASURED = { status: 0, output: expect.stringMatching(/^results=.*\nchanged=not compared\n$/) as string };
  const REFUSED = { status: 2, output: 'changed=not compared\n', summary: '' };
  /** The lines after the step's own token, in which the runner executes commands. */
  const annotations = (log: string): string => {
    const token = /^::stop-commands::([0-9a-f]{32})\n/.exec(log)?.[1] ?? 'none';
    return (log.split(`\n::${token}::\n`)[1] ?? 'none')
      .split('\n')
      .filter((line) => line.startsWith('::'))
      .join('\n');
  };

  it('is measured without a comparison, with a warning that contains no name from the repository', async () => {
    const ended = await inPullRequest({
      versus: { status: 2, prints: '::error::a', says: `a line before\n${NOTHING}\nof npx, after it` },
      run: { results: '' },
    });
    expect(ended).toMatchObject(MEASURED);
    expect(ended.summary).toMatch(/^Nothing was compared: no workload has an older version on the base .*\n$/);
    expect(annotations(ended.log)).toBe(`::warning title=Lanewise::${ended.summary.trim()}`);
    expect(await calls()).toEqual([
      ['run', '--versus-ref=origin/main', '--fail-on=slower', '--out', '--summary'],
      ['run', '--out', '--summary'],
    ]);
  });

  it('still fails with the status of the run', async () => {
    const ended = await inPullRequest({ versus: { status: 2, says: NOTHING }, run: { status: 1, results: '' } });
    expect(ended.status).toBe(1);
    expect(annotations(ended.log)).toContain('::warning title=Lanewise::Nothing was compared');
  });

  it.each([
    { what: 'blocks that cannot decide', says: 'lanewise: 5 blocks cannot decide 5 comparisons.' },
    { what: 'a ref that is not there', says: 'lanewise: Invalid --versus-ref "origin/main": there is no such branch.' },
    { what: 'the same words before another error', says: `${NOTHING}\nlanewise: Invalid --blocks "0": expected 1.` },
    { what: 'the same words inside another error', says: `lanewise: Unknown suite "${NOTHING}".` },
    { what: 'no message', says: '' },
  ])('is not assumed for $what: the step fails with 2', async ({ says }) => {
    const ended = await inPullRequest({ versus: { status: 2, says }, run: { results: '' } });
    expect(ended).toMatchObject(REFUSED);
    expect(annotations(ended.log)).toBe('');
    expect(await calls()).toHaveLength(1);
  });

  it.each([1, 70, 139])('is not assumed for status %i, whatever was printed', async (status) => {
    const ended = await inPullRequest({ versus: { status, says: NOTHING }, run: { results: '' } });
    expect(ended.status).not.toBe(0);
    expect(await calls()).toHaveLength(1);
  });

  it('for only some workloads is a warning besides the comparison of the others', async () => {
    const warnings = [{ kind: 'no-older-version', workload: '::error::a', ref: 'main', because: 'not-there' }];
    const ended = await inPullRequest({ versus: { results: '', warnings } });
    expect(ended.output).toContain('changed=no\n');
    expect(ended.summary).toContain('Some workloads were not compared');
    expect(annotations(ended.log)).toBe(`::warning title=Lanewise::${ended.summary.trim()}`);
    const complete = await inPullRequest({ versus: { results: '' } });
    expect(annotations(complete.log)).toBe('');
  });

  it.skipIf(!hasGit)(
    'is recognized by the error of Lanewise itself, not printed for a file outside the repository',
    async () => {
      const repository = inFolder('repository');
      await mkdir(repository);
      for (const name of ['repository/new.mjs', 'outside.mjs']) await writeFile(inFolder(name), 'export default 1');
      await symlink(inFolder('outside.mjs'), join(repository, 'link.mjs'));
      runGit(repository, ['init', '-q']);
      runGit(repository, ['commit', '-q', '--allow-empty', '-m', 'base']);
      const endedFor = async (...names: readonly string[]): ReturnType<typeof measure> => {
        const places = names.map((name) => ({ kind: 'file', path: join(repository, name) }) as const);
        const message = await findVersions(places, 'HEAD', undefined).then(
          () => 'none',
          (thrown: unknown) => (thrown instanceof LanewiseError ? thrown.message : 'none'),
        );
        return inPullRequest({ versus: { status: 2, says: `lanewise: ${message}` }, run: { results: '' } });
      };
      expect(await endedFor('new.mjs')).toMatchObject(MEASURED);
      expect(await endedFor('link.mjs', 'new.mjs')).toMatchObject(MEASURED);
      const refused = await endedFor('link.mjs');
      expect(refused).toMatchObject(REFUSED);
      expect(refused.log).toContain('lanewise: --versus-ref needs a file of the repository, and link.mjs lies outside');
    },
  );
});

describe.skipIf(process.platform === 'win32' || !hasGit)('the base of the action', () => {
  /** A repository with two commits on `main`; the branch `dev` and the tag `v1` are at the older one. */
  async function origin(): Promise<{ readonly url: string; readonly older: string }> {
    const path = inFolder('origin');
    await mkdir(path);
    runGit(path, ['init', '-q', '-b', 'main']);
    runGit(path, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    for (const name of ['older', 'newer']) runGit(path, ['commit', '-q', '--allow-empty', '-m', name]);
    runGit(path, ['branch', 'dev', 'HEAD~1']);
    runGit(path, ['tag', 'v1', 'HEAD~1']);
    return { url: `file://${path}`, older: runGit(path, ['rev-parse', 'HEAD~1']) };
  }

  /** The ref that a fresh clone is compared with, and the commits that the clone then has. */
  async function compared(url: string, base: string, ...depth: readonly string[]): Promise<readonly unknown[]> {
    const clone = inFolder('clone');
    await rm(clone, { recursive: true, force: true });
    runGit(folder.path, ['clone', '-q', ...depth, '--branch', 'main', url, clone]);
    runGit(clone, ['checkout', '-q', '--detach']);
    runGit(clone, ['branch', '-q', '-D', 'main']);
    await runAction('measure.sh', clone, {
      LANEWISE_COMMAND: `node ${COMMAND}`,
      LANEWISE_BASE: base,
      SCRIPTED: JSON.stringify({ versus: { results: '' } }),
    });
    const ref = /"--versus-ref=([^"]*)"/.exec(await readFile(join(clone, 'calls'), 'utf8'))?.[1] ?? '';
    // It is there.
    runGit(clone, ['rev-parse', '--verify', `${ref}^{commit}`]);
    return [ref, Number(runGit(clone, ['rev-list', '--count', 'HEAD']))];
  }

  it('is fetched into a clone without history, whether it is a branch, a tag or the id of a commit', async () => {
    const { url, older } = await origin();
    const shallow = (base: string): Promise<readonly unknown[]> => compared(url, base, '--depth', '1');
    expect(await shallow('dev')).toEqual(['origin/dev', 1]);
    expect(await shallow('origin/dev')).toEqual(['origin/dev', 1]);
    expect(await shallow('v1')).toEqual(['v1', 1]);
    expect(await shallow(older)).toEqual([older, 1]);
  });

  it('leaves a whole clone its history', async () => {
    const { url, older } = await origin();
    expect(await compared(url, 'main')).toEqual(['origin/main', 2]);
    expect(await compared(url, 'dev', '--single-branch', '--no-tags')).toEqual(['origin/dev', 2]);
    expect(await compared(url, 'v1', '--single-branch', '--no-tags')).toEqual(['v1', 2]);
    expect(await compared(url, older)).toEqual([older, 2]);
  });

  it('is none in a scheduled job, which runs on the default branch without its name', async () => {
    const ended = await measure(
      { run: { results: 'first' } },
      { GITHUB_REF_NAME: 'master', LANEWISE_DEFAULT_BRANCH: '' },
    );
    expect(ended.output).toContain('baseline=new');
    expect(await calls()).toEqual([['run', '--out', '--summary']]);
  });
});

describe.skipIf(process.platform === 'win32')('the arguments of the action', () => {
  it.each([
    {
      arguments: `--preset quick 'password-*' "a b" it\\'s ''`,
      words: ['--preset', 'quick', 'password-*', 'a b', "it's", ''],
    },
    { arguments: '--blocks 6\n  -n 4\n', words: ['--blocks', '6', '-n', '4'] },
    { arguments: ' \n\t ', words: [] },
    { arguments: '$(touch pwned) `id` ; $HOME', words: ['$(touch', 'pwned)', '`id`', ';', '$HOME'] },
  ])('are split as in a shell: $arguments', async ({ arguments: text, words }) => {
    await measure({ run: { results: '' } }, { LANEWISE_ARGUMENTS: text });
    expect(await calls()).toEqual([['run', ...words, '--out', '--summary']]);
  });

  it.each(["--preset quick it's", 'noop "a', "--param 'a\nb'"])(
    'are refused if a quote is not closed: %s',
    async (text) => {
      const ended = await measure({ run: { results: '' } }, { LANEWISE_ARGUMENTS: text });
      expect(ended).toMatchObject({ status: 2, output: 'changed=not compared\n' });
      expect(ended.summary).toContain('Invalid arguments: every quote must be closed on its line.');
      expect(await calls()).toEqual([]);
    },
  );
});

describe.skipIf(process.platform === 'win32')('names in the log and the summary of a job', () => {
  const HOSTILE = '::error title=x::pwn\n##[error]pwn\n````\n<img src=x>';

  it('are printed only where the runner ignores commands', async () => {
    const log = [
      await measure({ run: { results: 'first', prints: HOSTILE } }),
      await measure({ run: { results: 'second' }, compare: { prints: HOSTILE } }),
      await measure({ run: { status: 70, prints: HOSTILE } }),
    ].map((ended) => ended.log);
    const tokens = log.map((text) => /^::stop-commands::([0-9a-f]{32})\n/.exec(text)?.[1] ?? 'none');
    for (const [index, text] of log.entries()) {
      const [resumed, ...after] = text.split(`\n::${tokens[index]}::\n`).toReversed();
      expect(resumed).toBe('');
      expect(after.join('')).toContain('::error title=x::pwn');
    }
    expect(new Set(tokens).size).toBe(3);
  });

  it('stay inside their code formatting', async () => {
    await measure({ run: { results: 'first' } });
    const { summary } = await measure({ run: { results: 'second' }, compare: { prints: HOSTILE } });
    expect(summary).toBe(
      '\n### Since the baseline\n\n    ::error title=x::pwn\n    ##[error]pwn\n    ````\n    <img src=x>\n\n',
    );
  });
});
