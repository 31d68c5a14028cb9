/**
 * Checks who can have written a journal, and which programs it may name. A check cannot rely on the journal alone:
 * whoever forged it could have forged that too.
 */
import { lstatSync, statSync, type Stats } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import { quote } from '../model/text.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { isBinaryPath } from './plan-facts.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from './unfinished.ts';

const ROOT = 0;
const BY_GROUP = 0o020;
const BY_OTHERS = 0o002;

/**
 * Refuses a folder, or a file in it, that others can have written; not known on systems without owners.
 *
 * @throws LanewiseError
 */
export function requireOurs(folder: string): void {
  for (const path of [folder, join(folder, JOURNAL_FILE), join(folder, SAMPLES_FILE)]) {
    const found = path === folder ? statSync(path) : lstatSync(path, { throwIfNoEntry: false });
    const why = found?.isSymbolicLink() ? 'is a link' : found && whyNotOurs(found);
    if (why !== undefined)
      throw new LanewiseError(
        'input',
        `Cannot resume the run in ${folder}: ${path} ${why}, and it decides what runs. If you trust it, copy the folder and resume the copy.`,
      );
  }
}

/**
 * Why others can have written a file. The user's primary group is trusted: where it has one member, files are
 * group-writable by default.
 */
function whyNotOurs({ uid, gid, mode }: Stats): string | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  if (uid !== own && uid !== ROOT) return 'belongs to another user';
  const isByOthers = (mode & BY_OTHERS) !== 0 || ((mode & BY_GROUP) !== 0 && gid !== process.getgid?.());
  return isByOthers ? 'can be written by other users' : undefined;
}

/**
 * Checks the binaries and flags that a journal names, before any is started.
 *
 * @param given flags of Node that the user has given again, beside --resume
 * @throws LanewiseError for a binary that belongs to another user, and for flags that can load code and were not given
 * again
 */
export function requireHosts(
  folder: string,
  { runtimes = [], nodeOptions = [] }: RunRequest,
  given: readonly string[] | undefined,
): void {
  for (const binary of runtimes) requireRuntime(folder, binary);
  if (given !== undefined) {
    if (isDeepStrictEqual(given, nodeOptions)) return;
    throw new LanewiseError(
      'usage',
      `Invalid --node-option: the run in ${folder} has other flags of Node (${written(nodeOptions)}). Give the same beside --resume, or start a new run.`,
    );
  }
  if (nodeOptions.every(isPlain)) return;
  throw new LanewiseError(
    'input',
    `Cannot resume the run in ${folder}: it names flags of Node that can load code (${written(nodeOptions)}). If you started it with them, give them again with --node-option, or start a new run.`,
  );
}

/** Quotes flags for reading, not for pasting: the author of the journal could have put shell code in them. */
function written(nodeOptions: readonly string[]): string {
  return nodeOptions.map((text) => quote(text)).join(', ') || 'none';
}

/** Checks a binary. A name without a folder is looked up on PATH, so it must be a name of Node, Bun or Deno. */
function requireRuntime(folder: string, binary: string): void {
  if (binary === process.execPath) return;
  const found = isBinaryPath(binary) ? statSync(binary, { throwIfNoEntry: false }) : undefined;
  const why = isBinaryPath(binary)
    ? found && whyNotOurs(found)
    : /^(node|bun|deno)[\w.-]*$/i.test(binary)
      ? undefined
      : 'is not a name of Node, Bun or Deno';
  if (why !== undefined)
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder}: ${binary} ${why}, and it would be run. Start a new run with --runtime.`,
    );
}

/** Switches, also with a number: any other value could name a file, a package or a URL. */
const SWITCH = /^--([a-z][\w-]*)(=(\d+(\.\d+)?|true|false))?$/;
/** Switches that even so make Node run code, or read it from the working folder. */
const LOADING =
  /^(import|require|loader|experimental-loader|eval|print|run|interactive|build-.*|snapshot-blob|env-file.*|experimental-.*config.*|experimental-policy|openssl-.*config|test.*|watch.*)$/;

function isPlain(text: string): boolean {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => {
      const name = SWITCH.exec(word)?.[1];
      // Node accepts an underscore in place of a dash.
      return name !== undefined && !LOADING.test(name.replaceAll('_', '-'));
    });
}
