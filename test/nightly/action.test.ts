import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { runAction } from '../support/action.js';
import { hasGit, runGit } from '../support/git.js';
import { useTempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const LEAST = `-s event-loop -n 4 --preset quick --blocks 6 --rounds 1 --no-upper-bound --no-lock --quiet --seed 1`;
/** What is compared with nothing needs one block. */
const ONE_BLOCK = '-s event-loop -n 2 --preset quick --blocks 1 --rounds 1 --no-upper-bound --no-lock --quiet';

const folder = useTempFolder();
const inFolder = (...names: readonly string[]): string => join(folder.path, ...names);

/** The command with which the action starts the built files. */
const measure = (env: Readonly<Record<string, string>>, cwd?: string): ReturnType<typeof runAction> =>
  runAction(
    'measure.sh',
    folder.path,
    { LANEWISE_COMMAND: `${process.execPath} ${MAIN}`, LANEWISE_KEY: 'key', ...env },
    cwd,
  );

describe.skipIf(process.platform === 'win32')('the GitHub Action on the default branch', () => {
  const env = { LANEWISE_ARGUMENTS: LEAST, LANEWISE_SUITE: 'own', LANEWISE_DIRECTORY: 'sub' };
  const baseline = async (): Promise<string> => {
    const [machine = '', ...others] = await readdir(inFolder('.lanewise-baseline', 'key'));
    expect(others).toEqual([]);
    const files = await readdir(inFolder('.lanewise-baseline', 'key', machine));
    return inFolder('.lanewise-baseline', 'key', machine, files.toSorted()[0] ?? '');
  };

  it('measures, writes the summary, and keeps the first results as the baseline', async () => {
    await mkdir(inFolder('sub'), { recursive: true });
    await writeFile(inFolder('sub', 'a work.mjs'), 'export default () => 1;');
    await writeFile(
      inFolder('lanewise.config.mjs'),
      "export default { suites: { own: { workloads: ['./sub/a work.mjs'] } } };",
    );
    const { status, output, summary } = await measure(env);
    expect(status).toBe(0);
    expect(output).toBe(`results=${inFolder('lanewise-report', 'results.json')}\nbaseline=new\nchanged=not compared\n`);
    expect(summary).toContain('a work');
  });

  it('fails for results slower than the baseline, and again on a rerun: slow results never replace it', async () => {
    const results = JSON.parse(await readFile(await baseline(), 'utf8')) as Results;
    // The earlier work took a thousandth of the time, which no busy machine explains.
    const faster = {
      ...results,
      // Whatever else this machine does now.
      warnings: [],
      noise: results.noise?.map((group) => ({
        ...group,
        blocks: group.blocks.map((block) => ({ ...block, otherCores: null })),
      })),
      cells: results.cells.map((cell) => ({
        ...cell,
        samples: cell.samples.map((sample) => ({ ...sample, wallMs: sample.wallMs / 1000 })),
      })),
    };
    await writeFile(await baseline(), JSON.stringify(faster));
    // Three runs show a difference.
    for (const day of [1, 2])
      await writeFile(
        join(dirname(await baseline()), `run-${day}.json`),
        JSON.stringify({ ...faster, startedAt: `2026-11-0${day}T00:00:00.000Z` }),
      );
    // A slow run that is tolerated does not replace the baseline either: the rerun is compared with the same one.
    for (const failOn of ['never', undefined]) {
      const { status, output, summary } = await measure({
        ...env,
        ...(failOn !== undefined && { LANEWISE_FAIL_ON: failOn }),
      });
      const path = inFolder('lanewise-report', 'results.json');
      const { warnings } = JSON.parse(await readFile(path, 'utf8')) as Results;
      // Nothing is shown on a machine whose CPUs are taken.
      const isTaken = warnings.some(({ kind }) => kind === 'taken-cpus');
      expect(output).toBe(`results=${path}\nchanged=${isTaken ? 'undecided' : 'slower'}\n`);
      expect(summary).toContain('### Since the baseline');
      expect(status).toBe(isTaken || failOn === 'never' ? 0 : 4);
      expect(JSON.parse(await readFile(await baseline(), 'utf8'))).toEqual(faster);
    }
    const within = await measure({ ...env, LANEWISE_FAIL_ON: 'slower:99999999%' });
    expect(within.output).toMatch(/changed=(?:no|undecided)/);
    expect(within.status).toBe(0);
    expect(JSON.parse(await readFile(await baseline(), 'utf8'))).toEqual(faster);
  });

  it('compares nothing with an incomparable baseline, and reports it', async () => {
    await writeFile(await baseline(), '{}');
    const { status, output, summary } = await measure({ ...env, LANEWISE_ARGUMENTS: ONE_BLOCK });
    expect(status).toBe(0);
    expect(output).toContain('changed=not compared');
    expect(summary).toContain('nothing was compared');
  });

  it('never executes its inputs as shell code, and passes on an error status', async () => {
    const { status, output } = await measure({
      LANEWISE_ARGUMENTS: 'noop "$(touch pwned)" ; touch pwned --presset quick',
    });
    expect(status).toBe(2);
    expect(output).toBe('changed=not compared\n');
    expect(await readFile(inFolder('pwned')).catch(() => 'not there')).toBe('not there');
  });
});

describe.skipIf(process.platform === 'win32' || !hasGit)('the GitHub Action in a pull request', () => {
  const clone = (...names: readonly string[]): string => inFolder('clone', ...names);
  const inPullRequest = (env: Readonly<Record<string, string>> = {}): ReturnType<typeof measure> =>
    measure(
      {
        // With 6 blocks, one batch that other tests hold up would leave the comparison undecided.
        LANEWISE_ARGUMENTS:
          './task.mjs -s event-loop -n 2 --preset quick --blocks 8 --rounds 1 --no-upper-bound --no-lock --quiet',
        GITHUB_BASE_REF: 'main',
        GITHUB_REF_NAME: '7/merge',
        ...env,
      },
      clone(),
    );
  const waits = (ms: number): string =>
    `export default { bound: 'io', task: () => new Promise((resolve) => setTimeout(resolve, ${ms}, 1)) };`;

  it('measures base and head in one job, even in a shallow clone, and fails whenever head is slower', async () => {
    const origin = inFolder('origin');
    await mkdir(origin);
    runGit(origin, ['init', '-q', '-b', 'main']);
    await writeFile(join(origin, 'task.mjs'), waits(3));
    runGit(origin, ['add', '.']);
    runGit(origin, ['commit', '-qm', 'base']);
    runGit(origin, ['checkout', '-qb', 'topic']);
    await writeFile(join(origin, 'task.mjs'), waits(40));
    runGit(origin, ['commit', '-qam', 'slower']);
    const url = pathToFileURL(origin).href;
    runGit(folder.path, ['clone', '-q', '--depth', '1', '--single-branch', '-b', 'topic', url, 'clone']);
    for (const [env, expected] of [
      [{ LANEWISE_FAIL_ON: 'never' }, 0],
      [{}, 4],
    ] as const) {
      const { status, output, summary } = await inPullRequest(env);
      expect(output).toBe(`results=${clone('lanewise-report', 'results.json')}\nchanged=slower\n`);
      expect(status).toBe(expected);
      expect(summary).toContain('old version origin/main (');
    }
    expect(await readdir(clone())).not.toContain('.lanewise-baseline');
  });

  it('only measures with compare: false', async () => {
    const { status, output } = await inPullRequest({
      LANEWISE_COMPARE: 'false',
      LANEWISE_ARGUMENTS: `./task.mjs ${ONE_BLOCK}`,
    });
    expect(output).toContain('changed=not compared');
    expect(status).toBe(0);
  });

  it('only measures workloads that the base does not have yet', async () => {
    await writeFile(clone('first.mjs'), waits(3));
    const { status, output, summary } = await inPullRequest({
      LANEWISE_ARGUMENTS: `./first.mjs ${ONE_BLOCK}`,
    });
    expect(output).toContain('changed=not compared');
    expect(summary).toContain('no workload has an older version on the base');
    expect(status).toBe(0);
  });

  it('fails with the error of Lanewise if the base does not exist', async () => {
    const { status, output } = await inPullRequest({ LANEWISE_BASE: 'no-such' });
    expect({ status, output }).toEqual({ status: 2, output: 'changed=not compared\n' });
  });
});
