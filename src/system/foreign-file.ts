/** Files that somebody else may have written: no more of them is read than fits, and nothing in them is quoted. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LanewiseError } from '../model/errors.ts';

const MIB = 2 ** 20;
/** Of a file, and of what it unpacks to: half of what a text can hold, and parsed in about two seconds. */
const MOST_BYTES = 256 * MIB;
/** Nothing that is written by hand or by Lanewise comes near it, and every function that goes through a value can go as deep. */
const DEEPEST = 1000;

/**
 * Reads a regular file, or what is piped to this process (`/dev/stdin`, `/dev/fd/63`); unpacks it if it is gzip. Never waits for a pipe that
 * lies in a folder, and never reads a device.
 *
 * @param remedy a sentence on what to give instead
 * @throws LanewiseError naming the file and why it cannot be read; its `cause` is the system's error, where there is one
 */
export function readForeign(path: string, remedy: string): Buffer {
  const refused = (why: string, cause?: unknown): LanewiseError =>
    new LanewiseError('input', `Cannot read ${path}: ${why}. ${remedy}`, { cause });
  try {
    const bytes = readWhole(path);
    if (typeof bytes === 'string') throw refused(bytes);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return isPacked ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
  } catch (cause) {
    if (cause instanceof LanewiseError) throw cause;
    throw refused(WHY[codeOf(cause)] ?? codeOf(cause), cause);
  }
}

/** The system's code of an error; empty if it has none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

const TOO_LARGE = `it is larger than ${MOST_BYTES / MIB} MiB`;
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ERR_BUFFER_TOO_LARGE: `it unpacks to more than ${MOST_BYTES / MIB} MiB`,
  Z_BUF_ERROR: 'it is packed and was cut off',
  Z_DATA_ERROR: 'it is packed and damaged',
};

/** Whether a path is what a shell writes for a pipe that it has opened. */
export function isPiped(path: string): boolean {
  return /^\/dev\/(?:stdin|fd\/\d+)$/.test(path);
}

/** @returns why not, if it is none to be read */
function readWhole(path: string): Buffer | string {
  const mayBePipe = isPiped(path);
  // To open a pipe that nobody writes to would wait for ever. Windows has no such flag (undefined adds nothing), and no such files.
  const descriptor = openSync(path, mayBePipe ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(descriptor);
    if (kind.isDirectory()) return 'it is a folder';
    if (!kind.isFile() && !(mayBePipe && kind.isFIFO())) return 'it is no regular file';
    if (kind.size > MOST_BYTES) return TOO_LARGE;
    const chunks: Buffer[] = [];
    for (let bytes = 0; bytes <= MOST_BYTES;) {
      // One byte more than it has, to meet its end at once: what a file says of its size is what it was, and in /proc 0.
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

/** What a text is as JSON, or what is wrong with it, to follow its name: where, and never what. */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  if (isDeeper(text)) return { problem: `is nested more than ${DEEPEST} deep` };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (thrown) {
    // The rest of the message quotes the text, which may be any file that a path names by mistake.
    const [place] = /at position \d+/.exec(String(thrown)) ?? [];
    return { problem: `is not JSON, or was cut off${place === undefined ? '' : ` (${place})`}` };
  }
}

/** Whether lists and objects stand in each other more than `DEEPEST` times. Before it is parsed: a file of brackets alone would be gigabytes then. */
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

/** @throws nothing: whether there is something shows itself when it is read */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Anybody's, and the sticky bit: only its owner may replace a file in the folder. */
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/**
 * Why a file that nobody named is not to be run: it is no regular file, or somebody else could have put it there. A file, a link to it and their
 * folder are trusted if they belong to the user or to root; the folder of root only if not everybody may replace what is in it.
 *
 * @param user whose trust it is; undefined on Windows, which has no such owners
 * @returns what is wrong, to follow the file's name, and what to do about it
 */
export function whyNotTrusted(
  path: string,
  user = process.geteuid?.(),
): { readonly problem: string; readonly remedy: string } | undefined {
  const [file, link, folder] = [statSync(path), lstatSync(path), statSync(dirname(path))];
  if (!file.isFile()) return { problem: 'is no regular file', remedy: 'Remove it' };
  if (user === undefined) return undefined;
  // As git does: root who is somebody with sudo may use what is theirs.
  const trusted = new Set([0, user, ...(user === 0 && process.env.SUDO_UID ? [Number(process.env.SUDO_UID)] : [])]);
  const remedy = 'If you trust it, `chown` it to you';
  const foreign = [file, link].find(({ uid }) => !trusted.has(uid));
  if (foreign !== undefined) return { problem: `belongs to another user (uid ${foreign.uid})`, remedy };
  if (!trusted.has(folder.uid))
    return {
      problem: `lies in a folder of another user (uid ${folder.uid})`,
      remedy: 'If you trust it, `chown` the folder to you',
    };
  const isOpen = (folder.mode & WRITABLE_BY_ALL) !== 0 && (folder.mode & STICKY) === 0;
  if (isOpen && folder.uid !== user)
    return {
      problem: 'lies in a folder where every user may replace it',
      remedy: 'Take that right away with `chmod o-w`',
    };
  return undefined;
}
