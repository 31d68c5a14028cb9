/** The environment and the limits that processes of Lanewise inherit: they change what is measured. */
import type { Environment } from '../model/results.ts';

export type Inherited = Pick<Environment, 'uvThreads' | 'nodeFlags' | 'variables' | 'withheldFlags' | 'emulated'>;

/** A smaller machine on which everything is measured (`measure/small-machine.ts`). */
export interface SmallMachine {
  readonly asked: NonNullable<Environment['emulated']>;
  /** Makes a group for a process and what it starts; undefined: they need none. */
  readonly openGroup: () => ProcessGroup | undefined;
}

/** Limits of a process and of what it starts. */
export interface ProcessGroup {
  /** Folders of the cgroups that the process enters. */
  readonly folders: readonly string[];
  /** Why the kernel has killed one of its processes, if it has; absent without a limit of memory. */
  readonly whyKilled?: () => string | undefined;
  /** Removes it. */
  readonly close: () => void;
}

let smallMachine: SmallMachine | undefined;

export function emulate(machine: SmallMachine | undefined): void {
  smallMachine = machine;
}

/** The machine that hosts are to run on; undefined: this one. */
export function emulatedMachine(): SmallMachine | undefined {
  return smallMachine;
}

/**
 * Flags that would make a process wait for a debugger, take the debugger's port, which its parent holds, or become a
 * supervisor that starts the file again.
 */
const WITHHELD = /^--(?:inspect(?:-.+)?|debug-port|experimental-(?:network|worker)-inspection|watch(?:-.+)?)$/;
/** Those among them that may have their value in the next word. */
const TAKES_A_WORD = new Set(['--inspect-port', '--debug-port', '--inspect-publish-uid', '--watch-path']);
/** Variables with which debuggers and `node --watch` ask for the same. */
const WITHHELD_VARIABLES = ['VSCODE_INSPECTOR_OPTIONS', 'WATCH_REPORT_DEPENDENCIES'] as const;

/** Environment for every process of Lanewise: this one, without the additions of debuggers. */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = { ...env };
  for (const name of WITHHELD_VARIABLES) delete kept[name];
  const words = wordsOf(env.NODE_OPTIONS);
  const { flags, withheld } = sortOut(words);
  if (withheld.length > 0) kept.NODE_OPTIONS = flags.map(quoted).join(' ');
  return kept;
}

/** Flags of this process that its children can have, too. */
export function childFlags(execArgv: readonly string[] = process.execArgv): readonly string[] {
  return sortOut(execArgv).flags;
}

/**
 * Reads the inherited environment. Only names and numbers are kept: a path, an address or any other text could identify
 * the user.
 *
 * @param execArgv flags of this process, which no other one inherits
 */
export function readInherited(env: NodeJS.ProcessEnv = process.env, execArgv = process.execArgv): Inherited {
  const { flags, withheld } = sortOut(wordsOf(env.NODE_OPTIONS));
  const ofThisProcess = sortOut(execArgv).withheld;
  const variables = WITHHELD_VARIABLES.filter((name) => isSet(env[name]));
  return {
    ...(smallMachine !== undefined && { emulated: smallMachine.asked }),
    uvThreads: uvThreadsOf(env.UV_THREADPOOL_SIZE),
    nodeFlags: namesAndNumbers(flags),
    variables: Object.fromEntries(
      RECORDED_VARIABLES.flatMap((name) => (isSet(env[name]) ? [[name, recordedValue(name, env[name])]] : [])),
    ),
    withheldFlags: [...new Set([...namesAndNumbers([...withheld, ...ofThisProcess]).map(nameOf), ...variables])],
  };
}

/** Whether a flag of `--node-option` cannot be passed to hosts. */
export function isWithheld(flag: string): boolean {
  return WITHHELD.test(nameOf(flag));
}

/** Parses the size as libuv does: no number counts as 0, and 0 as 1. */
function uvThreadsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const size = Number.parseInt(text, 10) || 0;
  return size === 0 ? 1 : size < 0 ? LARGEST_UV_POOL : Math.min(size, LARGEST_UV_POOL);
}

const LARGEST_UV_POOL = 1024;

/**
 * Other variables that change results: allocators, threads of native code, preloaded libraries, coverage and debugging;
 * certificates, which Node 20 reads at every start of a process.
 */
const RECORDED_VARIABLES = [
  'NODE_ENV',
  'NODE_V8_COVERAGE',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_DEBUG',
  'LD_PRELOAD',
  'DYLD_INSERT_LIBRARIES',
  'MALLOC_ARENA_MAX',
  'MALLOC_CONF',
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'RAYON_NUM_THREADS',
  'TOKIO_WORKER_THREADS',
  'VIPS_CONCURRENCY',
  'GOMAXPROCS',
] as const;
const KNOWN_VALUES = new Set(['production', 'development', 'test']);

function recordedValue(name: string, text = ''): number | string {
  if (isNumber(text)) return Number(text);
  return name === 'NODE_ENV' && KNOWN_VALUES.has(text) ? text : 'set';
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function isNumber(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

function sortOut(words: readonly string[]): {
  readonly flags: readonly string[];
  readonly withheld: readonly string[];
} {
  const flags: string[] = [];
  const withheld: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!isWithheld(word)) {
      flags.push(word);
      continue;
    }
    withheld.push(word);
    const next = words[index + 1];
    if (TAKES_A_WORD.has(nameOf(word)) && !word.includes('=') && next !== undefined && !next.startsWith('-')) index++;
  }
  return { flags, withheld };
}

/** Name of a flag: Node accepts `--max_old_space_size` for `--max-old-space-size`. */
function nameOf(flag: string): string {
  return (flag.split('=')[0] ?? '').replaceAll('_', '-');
}

/** Names of flags, with their values if these are numbers; a word that is not a flag is the value of the one before. */
function namesAndNumbers(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (!word.startsWith('-')) return [];
    const name = LONG_NAMES[nameOf(word)] ?? nameOf(word);
    if (!/^--?[a-z][a-z\d-]*$/i.test(name)) return [];
    const after = words[index + 1];
    const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : after;
    return [value !== undefined && isNumber(value) ? `${name}=${value}` : name];
  });
}

const LONG_NAMES: Readonly<Record<string, string>> = { '-r': '--require', '-C': '--conditions' };

/**
 * Splits NODE_OPTIONS as Node does: at spaces, except within double quotes, where a backslash escapes the next
 * character.
 */
function wordsOf(text = ''): readonly string[] {
  const words: string[] = [];
  let isQuoted = false;
  let word: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '"') isQuoted = !isQuoted;
    else if (char === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '\\' && isQuoted) word = (word ?? '') + text.charAt(++index);
    else word = (word ?? '') + char;
  }
  return word === undefined ? words : [...words, word];
}

function quoted(word: string): string {
  return /[\s"\\]/.test(word) ? `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"` : word;
}
