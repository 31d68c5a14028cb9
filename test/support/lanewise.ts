import { execFile, fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

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
      { cwd, env: environment(cwd, env), maxBuffer: 2 ** 28 },
      (_error, stdout, stderr) => {
        resolve({ status: child.exitCode, stdout, stderr, wallMs: performance.now() - startedMs });
      },
    );
  });
}

/** Starts it and leaves it running. */
export function startLanewise(args: readonly string[], { cwd, env = {} }: RunOptions): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: environment(cwd, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A temporary folder of its own, and with it a lock of its own: tests run beside each other. */
function environment(cwd: string, env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: cwd, TMP: cwd, TEMP: cwd, ...env };
}

/** Commands that end at once, in one process for all of them: most of what such a command takes is the start of a process. */
export function useCommands(folder: {
  readonly path: string;
}): (args: readonly string[]) => Promise<Omit<Outcome, 'wallMs'>> {
  let server: ChildProcess;
  beforeAll(() => {
    server = fork(fileURLToPath(new URL('./command-server.mjs', import.meta.url)), {
      cwd: folder.path,
      env: environment(folder.path, {}),
    });
  });
  afterAll(() => server.disconnect());
  return async (args) => {
    server.send(args);
    const [outcome] = (await once(server, 'message')) as [Omit<Outcome, 'wallMs'>];
    return outcome;
  };
}
