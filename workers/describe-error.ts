import { sep } from 'node:path';
import type { LaneError } from './contract.ts';
import { homeFolder, temporaryFolder, workingFolder } from './own-folders.ts';

/** Longer texts are cut: an error travels in messages and is printed on a screen. */
const TEXT_LIMIT = 2000;

/** Anything that was thrown, as plain text that survives every boundary, whatever its getters do. */
export function describeError(thrown: unknown): LaneError {
  try {
    if (thrown instanceof Error) {
      const { name, message, stack } = thrown;
      const error = { name: plainText(name), message: plainText(message) };
      return typeof stack === 'string' ? { ...error, stack: plainText(stack) } : error;
    }
    const shown = typeof thrown === 'string' ? JSON.stringify(plainText(thrown)) : plainText(String(thrown));
    return { name: 'Thrown', message: `${shown} was thrown, which is not an Error` };
  } catch {
    return { name: 'Thrown', message: 'a value was thrown that cannot be read' };
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

export function hookError(hook: string, thrown: unknown): Error {
  const { name, message, stack } = describeError(thrown);
  const error = new Error(`\`${hook}\` threw ${name}: ${message}`);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Structured clone names its errors differently from place to place; this says which value it was. */
export function uncloneable(what: 'input' | 'output', thrown: unknown): LaneError {
  const message = `the ${what} of the task cannot be cloned for another thread or process: ${describeError(thrown).message}`;
  return { name: 'DataCloneError', message };
}

/** Without the folder that the process was started in, the user's own and the temporary one: they tell names. */
export function withoutOwnFolders(text: string): string {
  return OWN_FOLDERS.reduce((shown, folder) => {
    // Only where a path can begin: `/app/` stands in `http://host/app/` too.
    const parts = shown.split(folder);
    return parts
      .slice(1)
      .reduce((joined, part) => joined + (/[\w./-]$/.test(joined) ? folder : '') + part, parts[0] ?? '');
  }, text);
}

/** Cut to length, without control characters (an escape could redraw a terminal) and without the folders of the user. */
export function plainText(value: unknown): string {
  return withoutOwnFolders(String(value).slice(0, TEXT_LIMIT))
    .replaceAll(CONTROL, '')
    .replaceAll(FOLDERS, (_match, before: string) => before);
}

const CONTROL = /[^\P{Cc}\n\t]|\p{Bidi_C}/gu;
/** Known by name, since a folder with a space in it cannot be told from two words. */
const OWN_FOLDERS = [workingFolder, homeFolder, temporaryFolder]
  .filter((folder) => folder !== undefined && folder.length > 1)
  .map((folder) => `${folder}${sep}`);
/** An absolute path up to its last part, where a path can begin. */
const FOLDERS = /(^|[\s'"`(])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\s'"`():\\/]+[\\/])+/g;
