import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built command as a user does, without colours and without a terminal. */
export function lanewise(args: readonly string[], { cwd, env = {} }: RunOptions): Promise<Outcome> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 28 },
      (_error, stdout, stderr) => {
        resolve({ status: child.exitCode, stdout, stderr, wallMs: performance.now() - startedMs });
      },
    );
  });
}

/** Starts it and leaves it running. */
export function startLanewise(args: readonly string[], { cwd }: RunOptions): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}
