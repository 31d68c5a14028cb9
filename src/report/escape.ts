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
