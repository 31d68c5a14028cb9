import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Results } from '../src/model/results.ts';

/** The built command. */
export const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lanewise` with these arguments to its end, as a user would. @param flags Node's */
export function lanewise(args: readonly string[], flags: readonly string[] = []): Ended {
  return spawnSync(process.execPath, [...flags, MAIN, ...args], {
    encoding: 'utf8',
    cwd: tmpdir(),
    maxBuffer: 2 ** 30,
  });
}

/** Results of `lanewise` with these arguments. @throws Error if there are none */
export function measure(args: readonly string[]): Results {
  const unseen = ['--json', '--quiet', '--wait', '--format', 'json', '--out', 'lanewise-evidence'];
  const { stdout, stderr } = lanewise([...args, ...unseen]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Results;
}
