import { existsSync, mkdirSync, readdirSync, symlinkSync, type Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathInRepository } from './find-commit.ts';
import { mustGit, type Commit } from './git.ts';

/**
 * Both versions use the packages that are installed: for each `node_modules` of the working tree there is one in the
 * older tree.
 */
export async function linkPackages(commit: Commit, folder: string): Promise<void> {
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
