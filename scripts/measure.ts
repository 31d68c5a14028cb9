import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Results } from '../src/model/results.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** `lanewise` with these arguments, as a user starts it, and its results. @throws Error if it has none */
export function measure(args: readonly string[]): Results {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, ...args, '--json', '--quiet', '--wait', '--format', 'json', '--out', 'lanewise-evidence'],
    { encoding: 'utf8', cwd: tmpdir(), maxBuffer: 2 ** 30 },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Results;
}
