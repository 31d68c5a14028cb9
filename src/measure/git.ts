import { execFile, type ChildProcess } from 'node:child_process';
import { LanewiseError } from '../model/errors.ts';
import { oneLine } from '../model/text.ts';

/** A commit of a repository. */
export interface Commit {
  /** The folder of the repository's working tree. */
  readonly root: string;
  /** As given: a branch, tag or commit. */
  readonly ref: string;
  readonly commit: string;
}

/** The remedy without git. */
export const BY_HAND =
  'Or check that version out yourself, and give both paths with --versus: old/task.js new/task.js.';

const NO_REPOSITORY = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_PREFIX: undefined,
} as const;

/** The running git, which would otherwise outlive this process. */
let running: ChildProcess | undefined;

interface Ended {
  readonly status: number;
  readonly stdout: string;
  /** The last line that it wrote to stderr. */
  readonly problem: string;
}

/** Runs git to its end. @throws LanewiseError only if there is no git */
export function git(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd,
      // No password prompts, English messages, and the repository found by the folder even in a git hook.
      env: { ...process.env, ...NO_REPOSITORY, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...env },
      maxBuffer: 2 ** 28,
      windowsHide: true,
    };
    const child = execFile('git', args, options, (error, stdout, stderr) => {
      running = undefined;
      const code = error?.code;
      if (typeof code === 'string' && child.pid === undefined)
        return reject(
          new LanewiseError('usage', `--versus-ref needs git, which cannot be started (${code}). ${BY_HAND}`, {
            cause: error,
          }),
        );
      const problem = oneLine(stderr.trim().split('\n').at(-1) ?? '');
      resolve({ status: error === null ? 0 : (child.exitCode ?? 1), stdout, problem });
    });
    running = child;
  });
}

/** Ends the running git. */
export function endGit(): void {
  running?.kill();
}

/** The output of a git that must succeed. @throws LanewiseError if it does not */
export async function mustGit({ root, ref }: Commit, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout, problem } = await git(root, args, env);
  if (status === 0) return stdout;
  throw new LanewiseError(
    'input',
    `Cannot check out ${ref} for --versus-ref: git ${args[0] ?? ''} ended with ${status} (${problem}).`,
  );
}
