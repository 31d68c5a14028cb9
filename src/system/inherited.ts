/** What of the environment is inherited by the processes that Lanewise starts: it decides what is measured there. */
import type { Environment } from '../model/results.ts';

export type Inherited = Pick<Environment, 'uvThreads' | 'nodeFlags' | 'variables' | 'withheldFlags'>;

/**
 * What makes a process wait for a debugger or take the debugger's port, which the process that started it holds; and what would make
 * a supervisor of it, that starts the file another time.
 */
const WITHHELD = /^--(?:inspect(?:-.+)?|debug-port|experimental-(?:network|worker)-inspection|watch(?:-.+)?)$/;
/** Of these, those that may have their value in the next word. */
const TAKES_A_WORD = new Set(['--inspect-port', '--debug-port', '--inspect-publish-uid', '--watch-path']);
/** How debuggers and `node --watch` ask for the same without a flag. */
const WITHHELD_VARIABLES = ['VSCODE_INSPECTOR_OPTIONS', 'WATCH_REPORT_DEPENDENCIES'] as const;

/** The environment that every process of Lanewise's own is started with: this one, less what debuggers have put there. */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = { ...env };
  for (const name of WITHHELD_VARIABLES) delete kept[name];
  const words = wordsOf(env.NODE_OPTIONS);
  const { flags, withheld } = sortOut(words);
  if (withheld.length > 0) kept.NODE_OPTIONS = flags.map(quoted).join(' ');
  return kept;
}

/** Flags of this process that another one can have, too. */
export function childFlags(execArgv: readonly string[] = process.execArgv): readonly string[] {
  return sortOut(execArgv).flags;
}

/**
 * Names and numbers only: a path, an address or any other text could tell who the user is.
 *
 * @param execArgv flags of this process, which no other one inherits
 */
export function readInherited(env: NodeJS.ProcessEnv = process.env, execArgv = process.execArgv): Inherited {
  const { flags, withheld } = sortOut(wordsOf(env.NODE_OPTIONS));
  const ofThisProcess = sortOut(execArgv).withheld;
  const variables = WITHHELD_VARIABLES.filter((name) => isSet(env[name]));
  return {
    uvThreads: uvThreadsOf(env.UV_THREADPOOL_SIZE),
    nodeFlags: namesAndNumbers(flags),
    variables: Object.fromEntries(
      TOLD_VARIABLES.flatMap((name) => (isSet(env[name]) ? [[name, toldValue(name, env[name])]] : [])),
    ),
    withheldFlags: [...new Set([...namesAndNumbers([...withheld, ...ofThisProcess]).map(nameOf), ...variables])],
  };
}

/** Whether a flag of `--node-option` is one that no host can have. */
export function isWithheld(flag: string): boolean {
  return WITHHELD.test(nameOf(flag));
}

/** As libuv reads it: nothing that is no number is 0, and 0 is 1. */
function uvThreadsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const size = Number.parseInt(text, 10) || 0;
  return size === 0 ? 1 : size < 0 ? LARGEST_UV_POOL : Math.min(size, LARGEST_UV_POOL);
}

const LARGEST_UV_POOL = 1024;

/** What else changes results: how memory is given out, how many threads native code starts, what is watched, and what libraries ask for. */
const TOLD_VARIABLES = [
  'NODE_ENV',
  'NODE_V8_COVERAGE',
  'NODE_COMPILE_CACHE',
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

function toldValue(name: string, text = ''): number | string {
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

/** Node takes `--max_old_space_size` for `--max-old-space-size`. */
function nameOf(flag: string): string {
  return (flag.split('=')[0] ?? '').replaceAll('_', '-');
}

/** A value is kept if it is a number, wherever it stands; a word that is no flag is the value of the one before. */
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

/** As Node parts it: at spaces, except within double quotes, where a backslash takes the next character as it is. */
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
