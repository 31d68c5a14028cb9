import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LanewiseError } from '../model/errors.ts';
import { oneLine } from '../model/text.ts';
import type { Runtime } from '../model/plan.ts';
import { childEnvironment, isWithheld } from '../system/inherited.ts';

/** The oldest version that hosts support. */
const OLDEST_NODE = [20, 19] as const;
const ANSWER_TIMEOUT_MS = 10_000;

export interface RuntimeRequest {
  /** Paths of binaries, or names on PATH; empty: that of this process. */
  readonly nodes?: readonly string[];
  /** Sets of Node flags, separated by spaces; each set is measured on its own. */
  readonly nodeOptions?: readonly string[];
}

/**
 * Runs every binary with every set of flags to get its version.
 *
 * @returns empty if nothing was given
 * @throws LanewiseError for the first that does not start, is not Node or is too old
 */
export async function findRuntimes({ nodes = [], nodeOptions = [] }: RuntimeRequest): Promise<readonly Runtime[]> {
  if (nodes.length === 0 && nodeOptions.length === 0) return [];
  const flagSets = (nodeOptions.length === 0 ? [''] : nodeOptions).map((text) =>
    text.split(/\s+/).filter((flag) => flag !== ''),
  );
  const debugging = flagSets.flat().find(isWithheld);
  if (debugging !== undefined)
    throw new LanewiseError(
      'usage',
      `Invalid --node-option ${debugging.split('=')[0]}: a debugger would be measured too, and every host would want its port. Leave it out.`,
    );
  const found: Omit<Runtime, 'label'>[] = [];
  for (const execPath of nodes.length === 0 ? [process.execPath] : nodes)
    for (const flags of flagSets) found.push({ execPath, flags, ...(await ask(execPath, flags)) });
  // A single set of flags for this Node is not a choice.
  if (nodes.length === 0 && found.length === 1) return found;
  const labels = labelsOf(found, nodes.length > 0, flagSets.length > 1);
  return found.map((runtime, index) => ({ ...runtime, label: labels[index] ?? '' }));
}

const QUESTION = 'JSON.stringify([process.version, process.versions.v8, process.release.name])';

async function ask(
  execPath: string,
  flags: readonly string[],
): Promise<{ readonly node: string; readonly v8: string }> {
  const answer = await promisify(execFile)(execPath, [...flags, '-p', QUESTION], {
    env: childEnvironment(),
    timeout: ANSWER_TIMEOUT_MS,
    windowsHide: true,
  }).catch((cause: unknown) => {
    throw new LanewiseError('input', `${nameOf(execPath, flags)} cannot be used: ${reasonOf(cause)}.`, { cause });
  });
  const [node, v8, release] = parsed(answer.stdout);
  if (node === undefined || v8 === undefined || release !== 'node')
    throw new LanewiseError('input', `${execPath} is not Node: give the path of a Node binary with --node.`);
  const [major = 0, minor = 0] = node.slice(1).split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    throw new LanewiseError(
      'input',
      `${execPath} is Node ${node}, and Lanewise needs ${OLDEST_NODE.join('.')} or later to measure with.`,
    );
  return { node, v8 };
}

function parsed(text: string): readonly (string | undefined)[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}

function nameOf(execPath: string, flags: readonly string[]): string {
  return flags.length === 0 ? execPath : `${execPath} with ${flags.join(' ')}`;
}

function reasonOf(thrown: unknown): string {
  const {
    code,
    killed,
    stderr = '',
    message = '',
  } = thrown as Partial<Record<'code' | 'killed' | 'stderr' | 'message', string>>;
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'it is not executable';
  if (killed) return `it gave no answer within ${ANSWER_TIMEOUT_MS / 1000} s`;
  return oneLine(stderr.trim().split('\n')[0] || message).replace(/\.$/, '');
}

/** `node24`, or the full version if others have the same major one, with its flags if they differ. */
function labelsOf(
  runtimes: readonly Omit<Runtime, 'label'>[],
  withNodes: boolean,
  withFlags: boolean,
): readonly string[] {
  const versions = new Map(runtimes.map(({ execPath, node }) => [execPath, node]));
  const isOnly = (node: string, part: (version: string) => string): boolean =>
    [...versions.values()].filter((other) => part(other) === part(node)).length === 1;
  const nodeLabel = ({ execPath, node }: Omit<Runtime, 'label'>): string => {
    if (isOnly(node, majorOf)) return `node${majorOf(node)}`;
    if (isOnly(node, (version) => version)) return `node${node.slice(1)}`;
    const same = [...versions].filter(([, version]) => version === node).map(([path]) => path);
    return `node${node.slice(1)}-${same.indexOf(execPath) + 1}`;
  };
  return runtimes.map((runtime) =>
    [...(withNodes ? [nodeLabel(runtime)] : []), ...(withFlags ? [flagsLabel(runtime)] : [])].join('~'),
  );
}

/** The flags as part of a cell id, in which only one slash may occur. */
function flagsLabel({ flags }: Omit<Runtime, 'label'>): string {
  return flags.length === 0 ? 'no-flags' : flags.join('+').replaceAll(/[^\w.=:,+-]/g, '_');
}

function majorOf(version: string): string {
  return version.slice(1).split('.')[0] ?? '';
}
