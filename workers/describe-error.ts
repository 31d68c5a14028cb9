import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect, types } from 'node:util';
import type { ErrorSummary, LaneError } from './contract.ts';
import { homeFolder, OWN_PREFIX, ownFolder, temporaryFolder, workingFolder } from './own-folders.ts';

/** Longer texts are truncated: an error is sent in messages and printed on a screen. */
const TEXT_LIMIT = 2000;

/** Describes any thrown value as plain text that can be sent anywhere. Never throws, even if a getter does. */
export function describeError(thrown: unknown): LaneError {
  try {
    if (isError(thrown)) {
      const { name, message, stack } = thrown;
      const error = {
        name: plainText(name),
        message: plainText(message),
        ...(related.get(thrown) ?? relatedTo(thrown)),
      };
      return typeof stack === 'string' ? { ...error, stack: plainText(stack) } : error;
    }
    const shown = typeof thrown === 'string' ? JSON.stringify(plainText(thrown)) : plainText(wordsOf(thrown));
    return { name: 'Thrown', message: `${shown} was thrown, which is not an Error` };
  } catch {
    return { name: 'Thrown', message: 'a value was thrown that cannot be read' };
  }
}

// Taken before a workload can replace it.
const { isNativeError } = types;
const SHORT = { depth: 2, breakLength: Infinity, customInspect: false } as const;

/** Packages throw, and list, plain objects in place of Errors, often with a message; of others, its data say more. */
function wordsOf(value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null;
  return fieldOf(value, 'message') ?? fieldOf(value, 'text') ?? (isObject ? inspect(value, SHORT) : value);
}

/** Whether a value is an Error, of this realm or another one. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || isNativeError(thrown);
}

type Related = Pick<LaneError, 'causes' | 'errors'>;

/** Causes and errors of those that were described elsewhere. */
const related = new WeakMap<Error, Related>();

/** Makes an Error of one that was described elsewhere. */
export function errorFrom({ message, ...described }: LaneError): Error {
  return describedAs(new Error(message), described);
}

/** Gives an error the name, the stack and the causes of the described one. */
export function describedAs<Thrown extends Error>(
  error: Thrown,
  { name, stack, ...rest }: Omit<LaneError, 'message'>,
): Thrown {
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined) error.stack = stack;
  related.set(error, rest);
  return error;
}

/** The first few suffice: a chain of causes may be endless, and a list of errors may hold thousands. */
const MOST_RELATED = 5;
const RELATED_TEXT_LIMIT = 500;

function relatedTo(thrown: Error): Related {
  const causes: ErrorSummary[] = [];
  const seen = new Set<unknown>([thrown]);
  let errors = errorsOf(thrown);
  for (let cause = fieldOf(thrown, 'cause'); causes.length < MOST_RELATED && !seen.has(cause);) {
    if (cause === undefined || cause === null) break;
    seen.add(cause);
    causes.push(summaryOf(cause));
    errors ??= errorsOf(cause);
    cause = fieldOf(cause, 'cause');
  }
  return { ...(causes.length > 0 && { causes }), ...(errors !== undefined && { errors }) };
}

function errorsOf(thrown: unknown): ErrorSummary[] | undefined {
  try {
    const list = fieldOf(thrown, 'errors');
    if (!isError(thrown) || !Array.isArray(list) || list.length === 0) return undefined;
    return Array.from({ length: Math.min(MOST_RELATED, list.length) }, (_, index) => summaryOf(list[index]));
  } catch {
    return undefined;
  }
}

/** Reads a field, undefined if its getter throws. */
function fieldOf(value: unknown, name: 'cause' | 'errors' | 'message' | 'text'): unknown {
  try {
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  } catch {
    return undefined;
  }
}

function summaryOf(thrown: unknown): ErrorSummary {
  try {
    return {
      name: plainText(isError(thrown) ? thrown.name : 'Thrown'),
      message: plainText(wordsOf(thrown)).slice(0, RELATED_TEXT_LIMIT),
    };
  } catch {
    return { name: 'Thrown', message: 'a value that cannot be read' };
  }
}

/** Calls one of the workload's functions; its error names the function. */
export async function callHook<Result>(hook: string, call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (thrown) {
    throw hookError(hook, thrown);
  }
}

