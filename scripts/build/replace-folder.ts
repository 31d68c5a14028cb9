import {
  type Stats,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Makes a folder equal to another one on the same disk: leaves equal files alone, replaces others one by one in one
 * step each, and removes the rest last. A file that both have can be read at any moment, on Windows too, where a folder
 * in use cannot be renamed.
 *
 * @param next is removed
 */
export function replaceFolder(next: string, target: string): void {
  const files = filesIn(next);
  for (const file of files) {
    const [from, to] = [join(next, file), join(target, file)];
    if (!isSame(from, to)) replaceFile(from, to);
  }
  const kept = new Set(files);
  for (const file of filesIn(target)) if (!kept.has(file)) rmSync(join(target, file));
  removeEmptyFolders(target);
  rmSync(next, { recursive: true, force: true });
}

/** Paths of all files, relative to the folder. */
export function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map(kindOf);
  if (a === undefined || b?.isFile() !== true || a.mode !== b.mode || a.size !== b.size) return false;
  return readFileSync(one).equals(readFileSync(other));
}

/**
 * Undefined if nothing is there. `statSync` throws if part of the path is a file, even with `throwIfNoEntry: false`.
 */
function kindOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function replaceFile(from: string, to: string): void {
  makeFolder(dirname(to));
  if (kindOf(to)?.isDirectory() === true) rmSync(to, { recursive: true });
  try {
    renameSync(from, to);
  } catch {
    // Windows cannot rename over an open file, but can write to it.
    copyFileSync(from, to);
    chmodSync(to, statSync(from).mode);
  }
}

/** Makes a folder, in place of a file if there is one of that name. */
function makeFolder(path: string): void {
  const found = kindOf(path);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) rmSync(path);
  makeFolder(dirname(path));
  mkdirSync(path, { recursive: true });
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    removeEmptyFolders(path);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}
