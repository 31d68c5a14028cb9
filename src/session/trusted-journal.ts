/**
 * Who can have written a journal, and which programs it may name. What holds against the journal cannot come from the journal
 * alone: whoever wrote it could have written that too.
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

/** @throws LanewiseError for a folder, or a file in it, that others can have written. Where the system has no owners, that is not known. */
export function requireOurs(folder: string): void {
  for (const path of [folder, join(folder, JOURNAL_FILE), join(folder, SAMPLES_FILE)]) {
    const found = path === folder ? statSync(path) : lstatSync(path, { throwIfNoEntry: false });
    const why = found?.isSymbolicLink() ? 'is a link' : found && whyNotOurs(found);
    if (why !== undefined)
      throw new LanewiseError(
        'input',
        `Cannot resume the run in ${folder}: ${path} ${why}, and what it names would be run. If you trust it, copy the folder and resume the copy.`,
      );
  }
}

/** The user's own group is most often theirs alone, and where it is, files are writable by it from the start. */
function whyNotOurs({ uid, gid, mode }: Stats): string | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  if (uid !== own && uid !== ROOT) return 'belongs to another user';
  const isByOthers = (mode & BY_OTHERS) !== 0 || ((mode & BY_GROUP) !== 0 && gid !== process.getgid?.());
  return isByOthers ? 'can be written by other users' : undefined;
}

/**
 * What decides which programs are started with which flags, before any of them is.
 *
 * @param given flags of Node that the user has given again, beside --resume
 * @throws LanewiseError for a binary that is not the user's or the system's, and for flags that can load code and were not given again
 */
export function requireHosts(
  folder: string,
  { nodes = [], nodeOptions = [] }: RunRequest,
  given: readonly string[] | undefined,
): void {
  for (const node of nodes) requireNode(folder, node);
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

/** To be read and not pasted: what a shell makes of it is for whoever wrote the journal to choose. */
function written(nodeOptions: readonly string[]): string {
  return nodeOptions.map((text) => quote(text)).join(', ') || 'none';
}

/** A name without a folder is looked for on the user's PATH, where other programs are too. */
function requireNode(folder: string, node: string): void {
  if (node === process.execPath) return;
  const found = isBinaryPath(node) ? statSync(node, { throwIfNoEntry: false }) : undefined;
  const why = isBinaryPath(node)
    ? found && whyNotOurs(found)
    : /^node[\w.-]*$/i.test(node)
      ? undefined
      : 'is not a name of Node';
  if (why !== undefined)
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder}: ${node} ${why}, and it would be run. Start a new run with --node.`,
    );
}

/** A switch, or one with a number: none of the others can be told from what names a file, a package or a URL. */
const SWITCH = /^--([a-z][\w-]*)(=(\d+(\.\d+)?|true|false))?$/;
/** Switches that all the same have Node run something, or read it from where it is started. */
const LOADING =
  /^(import|require|loader|experimental-loader|eval|print|run|interactive|build-.*|snapshot-blob|env-file.*|experimental-.*config.*|experimental-policy|openssl-.*config|test.*|watch.*)$/;

function isPlain(text: string): boolean {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => {
      const name = SWITCH.exec(word)?.[1];
      // Node takes an underscore for a dash.
      return name !== undefined && !LOADING.test(name.replaceAll('_', '-'));
    });
}
