import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { LanewiseError } from '../model/errors.ts';

/** Marks are near the beginning or the end: a results file may have 100 MB. */
const LOOKED_AT_BYTES = 16_384;

/**
 * Allows a file to be written only if that loses nothing which is not ours.
 *
 * @throws LanewiseError if there is something that Lanewise has not written
 */
export function requireOwn(path: string, mark: RegExp): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe holds nothing, and may not be read.
  if (found === undefined || (!found.isFile() && !found.isDirectory())) return;
  if (found.isDirectory()) throw refused(path, 'is a folder');
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

function endsOf(path: string, size: number): string {
  const file = openSync(path, 'r');
  try {
    const from = (position: number): string => {
      const bytes = Buffer.alloc(LOOKED_AT_BYTES);
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, LOOKED_AT_BYTES, position));
    };
    return size <= LOOKED_AT_BYTES ? from(0) : `${from(0)}\n${from(size - LOOKED_AT_BYTES)}`;
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
  ERR_ACCESS_DENIED: 'Node’s permission model does not allow it without --allow-fs-write=*',
  ENAMETOOLONG: 'its name is too long',
};

export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return REASONS[code] ?? code;
}
