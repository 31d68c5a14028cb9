import { sep } from 'node:path';
import { types } from 'node:util';
import type { ErrorSummary, LaneError } from './contract.ts';
import { homeFolder, temporaryFolder, workingFolder } from './own-folders.ts';

/** Longer texts are cut: an error travels in messages and is printed on a screen. */
const TEXT_LIMIT = 2000;

/** Anything that was thrown, as plain text that survives every boundary, whatever its getters do. */
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
    const shown = typeof thrown === 'string' ? JSON.stringify(plainText(thrown)) : plainText(String(thrown));
    return { name: 'Thrown', message: `${shown} was thrown, which is not an Error` };
  } catch {
    return { name: 'Thrown', message: 'a value was thrown that cannot be read' };
  }
}

// Taken before a workload can replace it.
const { isNativeError } = types;

/** Of this or of another realm. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || isNativeError(thrown);
}

type Related = Pick<LaneError, 'causes' | 'errors'>;

/** Of errors that stand for one that was described elsewhere. */
const related = new WeakMap<Error, Related>();

/** An error that was described elsewhere, as an Error again. */
export function errorFrom({ message, ...told }: LaneError): Error {
  return dressed(new Error(message), told);
}

/** The error, with the name, the stack and the causes of the one that it stands for. */
export function dressed<Told extends Error>(error: Told, { name, stack, ...rest }: Omit<LaneError, 'message'>): Told {
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined) error.stack = stack;
  related.set(error, rest);
  return error;
}

/** Of a chain without an end, and of a list of thousands, the first ones say enough. */
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

/** Whatever its getter does. */
function fieldOf(value: unknown, name: 'cause' | 'errors'): unknown {
  try {
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  } catch {
    return undefined;
  }
}

function summaryOf(thrown: unknown): ErrorSummary {
  try {
    const { name, message } = isError(thrown) ? thrown : { name: 'Thrown', message: String(thrown) };
    return { name: plainText(name), message: plainText(message).slice(0, RELATED_TEXT_LIMIT) };
  } catch {
    return { name: 'Thrown', message: 'a value that cannot be read' };
  }
}

/** Calls one of the workload's functions; what it throws says which one it was. */
export async function callHook<Result>(hook: string, call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (thrown) {
    throw hookError(hook, thrown);
  }
}

/** As {@link callHook}, of one that returns no promise. */
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

/** Structured clone names its errors differently from place to place; this says which value it was. */
export function uncloneable(what: 'input' | 'output', thrown: unknown): LaneError {
  const message = `the ${what} of the task cannot be cloned for another thread or process: ${describeError(thrown).message}`;
  return { name: 'DataCloneError', message };
}

/** Why a task could not be handed over: its input cannot be cloned, most likely. */
export function notHandedOver(thrown: unknown): unknown {
  const isCloneError =
    thrown instanceof Error && (thrown.name === 'DataCloneError' || /could not be cloned/.test(thrown.message));
  return isCloneError ? errorFrom(uncloneable('input', thrown)) : thrown;
}

/** Without the folder that the process was started in, the user's own and the temporary one: they tell names. */
export function withoutOwnFolders(text: string): string {
  return text.replaceAll(OWN_FOLDERS, '');
}

/** Known by name, since a folder with a space in it cannot be told from two words. Only where a path can begin: `/app/` stands in `http://host/app/` too. */
const OWN_FOLDERS = new RegExp(
  `(?<![\\w./-])(?:${[workingFolder, homeFolder, temporaryFolder]
    .filter((folder) => folder !== undefined && folder.length > 1)
    .map((folder) => `${folder}${sep}`)
    .toSorted((a, b) => b.length - a.length)
    .map((folder) => folder.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('|')})`,
  'g',
);

/** Variables of such a name hold what nobody else may know; an author is no authority, and a path no personal access token. */
const SECRET_NAME =
  /TOKEN|SECRET|KEY|PASS|PWD|CREDENTIAL|AUTH(?!OR(?!I))|DSN|COOKIE|JWT|WEBHOOK|(?<![A-Za-z])PAT(?![A-Za-z])/i;
/** These are folders. */
const NO_SECRETS: ReadonlySet<string> = new Set(['PWD', 'OLDPWD']);
/** A shorter one is as well a word of any text. */
const SHORTEST_SECRET = 8;
/** Of a secret of many lines, as a private key: a shorter one is a bracket or a word. */
const SHORTEST_LINE = 12;
const CUT = '***';

