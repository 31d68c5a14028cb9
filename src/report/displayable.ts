import { createHash } from 'node:crypto';
import { withoutSecrets } from '../../workers/describe-error.ts';
import type { Results } from '../model/results.ts';
import { clip, mapTexts, secretsAnywhere, visible } from '../model/text.ts';

/** Longer texts are clipped: a param may hold a whole document. */
const LONGEST = 1000;
const END = 200;
/** Deeper levels are clipped: a param may be nested as deeply as a parser allows. */
const DEEPEST = 50;

/**
 * The results made safe to display: names, params and messages are untrusted texts, in which nothing may be invisible
 * or long enough to bury the rest. Equal texts stay equal and different ones stay different. For text and pages;
 * exports keep what was measured unchanged.
 */
export function displayable(results: Results): Results {
  const { cells, timelines, ...rest } = results;
  const show = shower();
  return {
    ...show(rest),
    // Skipped: numbers only, and most of the data.
    cells: cells.map(({ samples, ...cell }) => ({ ...show(cell), samples })),
    timelines: timelines.map(({ cell, ...recorded }) => ({ cell: show(cell), ...recorded })),
  };
}

/** Makes every text in a value safe to display. */
export function shown<Value>(value: Value): Value {
  return shower()(value);
}

function shower(): <Value>(value: Value) => Value {
  const secrets = secretsAnywhere();
  return (value) => mapTexts(value, (text) => shownText(withoutSecrets(text, secrets)), DEEPEST);
}

function shownText(text: string): string {
  const isLong = text.length > LONGEST;
  const seen = visible(isLong ? clip(text, LONGEST) : text);
  if (!isLong && seen.length <= LONGEST) return seen;
  const end = isLong ? visible(withoutHalf(text.slice(-END))) : seen;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${clip(seen, LONGEST - END)}…${digest}…${withoutHalf(end.slice(-END))}`;
}

/** Without the second half of a character that a cut left at the beginning. */
function withoutHalf(text: string): string {
  return text.replace(/^\p{Cs}/u, '');
}

/** A zero-width space: invisible, and ends a word. */
const INVISIBLE_SPACE = '&#8203;';

/**
 * Escapes a text for Markdown: names of workloads and messages of errors are untrusted, and must not become markup, a
 * mention, a reference or a link. GitHub looks for these in the rendered text, where an entity is a character again:
 * only a space helps.
 */
export function markdownText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[&<>]|[\\`*_[\]|~$#]/g, (character) => ENTITIES[character] ?? `\\${character}`)
    .replaceAll(/(?<!\w)(@|\\#)(?=\w)|(?<=[a-z]):(?=\/\/)|(?<=\bwww)\./gi, `$&${INVISIBLE_SPACE}`);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Puts a text into a fence longer than any run of backticks in it. */
export function codeFence(text: string, language = 'text'): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
