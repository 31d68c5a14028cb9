import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { startProgram } from './run-program.js';

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
  /** New report folder of a run of which one block is enough. */
  readonly firstBlockIn?: string;
}

/** Runs the built command as a user does, without colours and without a terminal. */
export async function lanewise(args: readonly string[], { cwd, env = {}, firstBlockIn }: RunOptions): Promise<Outcome> {
  const startedMs = performance.now();
  const { child, ended } = startProgram(process.execPath, [MAIN, ...args], { cwd, env: environment(cwd, env) });
  if (firstBlockIn !== undefined) interruptAfterBlock(child, firstBlockIn);
  return { ...(await ended), wallMs: performance.now() - startedMs };
}

/** Starts it and leaves it running. */
export function startLanewise(
  args: readonly string[],
  {
    cwd,
    env = {},
    within = [],
  }: RunOptions & { /** A command that runs another. */ readonly within?: readonly string[] },
): ChildProcess {
  const [command = '', ...rest] = [...within, process.execPath, MAIN, ...args];
  return spawn(command, rest, {
    cwd,
    env: environment(cwd, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * Interrupts a command that measures when its first block is in the journal of its new report folder. Most blocks are there to
 * decide between configurations, which not every rule is about. On Windows it runs to its end.
 */
export function interruptAfterBlock(child: ChildProcess, reportFolder: string): void {
  if (process.platform === 'win32') return;
  const looking = setInterval(() => {
    let groups: readonly { readonly blocks: number }[] = [];
    try {
      ({ groups } = JSON.parse(readFileSync(join(reportFolder, 'journal.json'), 'utf8')));
    } catch {
      // It does not exist yet.
    }
    if (!groups.some(({ blocks }) => blocks > 0)) return;
    clearInterval(looking);
    child.kill('SIGINT');
  }, 50);
  child.once('exit', () => clearInterval(looking));
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