/** As {@link callHook}, for a function that returns no promise. */
export function callHookNow<Result>(hook: string, call: () => Result): Result {
  try {
    return call();
  } catch (thrown) {
    throw hookError(hook, thrown);
  }
}

function hookError(hook: string, thrown: unknown): Error {
  const { name, message, ...rest } = describeError(thrown);
  return errorFrom({ name: 'Error', message: `\`${hook}\` threw ${name}: ${message}`, ...rest });
}

/** The error for a value that cannot be cloned, whose own error has different names in different places. */
export function uncloneable(what: 'input' | 'output', thrown: unknown): LaneError {
  const message = `the ${what} of the task cannot be cloned for another thread or process: ${describeError(thrown).message}`;
  return { name: 'DataCloneError', message };
}

/** The reason why a task could not be dispatched: usually its input cannot be cloned. */
export function dispatchError(thrown: unknown): unknown {
  const isCloneError =
    thrown instanceof Error &&
    (thrown.name === 'DataCloneError' || /could not be cloned|^Unserializable/.test(thrown.message));
  return isCloneError ? errorFrom(uncloneable('input', thrown)) : thrown;
}

/** Removes the working, home and temporary folders, which may contain names of people. */
export function withoutOwnFolders(text: string): string {
  return text.replaceAll(OWN_FOLDERS, '');
}

/**
 * Known by name, since a folder with a space in it cannot be distinguished from two words. Only where a path can begin:
 * `http://host/app/` contains `/app/`, too.
 */
const OWN_FOLDERS = new RegExp(
  `(?<![\\w./-])(?:${[workingFolder, homeFolder, temporaryFolder]
    .filter((folder) => folder !== undefined && folder.length > 1)
    .map((folder) => `${folder}${sep}`)
    .toSorted((a, b) => b.length - a.length)
    .map(literally)
    .join('|')})`,
  'g',
);

/** The folder of Lanewise, as a path and as the URL that a stack has of a module. */
const OWN_CODE = new RegExp([pathToFileURL(ownFolder).href, ownFolder].map(literally).join('|'), 'g');

/** As part of a regular expression. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** Names of variables that hold secrets; AUTHOR and PATH must not match. */
const SECRET_NAME =
  /TOKEN|SECRET|KEY|PASS|PWD|CREDENTIAL|AUTH(?!OR(?!I))|DSN|COOKIE|JWT|WEBHOOK|(?<![A-Za-z])PAT(?![A-Za-z])/i;
/** Folders, whose names match all the same. */
const NO_SECRETS: ReadonlySet<string> = new Set(['PWD', 'OLDPWD']);
/** A shorter value may be an ordinary word. */
const SHORTEST_SECRET = 8;
/** For the lines of a long secret, such as a private key: a shorter line may be an ordinary word. */
const SHORTEST_LINE = 12;
const CUT = '***';

/** Values of variables with the name of a secret, longest first, in every spelling in which a text may contain them. */
export function secretsIn(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    const values = Object.keys(env)
      .filter((name) => SECRET_NAME.test(name) && !NO_SECRETS.has(name))
      .map((name) => String(env[name]))
      .filter(({ length }) => length >= SHORTEST_SECRET);
    return longestFirst([...values, ...values.flatMap(linesOf)].flatMap(spellings));
  } catch {
    // A workload may have replaced `process.env` with anything.
    return [];
  }
}

/** The lines of a secret, if it has several: a message may quote one. In variables, `\n` is often written out. */
function linesOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\\n/);
  return lines.length === 1 ? [] : lines.map((line) => line.trim()).filter(({ length }) => length >= SHORTEST_LINE);
}

function spellings(secret: string): readonly string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.replaceAll(/\p{Cs}/gu, ''))];
}

function longestFirst(secrets: readonly string[]): readonly string[] {
  return [...new Set(secrets)].toSorted((a, b) => b.length - a.length);
}

/** A workload may delete a variable once it has read it. */
const ENV_AT_START = { ...process.env };
/** Found for the first error: most processes have none, and a start should cost little. */
let foundAtStart: readonly string[] | undefined;

