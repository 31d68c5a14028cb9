import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync, type Dirent } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import { oneLine } from '../model/text.ts';
import { openScratch } from './scratch.ts';

/** A commit of a repository. */
export interface Commit {
  /** The folder of the repository's working tree. */
  readonly root: string;
  /** As given: a branch, tag or commit. */
  readonly ref: string;
  readonly commit: string;
}

/** A commit in a folder of its own. */
export interface CheckedOut {
  readonly folder: string;
  readonly remove: () => void;
}

/** The remedy without git. */
const BY_HAND = 'Or check that version out yourself: lanewise run old/task.js new/task.js --versus.';

/**
 * Finds a commit of the repository that a folder is in.
 *
 * @throws LanewiseError if there is no git, no repository or no such commit
 */
export async function findCommit(folder: string, ref: string, known?: string): Promise<Commit> {
  if (ref === '' || ref.startsWith('-'))
    throw new LanewiseError(
      'usage',
      `Invalid --versus-ref "${ref}": expected a branch, tag or commit, for example origin/main.`,
    );
  const top = await git(folder, ['rev-parse', '--show-toplevel']);
  if (top.status !== 0)
    throw new LanewiseError(
      'usage',
      `--versus-ref needs a git repository, and ${folder} is in none (${top.problem}). ${BY_HAND}`,
    );
  const root = realpathSync.native(top.stdout.trim());
  const found = await git(root, ['rev-parse', '--verify', '--quiet', `${known ?? ref}^{commit}`]);
  if (found.status === 0) return { root, ref, commit: found.stdout.trim() };
  const shallow = await git(root, ['rev-parse', '--is-shallow-repository']);
  throw new LanewiseError(
    'usage',
    shallow.stdout.trim() === 'true'
      ? `Invalid --versus-ref "${ref}": this repository is a shallow clone without that commit. Fetch it with its history: fetch-depth: 0 for actions/checkout, or git fetch --unshallow.`
      : `Invalid --versus-ref "${ref}": there is no such branch, tag or commit in this repository. Fetch it first (git fetch), or give another, for example HEAD~1.`,
  );
}

/** The path of a file in its repository, as git writes it; undefined if it is outside. */
export function pathInRepository({ root }: Commit, file: string): string | undefined {
  const path = relative(root, realpathSync.native(file));
  return isAbsolute(path) || path.startsWith('..') ? undefined : path.split(sep).join('/');
}

/** Whether a file is in a commit. */
export async function isInCommit({ root, commit }: Commit, path: string): Promise<boolean> {
  return (await git(root, ['cat-file', '-e', `${commit}:${path}`])).status === 0;
}

/**
 * Writes the files of a commit to a temporary folder, with the packages that are installed in the working tree. Nothing
 * in the repository is changed: no worktree is registered there that a killed process would leave behind, and no hook
 * runs.
 *
 * @throws LanewiseError if git cannot do it, or the disk is full
 */
export async function checkOut(commit: Commit): Promise<CheckedOut> {
  const { folder: temporary, close: remove } = await openScratch('lanewise-older-', () => running?.kill());
  try {
    const folder = join(temporary, basename(commit.root));
    mkdirSync(folder);
    const index = { GIT_INDEX_FILE: join(temporary, 'index') };
    await mustGit(commit, ['read-tree', commit.commit], index);
    // Forward slashes even on Windows; the last one makes it a folder.
    await mustGit(commit, ['checkout-index', '--all', `--prefix=${folder.split(sep).join('/')}/`], index);
    await linkPackages(commit, folder);
    return { folder, remove };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

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

/** @throws LanewiseError only if there is no git */
function git(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
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

async function mustGit({ root, ref }: Commit, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout, problem } = await git(root, args, env);
  if (status === 0) return stdout;
  throw new LanewiseError(
    'input',
    `Cannot check out ${ref} for --versus-ref: git ${args[0] ?? ''} ended with ${status} (${problem}).`,
  );
}

/**
 * Both versions use the packages that are installed: for each `node_modules` of the working tree there is one in the
 * older tree.
 */
async function linkPackages(commit: Commit, folder: string): Promise<void> {
  const listed = await mustGit(commit, ['ls-tree', '-r', '-d', '-z', '--name-only', commit.commit], {});
  for (const path of ['', ...listed.split('\0').filter((name) => name !== '')]) {
    const installed = join(commit.root, path, 'node_modules');
    const wanted = join(folder, path, 'node_modules');
    if (existsSync(installed) && !existsSync(wanted)) linkModules(commit, folder, installed, wanted);
  }
  const above = nearestAbove(commit.root);
  if (above !== undefined) link(above, join(dirname(folder), 'node_modules'));
}

/** A package of the repository itself (npm workspaces link it) is that of the older tree. */
function linkModules(commit: Commit, folder: string, installed: string, wanted: string): void {
  const entries = packagesIn(installed).map((name) => ({ name, path: ownPackage(commit, join(installed, name)) }));
  if (entries.every(({ path }) => path === undefined)) return link(installed, wanted);
  for (const { name, path } of entries) {
    const target = path === undefined ? join(installed, name) : join(folder, path);
    // A package that the older version did not have.
    if (!existsSync(target)) continue;
    mkdirSync(dirname(join(wanted, name)), { recursive: true });
    link(target, join(wanted, name));
  }
}

/** Names, those in a scope with it. */
function packagesIn(modules: string): readonly string[] {
  return readdirSync(modules, { withFileTypes: true })
    .filter(isPackage)
    .flatMap(({ name }) =>
      name.startsWith('@')
        ? readdirSync(join(modules, name), { withFileTypes: true })
            .filter(isPackage)
            .map((entry) => `${name}/${entry.name}`)
        : [name],
    );
}

function isPackage(entry: Dirent): boolean {
  return !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink());
}

/** Where in the repository a linked package is; undefined if it is installed from elsewhere. */
function ownPackage(commit: Commit, linked: string): string | undefined {
  try {
    const path = pathInRepository(commit, linked);
    return path === undefined || path.split('/').includes('node_modules') ? undefined : path;
  } catch {
    // A broken link.
    return undefined;
  }
}

/** Node also looks in folders above, if the repository is part of a larger project. */
function nearestAbove(root: string): string | undefined {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) return modules;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A junction on Windows, which needs no privilege. */
function link(target: string, path: string): void {
  symlinkSync(target, path, 'junction');
}
