import { realpathSync } from 'node:fs';
import { LanewiseError } from '../model/errors.ts';
import { BY_HAND, git, type Commit } from './git.ts';
import { pathBelow } from './path-below.ts';

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
  const atOrigin = await git(root, ['rev-parse', '--verify', '--quiet', `refs/remotes/origin/${ref}^{commit}`]);
  if (atOrigin.status === 0)
    throw new LanewiseError(
      'usage',
      `Invalid --versus-ref "${ref}": there is no such branch, tag or commit in this repository. Did you mean "origin/${ref}"?`,
    );
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
  return pathBelow(root, file);
}

/** Whether a file is in a commit. */
export async function isInCommit({ root, commit }: Commit, path: string): Promise<boolean> {
  return (await git(root, ['cat-file', '-e', `${commit}:${path}`])).status === 0;
}
