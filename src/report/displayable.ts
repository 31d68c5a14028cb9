import { createHash } from 'node:crypto';
import { withoutSecrets } from '../../workers/describe-error.ts';
import type { Results } from '../model/results.ts';
import { clip, mapTexts, secretsAnywhere, visible } from '../model/text.ts';

/** Nobody reads a longer name; a param may hold a whole document. */
const LONGEST = 1000;
const END = 200;
/** A param may be nested as deeply as a parser allows. */
const DEEPEST = 50;

/**
 * The same results for people to look at: names, params and messages are anybody's text, in which nothing may hide, and nothing
 * is so long that it buries the rest. What is equal stays equal and what differs stays different. For text and pages; files
 * for programs hold what was measured as it is.
 */
export function displayable(results: Results): Results {
  const { cells, timelines, ...rest } = results;
  const show = shower();
  return {
    ...show(rest),
    // Numbers only, and most of all there is.
    cells: cells.map(({ samples, ...cell }) => ({ ...show(cell), samples })),
    timelines: timelines.map(({ cell, ...recorded }) => ({ cell: show(cell), ...recorded })),
  };
}

/** Every text in a value, as deep as anybody looks. */
export function shown<Value>(value: Value): Value {
  return shower()(value);
}

function shower(): <Value>(value: Value) => Value {
  const secrets = secretsAnywhere();
  return (value) => mapTexts(value, (text) => shownText(withoutSecrets(text, secrets)), DEEPEST);
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