/** The secrets of this process, both at its start and now. */
export function secretsHere(): readonly string[] {
  const atStart = (foundAtStart ??= secretsIn(ENV_AT_START));
  const now = secretsIn(process.env);
  const known = new Set(atStart);
  return now.every((secret) => known.has(secret)) ? atStart : longestFirst([...atStart, ...now]);
}

/**
 * Removes the given secrets, and everything with the shape of one: user and password before a host, parameters of URLs
 * and settings with the name of a secret, and credentials of requests.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((shown, secret) => shown.replaceAll(secret, CUT), text)
    .replaceAll(WORD, withoutUserOfUrl)
    .replaceAll(PART_OF_PATH, withoutLogin)
    .replaceAll(PARAM_OF_URL, (param, name: string) => (SECRET_NAME.test(name) ? `${name}${CUT}` : param))
    .replaceAll(AUTHORIZATION, `$1${CUT}`)
    .replaceAll(SETTING, `$1${CUT}`);
}

/** A URL contains no blanks and no quotes. */
const WORD = /[^\s"'`]+/g;

/**
 * Up to the last `@`, since a password may contain any character, whether a URL allows it or not. A URL without a colon
 * before its path has no password.
 */
function withoutUserOfUrl(word: string): string {
  const host = lastHost(word);
  const start = host === -1 ? -1 : word.search(URL_WITH_USER);
  return start === -1 || host < start ? word : `${word.slice(0, start)}://${CUT}${word.slice(host)}`;
}

const URL_WITH_USER = /:\/\/[^/?#:@]*[:@]/;
const PART_OF_PATH = /[^\s"'`/\\]+/g;

/** Removes the password of `user:password@host` without a scheme. */
function withoutLogin(part: string): string {
  const host = lastHost(part);
  const colon = host === -1 ? -1 : part.slice(0, host).search(LOGIN);
  return colon === -1 ? part : `${part.slice(0, colon)}:${CUT}${part.slice(host)}`;
}

const LOGIN = /(?<=[\w.+%~-]):./;

/** Position of the last `@` before a host, or -1. An id such as `event-loop@2x4` has a number after it. */
function lastHost(word: string): number {
  let at = word.lastIndexOf('@');
  while (at > 0 && !HOST.test(word.slice(at + 1, at + LONGEST_LABEL + 2))) at = word.lastIndexOf('@', at - 1);
  return at > 0 ? at : -1;
}

const HOST = /^(?:[^\d@]|\d[\w-]*\.\w)/;
/** Most characters of a host name up to its first dot. */
const LONGEST_LABEL = 63;

const PARAM_OF_URL = /([?&][^\s=?&#]*=)[^\s&#"'`()<>]{8,}/g;
const AUTHORIZATION =
  /(authorization\\*["'`]?\s*[=:]\s*\\*["'`]?(?:(?:bearer|basic|digest|token|negotiate)\s+)?|\bbearer\s+(?=[\w.~+/=-]{16}))[^\s"'`,;\\]+/gi;
/** Ends where a list or an id may continue, since ids of cells contain params. Values under four characters stay. */
const SETTING =
  /((?:password|passwd|passphrase|pwd|secret|token|(?:api|access|secret|private|auth)[_-]?key)\\*["'`]?\s*[=:]\s*\\*)(?!\\|(?:undefined|null|true|false)\b)(?:"[^"\n]{4,}"|'[^'\n]{4,}'|`[^`\n]{4,}`|[^\s"'`,;&()[\]{}<>]{4,})/gi;

/** Much longer than the result, so that no secret at its end is cut in two and missed. */
const LOOKED_AT = 16 * TEXT_LIMIT;

/** Truncates a text, and removes secrets, the user's folders and control characters, which could redraw a terminal. */
export function plainText(value: unknown): string {
  const text = withoutSecrets(String(value).slice(0, LOOKED_AT), secretsHere());
  return withoutOwnFolders(text.replaceAll(OWN_CODE, OWN_PREFIX))
    .slice(0, TEXT_LIMIT)
    .replaceAll(CONTROL, '')
    .replaceAll(FOLDERS, (_match, before: string) => before);
}

const CONTROL = /[^\P{Cc}\n\t]|\p{Bidi_C}/gu;
/** An absolute path up to its last part, where a path can begin. */
const FOLDERS = /(^|[\s'"`(])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\s'"`():\\/]+[\\/])+/g;
