import { LanewiseError } from '../model/errors.ts';

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
