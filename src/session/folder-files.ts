/**
 * Files in a folder that others may write to as well: no link is followed, and no file that Lanewise did not write is
 * replaced. Until a file is complete, it has a random name that nobody can have put there before.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import { codeOf } from '../system/foreign-file.ts';

/** Readable by the user only: a request may contain secrets. */
export const PRIVATE = 0o600;
/** Subject to the user's umask. */
const PUBLIC = 0o666;

/** Creates a folder level by level: in some places (/proc) a recursive `mkdir` of Node 20 never returns. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  makeNewFolder(path);
}

/** Creates a folder. @returns false if something with that name already exists */
export function makeNewFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/** Checks that files can be created in a folder. @throws the system's error if not */
export function requireWritable(folder: string): void {
  const probe = join(folder, partName('probe'));
  closeSync(openSync(probe, 'wx'));
  rmSync(probe, { force: true });
}

/** Random, so that nobody else can have created a file with that name. */
function partName(name: string): string {
  return `${name}.${randomBytes(8).toString('hex')}.lanewise-part`;
}

/**
 * Writes a file beside it and renames it, so that a reader never sees half a file; replaces a link, never its target.
 */
export function replaceFile(path: string, text: string, mode: number = PUBLIC): void {
  const part = partName(path);
  try {
    writeFileSync(part, text, { flag: 'wx', mode });
    renameSync(part, path);
  } catch (thrown) {
    rmSync(part, { force: true });
    throw thrown;
  }
}

/** Replaces a file by a new, empty one. @returns its descriptor */
export function openNew(path: string): number {
  rmSync(path, { force: true });
  return openSync(path, 'wx', PRIVATE);
}

/** Opens an existing file, but follows no link. @returns its descriptor */
export function openOwn(path: string, flags: number): number {
  return openSync(path, flags | constants.O_NOFOLLOW);
}

/** Marks are near the beginning or the end, so only these are read: a results file may have 100 MB. */
const LOOKED_AT_BYTES = 16_384;

/**
 * Checks that a file can be overwritten without losing anything that Lanewise did not write.
 *
 * @throws LanewiseError for a file that Lanewise did not write, a folder or a link
 */
export function requireOwn(path: string, mark: RegExp): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) throw refused(path, 'is a folder');
  if (found.isSymbolicLink()) throw refused(path, 'is a link');
  // A device or a pipe has nothing to lose, and reading it could block.
  if (!found.isFile()) return;
  const text = endsOf(path, found.size);
  // An empty file has nothing to lose.
  if (text.trim() !== '' && !mark.test(text)) throw refused(path, 'was not written by Lanewise');
}

function refused(path: string, why: string): LanewiseError {
  return new LanewiseError(
    'usage',
    `${path} ${why} and is not overwritten: give another folder with --out, or move it away.`,
  );
}

/** Reads the first bytes of a file; empty unless it is a regular file. */
export function startOfFile(path: string): string {
  return lookInto(path, (from) => from(0));
}

function endsOf(path: string, size: number): string {
  return lookInto(path, (from) => (size <= LOOKED_AT_BYTES ? from(0) : `${from(0)}\n${from(size - LOOKED_AT_BYTES)}`));
}

function lookInto(path: string, look: (from: (position: number) => string) => string): string {
  const file = openOwn(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return '';
    return look((position) => {
      const bytes = Buffer.alloc(LOOKED_AT_BYTES);
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, LOOKED_AT_BYTES, position));
    });
  } finally {
    closeSync(file);
  }
}

/** Turns the system's error on writing into a sentence. */
export function cannotWrite(path: string, cause: unknown): LanewiseError {
  // It is a sentence already.
  if (cause instanceof LanewiseError) return cause;
  return new LanewiseError('usage', `Cannot write to ${path} (${reasonOf(cause)}): give another folder with --out.`, {
    cause,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is on a read-only disk',
  ENOTDIR: 'a file is where a folder must be',
  EEXIST: 'a file is where a folder must be',
  ENOSPC: 'the disk is full',
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link',
  ERR_ACCESS_DENIED: 'Node’s permission model does not allow it without --allow-fs-write=*',
  ENAMETOOLONG: 'its name is too long',
};

/** Reason why the system refused, in words where the code is known. */
export function reasonOf(cause: unknown): string {
  const code = codeOf(cause) || String(cause);
  return REASONS[code] ?? code;
}