/** The values of variables that are secret by their names, the longest first, in each spelling in which a text may have them. */
export function secretsIn(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    const values = Object.keys(env)
      .filter((name) => SECRET_NAME.test(name) && !NO_SECRETS.has(name))
      .map((name) => String(env[name]))
      .filter(({ length }) => length >= SHORTEST_SECRET);
    return longestFirst([...values, ...values.flatMap(linesOf)].flatMap(spellings));
  } catch {
    // A workload may have put anything in its place.
    return [];
  }
}

/** Its lines, if it has several: a message may quote one. In a variable they are often written with a backslash. */
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
const AT_START = secretsIn(process.env);

/** Those of this process, as it was started and as it is now. */
export function secretsHere(): readonly string[] {
  const now = secretsIn(process.env);
  const known = new Set(AT_START);
  return now.every((secret) => known.has(secret)) ? AT_START : longestFirst([...AT_START, ...now]);
}

/**
 * Without these, and without what shows by its shape that it is one: user and password before a host, parameters of URLs and settings that
 * are secret by their names, and what authorizes a request.
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

/** No blank or quote stands in a URL. */
const WORD = /[^\s"'`]+/g;

/** Up to the last `@`: a password may hold any character, whether a URL allows it or not. Without a colon before its path, a URL has no password. */
function withoutUserOfUrl(word: string): string {
  const host = lastHost(word);
  const start = host === -1 ? -1 : word.search(URL_WITH_USER);
  return start === -1 || host < start ? word : `${word.slice(0, start)}://${CUT}${word.slice(host)}`;
}

const URL_WITH_USER = /:\/\/[^/?#:@]*[:@]/;
const PART_OF_PATH = /[^\s"'`/\\]+/g;

/** The password of `user:password@host`, where no scheme says that it is a URL. */
function withoutLogin(part: string): string {
  const host = lastHost(part);
  const colon = host === -1 ? -1 : part.slice(0, host).search(LOGIN);
  return colon === -1 ? part : `${part.slice(0, colon)}:${CUT}${part.slice(host)}`;
}

const LOGIN = /(?<=[\w.+%~-]):./;

/** Where the last `@` before a host stands, or -1. A configuration, as `event-loop@2x4`, has a number after it. */
function lastHost(word: string): number {
  let at = word.lastIndexOf('@');
  while (at > 0 && !HOST.test(word.slice(at + 1, at + LONGEST_LABEL + 2))) at = word.lastIndexOf('@', at - 1);
  return at > 0 ? at : -1;
}

const HOST = /^(?:[^\d@]|\d[\w-]*\.\w)/;
/** Of a name in a network, up to its first dot. */
const LONGEST_LABEL = 63;

const PARAM_OF_URL = /([?&][^\s=?&#]*=)[^\s&#"'`()<>]{8,}/g;
const AUTHORIZATION =
  /(authorization\\*["'`]?\s*[=:]\s*\\*["'`]?(?:(?:bearer|basic|digest|token|negotiate)\s+)?|\bbearer\s+(?=[\w.~+/=-]{16}))[^\s"'`,;\\]+/gi;
/** Ends where a list or an id may go on: ids of cells hold params. A value of three characters is none. */
const SETTING =
  /((?:password|passwd|passphrase|pwd|secret|token|(?:api|access|secret|private|auth)[_-]?key)\\*["'`]?\s*[=:]\s*\\*)(?!\\|(?:undefined|null|true|false)\b)(?:"[^"\n]{4,}"|'[^'\n]{4,}'|`[^`\n]{4,}`|[^\s"'`,;&()[\]{}<>]{4,})/gi;

/** Many times as long as what is kept, so that nothing which is cut out at its end was cut in two. */
const LOOKED_AT = 16 * TEXT_LIMIT;

/** Cut to length, without control characters (an escape could redraw a terminal), without secrets and without the folders of the user. */
export function plainText(value: unknown): string {
  const text = withoutSecrets(String(value).slice(0, LOOKED_AT), secretsHere());
  return withoutOwnFolders(text)
    .slice(0, TEXT_LIMIT)
    .replaceAll(CONTROL, '')
    .replaceAll(FOLDERS, (_match, before: string) => before);
}

const CONTROL = /[^\P{Cc}\n\t]|\p{Bidi_C}/gu;
/** An absolute path up to its last part, where a path can begin. */
const FOLDERS = /(^|[\s'"`(])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\s'"`():\\/]+[\\/])+/g;
