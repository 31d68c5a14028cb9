import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn } from './replace-folder.ts';

const FOLDERS = ['src', 'workers', 'bench', 'scripts', 'browser'] as const;
const FILES = ['tsconfig.json', 'package.json', 'package-lock.json'] as const;
const STAMP = '.sources';

/** Knows from which sources a folder was built. */
export interface BuiltFrom {
  /** False if that is not known, as after a build that was interrupted. */
  readonly isCurrent: () => boolean;
  /** Called before the folder changes. */
  readonly forget: () => void;
  /** Called when it is complete. */
  readonly remember: () => void;
}

/** @param root of the project, as it is now */
export function builtFrom(root: string, built: string): BuiltFrom {
  const stamp = join(built, STAMP);
  const digest = digestOf(root);
  return {
    isCurrent: () => {
      try {
        return readFileSync(stamp, 'utf8') === digest;
      } catch {
        return false;
      }
    },
    forget: () => rmSync(stamp, { force: true }),
    remember: () => writeFileSync(stamp, digest),
  };
}

/** Names and contents of all that is compiled, and of what decides how. */
function digestOf(root: string): string {
  const hash = createHash('sha256');
  const inFolder = (folder: string): readonly string[] =>
    filesIn(join(root, folder))
      .toSorted()
      .map((path) => join(folder, path));
  for (const path of [...FILES, ...FOLDERS.flatMap(inFolder)]) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
