import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model.js';
import { useTempFolder } from '../support/temp-folder.js';

const SCRIPT = fileURLToPath(new URL('../../action/measure.sh', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const LEAST = `-s event-loop,worker-threads -p 1 -c 1 -n 4 --preset quick --blocks 6 --rounds 1 --no-ceiling --no-lock --quiet --seed 1`;

const folder = useTempFolder();
const inFolder = (...names: readonly string[]): string => join(folder.path, ...names);
const read = (name: string): Promise<string> => readFile(inFolder(name), 'utf8').catch(() => '');

interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly summary: string;
}

/** As the action runs it, with the environment that it gives. */
async function measure(env: Readonly<Record<string, string>>): Promise<Ended> {
  await rm(inFolder('output'), { force: true });
  await rm(inFolder('summary'), { force: true });
  const status = await new Promise<number | null>((resolve) => {
    const child = execFile(
      'bash',
      [SCRIPT],
      {
        cwd: folder.path,
        env: {
          ...process.env,
          TMPDIR: folder.path,
          LANEWISE_COMMAND: `${process.execPath} ${MAIN}`,
          GITHUB_OUTPUT: inFolder('output'),
          GITHUB_STEP_SUMMARY: inFolder('summary'),
          ...env,
        },
      },
      () => resolve(child.exitCode),
    );
  });
  return { status, output: await read('output'), summary: await read('summary') };
}

describe.skipIf(process.platform === 'win32')('the shell part of the GitHub Action', () => {
  it('measures, writes the summary, keeps the results, and compares with them the next time', async () => {
    await mkdir(inFolder('sub'), { recursive: true });
    await writeFile(inFolder('sub', 'a work.mjs'), 'export default () => 1;');
    await writeFile(
      inFolder('lanewise.config.mjs'),
      "export default { suites: { own: { workloads: ['./sub/a work.mjs'] } } };",
    );
    const env = {
      LANEWISE_ARGUMENTS: LEAST,
      LANEWISE_SUITE: 'own',
      LANEWISE_DIRECTORY: 'sub',
      LANEWISE_FAIL_ON: 'never',
    };
    const first = await measure(env);
    expect(first.status).toBe(0);
    expect(first.output).toBe(`results=${inFolder('.lanewise-report', 'results.json')}\nchanged=not compared\n`);
    expect(first.summary).toContain('a work');
    const second = await measure(env);
    expect(second.summary).toContain('### Since the last results');
    expect(second.output).toMatch(/changed=(?:no|undecided)\n$/);
  });

  it('fails where something has become slower, and keeps what there is now', async () => {
    const results = JSON.parse(await readFile(inFolder('.lanewise-report', 'results.json'), 'utf8')) as Results;
    // What was measured before took a tenth of the time.
    const faster = {
      ...results,
      cells: results.cells.map((cell) => ({
        ...cell,
        samples: cell.samples.map((sample) => ({ ...sample, wallMs: sample.wallMs / 10 })),
      })),
    };
    await writeFile(inFolder('.lanewise-previous', 'results.json'), JSON.stringify(faster));
    const { status, output } = await measure({ LANEWISE_ARGUMENTS: LEAST, LANEWISE_SUITE: 'own' });
    expect(output).toContain('changed=slower');
    expect(status).toBe(1);
    const kept = JSON.parse(await readFile(inFolder('.lanewise-previous', 'results.json'), 'utf8')) as Results;
    expect(kept.startedAt).not.toBe(results.startedAt);
  });

  it('compares nothing with results that cannot be compared, and says so', async () => {
    await copyFile(SCRIPT, inFolder('.lanewise-previous', 'results.json'));
    const { status, output, summary } = await measure({ LANEWISE_ARGUMENTS: LEAST, LANEWISE_SUITE: 'own' });
    expect(status).toBe(0);
    expect(output).toContain('changed=not compared');
    expect(summary).toContain('nothing was compared');
  });

  it('takes no input for shell code, and passes on that something was wrong', async () => {
    const { status, output } = await measure({
      LANEWISE_ARGUMENTS: 'noop "$(touch pwned)" ; touch pwned --presset quick',
    });
    expect(status).toBe(2);
    expect(output).toBe('');
    expect(await readFile(inFolder('pwned')).catch(() => 'not there')).toBe('not there');
  });
});
