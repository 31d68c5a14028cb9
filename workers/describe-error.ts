import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import type { ErrorSummary, LaneError } from './contract.ts';
import { homeFolder, OWN_PREFIX, ownFolder, temporaryFolder, workingFolder } from './own-folders.ts';
import { secretsHere, withoutSecrets } from './secrets.ts';

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
    const shown = typeof thrown === 'string' ? JSON.stringify(plainText(thrown)) : plainText(dataText(thrown));
    return { name: 'Thrown', message: `${shown} was thrown, which is not an Error` };
  } catch {
    return { name: 'Thrown', message: 'a value was thrown that cannot be read' };
  }
}

// Taken before a workload can replace them.
const { isNativeError } = types;
const { stringify } = JSON;

/** Where an object has no text of its own, its data. */
function dataText(value: unknown): string {
  const text = String(value);
  return text === String({}) ? stringify(value) : text;
}

/** What packages throw, or list, in place of Errors often has a message. */
function wordsOf(value: unknown): string {
  const words = fieldOf(value, 'message') ?? fieldOf(value, 'text');
  return typeof words === 'string' && words !== '' ? words : dataText(value);
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
    const { name, message } = isError(thrown) ? thrown : { name: 'Thrown', message: wordsOf(thrown) };
    return { name: plainText(name), message: plainText(message).slice(0, RELATED_TEXT_LIMIT) };
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
    thrown instanceof Error && (thrown.name === 'DataCloneError' || /could not be cloned/.test(thrown.message));
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
