/**
 * Reading of files that somebody else may have written: sizes are limited, and error messages never quote the content.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { LanewiseError } from '../model/errors.ts';

const MIB = 2 ** 20;
/** Size limit, packed and unpacked: half of the longest string, and parsed in about two seconds. */
const MOST_BYTES = 256 * MIB;
/** Nesting limit: far above real files, and within the stack of every recursive function. */
const DEEPEST = 1000;

/**
 * Reads a regular file or a pipe of this process (`/dev/stdin`, `/dev/fd/63`), and unpacks gzip. Never waits for a
 * named pipe, and never reads a device.
 *
 * @param remedy a sentence on what to give instead
 * @throws LanewiseError naming the file and why it cannot be read; its `cause` is the system's error, where there is
 * one
 */
export function readForeign(path: string, remedy: string): Buffer {
  const refused = (why: string, cause?: unknown): LanewiseError =>
    new LanewiseError('input', `Cannot read ${path === '' ? '""' : path}: ${why}. ${remedy}`, { cause });
  try {
    const bytes = readWhole(path);
    if (typeof bytes === 'string') throw refused(bytes);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return isPacked ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
  } catch (cause) {
    if (cause instanceof LanewiseError) throw cause;
    throw refused(WHY[codeOf(cause)] ?? systemWords(cause), cause);
  }
}

/** The system's code of an error, such as ENOENT; empty if it has none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

/** A rarer error in the words of the system: `too many symbolic links encountered (ELOOP)`. */
export function systemWords(thrown: unknown): string {
  const code = codeOf(thrown);
  const errno = thrown instanceof Error && 'errno' in thrown ? Number(thrown.errno) : Number.NaN;
  const [, words] = getSystemErrorMap().get(errno) ?? [];
  return words === undefined ? code : `${words} (${code})`;
}

const TOO_LARGE = `it is larger than ${MOST_BYTES / MIB} MiB`;
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ERR_BUFFER_TOO_LARGE: `it unpacks to more than ${MOST_BYTES / MIB} MiB`,
  Z_BUF_ERROR: 'it is packed and truncated',
  Z_DATA_ERROR: 'it is packed and damaged',
};

/** Whether a path is one that a shell uses for an open pipe. */
export function isPiped(path: string): boolean {
  return /^\/dev\/(?:stdin|fd\/\d+)$/.test(path);
}

/** Reads a whole file. @returns the reason if it is not one to read */
function readWhole(path: string): Buffer | string {
  const mayBePipe = isPiped(path);
  // Opening a pipe without a writer would wait forever. Windows has neither the flag (undefined adds nothing) nor such
  // files.
  const descriptor = openSync(path, mayBePipe ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(descriptor);
    if (kind.isDirectory()) return 'it is a folder';
    if (!kind.isFile() && !(mayBePipe && kind.isFIFO())) return 'it is not a regular file';
    if (kind.size > MOST_BYTES) return TOO_LARGE;
    const chunks: Buffer[] = [];
    for (let bytes = 0; bytes <= MOST_BYTES;) {
      // One byte more than its size finds the end at once; the size may be outdated, and in /proc it is 0.
      const chunk = Buffer.allocUnsafe(Math.max(kind.size - bytes + 1, 64 * 1024));
      const read = readSync(descriptor, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      bytes += read;
    }
    return TOO_LARGE;
  } finally {
    closeSync(descriptor);
  }
}

/** Parses JSON. The problem is a phrase to follow the file's name, with the position but without the content. */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  if (isDeeper(text)) return { problem: `is nested more than ${DEEPEST} deep` };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (thrown) {
    // The rest of the message quotes the text, which may be a secret in a file given by mistake.
    const [place] = /at position \d+/.exec(String(thrown)) ?? [];
    return { problem: `is not JSON, or was truncated${place === undefined ? '' : ` (${place})`}` };
  }
}

/**
 * Whether lists and objects are nested more than `DEEPEST` deep. Checked before parsing: a file of only brackets would
 * need gigabytes.
 */
function isDeeper(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isInText = !isInText;
    else if (isInText) at += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Whether a path is a folder; false for anything missing, whose error appears when it is read. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Writable by all; with the sticky bit, only its owner may replace a file in the folder. */
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/**
 * Checks a file that is run without being named by the user: it must be a regular file that nobody else could have put
 * there. The file, a link to it and their folder must belong to the user or root; a folder of root must not let
 * everybody replace its files.
 *
 * @param user id of the user; undefined on Windows, which has no such owners
 * @returns the problem, to follow the file's name, and the remedy; undefined if it is trusted
 */
export function whyNotTrusted(
  path: string,
  user = process.geteuid?.(),
): { readonly problem: string; readonly remedy: string } | undefined {
  const [file, link, folder] = [statSync(path), lstatSync(path), statSync(dirname(path))];
  if (!file.isFile()) return { problem: 'is not a regular file', remedy: 'Remove it' };
  if (user === undefined) return undefined;
  // As in git: root by sudo may use the files of the user behind it.
  const trusted = new Set([0, user, ...(user === 0 && process.env.SUDO_UID ? [Number(process.env.SUDO_UID)] : [])]);
  const remedy = 'If you trust it, `chown` it to you';
  const foreign = [file, link].find(({ uid }) => !trusted.has(uid));
  if (foreign !== undefined) return { problem: `belongs to another user (uid ${foreign.uid})`, remedy };
  if (!trusted.has(folder.uid))
    return {
      problem: `is in a folder of another user (uid ${folder.uid})`,
      remedy: 'If you trust it, `chown` the folder to you',
    };
  const isOpen = (folder.mode & WRITABLE_BY_ALL) !== 0 && (folder.mode & STICKY) === 0;
  if (isOpen && folder.uid !== user)
    return {
      problem: 'is in a folder where every user may replace it',
      remedy: 'Run `chmod o-w` on the folder',
    };
  return undefined;
}
