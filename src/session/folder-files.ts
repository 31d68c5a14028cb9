/**
 * Files in a folder that others may write to as well: no link is followed, and nothing that is not ours is replaced. What is written has a name that
 * nobody can have put there before, until it is whole.
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

/** For nobody but the user: what was asked for may hold what is nobody else's concern. */
export const PRIVATE = 0o600;
/** As the user's umask has it. */
const PUBLIC = 0o666;

/** Level by level: in some places (/proc) Node 20 never comes back from a recursive `mkdir`. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  makeNewFolder(path);
}

/** @returns false if another was there first, whatever it is */
export function makeNewFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/** @throws the system's error, if no file can be made there */
export function requireWritable(folder: string): void {
  const probe = join(folder, partName('probe'));
  closeSync(openSync(probe, 'wx'));
  rmSync(probe, { force: true });
}

/** Nobody else calls a file so, or could have. */
function partName(name: string): string {
  return `${name}.${randomBytes(8).toString('hex')}.lanewise-part`;
}

/** Written beside and renamed, so that a reader never meets half a file; a link of that name is replaced, and what it leads to is not touched. */
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

/** Opens a new file in place of one that may be overwritten. @returns its descriptor */
export function openNew(path: string): number {
  rmSync(path, { force: true });
  return openSync(path, 'wx', PRIVATE);
}

/** Opens a file that is there, and nothing that it leads to. @returns its descriptor */
export function openOwn(path: string, flags: number): number {
  return openSync(path, flags | constants.O_NOFOLLOW);
}

/** Marks are near the beginning or the end: a results file may have 100 MB. */
const LOOKED_AT_BYTES = 16_384;

/**
 * Allows a file to be written only if that loses nothing which is not ours.
 *
 * @throws LanewiseError if there is something that Lanewise has not written
 */
export function requireOwn(path: string, mark: RegExp): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) throw refused(path, 'is a folder');
  if (found.isSymbolicLink()) throw refused(path, 'is a link');
  // A device or a pipe holds nothing, and may not be read.
  if (!found.isFile()) return;
  const text = endsOf(path, found.size);
  // Of an empty file nothing is lost.
  if (text.trim() !== '' && !mark.test(text)) throw refused(path, 'was not written by Lanewise');
}

function refused(path: string, why: string): LanewiseError {
  return new LanewiseError(
    'usage',
    `${path} ${why} and is not overwritten: give another folder with --out, or move it away.`,
  );
}

/** What a file begins with, as far as it is looked at; empty if it is none. */
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

/** What the system says when something cannot be written, as a sentence. */
export function cannotWrite(path: string, cause: unknown): LanewiseError {
  // A sentence already.
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

export function reasonOf(cause: unknown): string {
  const code = codeOf(cause) || String(cause);
  return REASONS[code] ?? code;
}
