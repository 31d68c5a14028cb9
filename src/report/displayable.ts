import { createHash } from 'node:crypto';
import type { Results } from '../model/results.ts';

/** Nobody reads a longer name; a param may hold a whole document. */
const LONGEST = 1000;
const END = 200;
/** A param may be nested as deeply as a parser allows. */
const DEEPEST = 50;
/**
 * Characters that give orders to a terminal, turn the direction of what comes after them, or cannot be seen; and the backslash by
 * which they are shown.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\\(?=u)/gu;

/**
 * The same results for people to look at: names, params and messages are anybody's text, in which nothing may hide, and nothing
 * is so long that it buries the rest. What is equal stays equal and what differs stays different. For text and pages; files
 * for programs hold what was measured as it is.
 */
export function displayable(results: Results): Results {
  const { cells, timelines, ...rest } = results;
  return {
    ...shown(rest),
    // Numbers only, and most of all there is.
    cells: cells.map(({ samples, ...cell }) => ({ ...shown(cell), samples })),
    timelines: timelines.map(({ cell, ...recorded }) => ({ cell: shownText(cell), ...recorded })),
  };
}

/** The first so many characters, and no half of one. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/\p{Cs}$/u, '');
}

/** Every text in a value, as deep as anybody looks. */
export function shown<Value>(value: Value): Value {
  return deep(value, 0) as Value;
}

function deep(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shownText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((item) => deep(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [shownText(key), deep(inner, depth + 1)]));
}

/** A text in which nothing hides, however long it is. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (character) =>
    character === '\n' || character === '\t'
      ? character
      : String.raw`\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function shownText(text: string): string {
  const seen = visible(text);
  if (seen.length <= LONGEST) return seen;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${clip(seen, LONGEST - END)}…${digest}…${seen.slice(-END).replace(/^\p{Cs}/u, '')}`;
}

/** Nothing is seen of it, and it ends a word. */
const INVISIBLE_SPACE = '&#8203;';

/**
 * Names of workloads and messages of errors are anybody's text: nothing in them may become markup, a mention, a reference or a
 * link. GitHub looks for those in what has been rendered, where an entity is the character again: only a space parts them.
 */
export function markdownText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[&<>]|[\\`*_[\]|~$#]/g, (character) => ENTITIES[character] ?? `\\${character}`)
    .replaceAll(/(?<!\w)(@|\\#)(?=\w)|(?<=[a-z]):(?=\/\/)|(?<=\bwww)\./gi, `$&${INVISIBLE_SPACE}`);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Inside a fence: longer than any run of backticks in the text. */
export function codeFence(text: string, language = 'text'): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
