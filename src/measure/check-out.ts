import { mkdirSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { openScratch } from '../system/guard.ts';
import { endGit, mustGit, type Commit } from './git.ts';
import { linkPackages } from './link-packages.ts';

/** A commit in a folder of its own. */
export interface CheckedOut {
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * Writes the files of a commit to a temporary folder, with the packages that are installed in the working tree. Nothing
 * in the repository is changed: no worktree is registered there that a killed process would leave behind, and no hook
 * runs.
 *
 * @throws LanewiseError if git cannot do it, or the disk is full
 */
export async function checkOut(commit: Commit): Promise<CheckedOut> {
  const { folder: temporary, close: remove } = await openScratch('lanewise-older-', endGit);
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
