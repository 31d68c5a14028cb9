import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ACTION = fileURLToPath(new URL('../../action/', import.meta.url));

interface Ended {
  readonly status: number | null;
  /** The job's log. */
  readonly log: string;
  /** What the step gives to others. */
  readonly output: string;
  readonly summary: string;
}

/**
 * Runs a script of the GitHub Action as a job on the default branch does.
 *
 * @param folder for what the runner keeps of the step; also where it runs, unless `cwd` says otherwise
 */
export async function runAction(
  script: 'measure.sh' | 'baseline-key.sh',
  folder: string,
  env: Readonly<Record<string, string>>,
  cwd = folder,
): Promise<Ended> {
  const [output, summary] = ['output', 'summary'].map((name) => join(folder, name)) as [string, string];
  for (const file of [output, summary]) await rm(file, { force: true });
  const { status, log } = await new Promise<Pick<Ended, 'status' | 'log'>>((resolve) => {
    const child = execFile(
      'bash',
      [join(ACTION, script)],
      {
        cwd,
        env: {
          ...process.env,
          TMPDIR: folder,
          LANEWISE_DEFAULT_BRANCH: 'main',
          GITHUB_REF_NAME: 'main',
          GITHUB_BASE_REF: '',
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          ...env,
        },
      },
      (_, stdout, stderr) => resolve({ status: child.exitCode, log: stdout + stderr }),
    );
  });
  const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
  return { status, log, output: await read(output), summary: await read(summary) };
}
