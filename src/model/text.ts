/** Text that may be anybody's, made fit to be shown: nothing hides in it, nothing in it orders a terminal about, and no secret of this environment stands in it. */
import { secretsHere, withoutOwnFolders, withoutSecrets } from '../../workers/describe-error.ts';

/**
 * Characters that give orders to a terminal, turn the direction of what comes after them, or cannot be seen; not what joins the parts of an emoji.
 */
const UNSEEN =
  /(?!(?<=[\p{ExtPict}\p{EMod}\uFE0F])\u200D(?=\p{ExtPict}))[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu;
/** The backslash by which they are shown. */
const ESCAPE = /\\(?=u)/g;

/** A text in which nothing hides, however long it is. */
export function visible(text: string): string {
  return text
    .replaceAll(ESCAPE, escaped)
    .replaceAll(UNSEEN, (one) => (one === '\n' || one === '\t' ? one : escaped(one)));
}

/** Whether there is nothing in it that would have to be written out. */
export function isVisible(text: string): boolean {
  return text.search(UNSEEN) === -1;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? String.raw`\u{${code}}` : String.raw`\u${code.padStart(4, '0')}`;
}

/** For stderr, on as many lines as it has. */
export function readable(text: string): string {
  return visible(withoutSecrets(text, secretsAnywhere()));
}

/** One line, however many the message has, and nothing in it that a terminal would obey. */
export function oneLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return withoutSecrets(lines.filter((line) => line !== '').join(' '), secretsAnywhere()).replaceAll(UNSEEN, '');
}

/**
 * Those that are cut from any text. A value may be one of Lanewise's own words, as `AUTH_MODE=standard`: without these, results would mean
 * nothing. They are cut where an error is described, and not from what Lanewise says itself.
 */
export function secretsAnywhere(): readonly string[] {
  return secretsHere().filter((secret) => !OWN_WORDS.has(secret));
}

/** Names and values in results, of the length of a secret and of small letters alone. */
const OWN_WORDS: ReadonlySet<string> = new Set(
  `
    baseline beats-baseline blocking-sleep bound-not-seen busy-machine upper bound child-processes coherency
    comparisons complete contender contention costly-digest crossovers definition disabled discarded
    disordered-stamps dominant-task drifting-batches environment estimate event-loop failed-afterwards
    fetch-and-parse fewest-workers finalists governor http-blocking inconclusive involuntary lanes-not-warmed
    lanewise least-cpu least-memory left-behind libuv-threads limit-not-used little-memory looks-best measured
    measured-tools memoised more-lanes-than-cores more-lanes-than-tasks near-best no-older-version noisy-blocks
    not-in-git not-there password-hash password-hash-async pool-size position predicted predictions
    primes-cooperative process-per-task processes properties quota-below-cores recommendations repeated required
    responsiveness rigorous runtimes screened screening sequential services shared-machine shared-memory short-batch
    slow-governor smt-siblings standard strategies strategy strategy-left-out teardown thread-per-task throughput
    timeline timelines transfers unawaited unequal-work variables verified voluntary warnings withheld-flags
    worker-threads workload workloads
  `.split(/\s+/),
);

/** The first so many characters, and no half of one. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/\p{Cs}$/u, '');
}

/** Nobody reads more of a word to know it again. */
const LONGEST_QUOTE = 100;

/** As it stands in a sentence: a text in quotation marks and cut to length, of a list or an object only what it is. */
export function quote(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = String(value);
  const cut = text.length <= LONGEST_QUOTE ? text : `${clip(text, LONGEST_QUOTE)}…`;
  return typeof value === 'string' ? `"${cut}"` : cut;
}

/** What a sentence quotes, cut to length, whoever wrote the sentence; and the whole of it, since what is quoted may hold quotation marks, and a path has none. */
export function withShortQuotes(sentence: string): string {
  const short = sentence.replaceAll(LONG_QUOTE, (quoted) => `"${clip(quoted.slice(1), LONGEST_QUOTE)}…"`);
  if (short.length <= LONGEST_SENTENCE) return short;
  // What to do stands at the end.
  return `${clip(short, LONGEST_SENTENCE - END)}…${short.slice(-END + 1).replace(/^\p{Cs}/u, '')}`;
}

/** A command that is to be typed may hold a path of 4,096 characters. */
const LONGEST_SENTENCE = 6000;
const END = 300;

/** Not of what is to be typed. */
const LONG_QUOTE = new RegExp(`"(?!lanewise )[^"]{${LONGEST_QUOTE + 2},}"`, 'g');

/** The same value with every text in it changed, names of fields too. @param options.deepest where a deeper value is left out */
export function mapTexts<Value>(value: Value, change: (text: string) => string, deepest: number): Value {
  const mapped = (inner: unknown, depth: number): unknown => {
    if (typeof inner === 'string') return change(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    if (depth === deepest) return '…';
    if (Array.isArray(inner)) return inner.map((item) => mapped(item, depth + 1));
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [change(key), mapped(item, depth + 1)]));
  };
  // The same shape, text for text.
  return mapped(value, 0) as Value;
}

/**
 * The same value without what belongs to the user alone: folders and secrets. A param or a message may hold them, and results are passed on. The same
 * text is changed in the same way wherever it stands, so that ids still belong together.
 */
export function withoutPrivate<Value>(value: Value): Value {
  const secrets = secretsAnywhere();
  return mapTexts(value, (text) => withoutOwnFolders(withoutSecrets(text, secrets)), Number.POSITIVE_INFINITY);
}

/** JSON for a file or a pipe that may end at a terminal: what cannot be seen is written out, which means the same. */
export function jsonText(value: unknown, indent?: number): string {
  return `${JSON.stringify(value, undefined, indent).replaceAll(UNSEEN, (one) => (one === '\n' ? one : jsonEscaped(one)))}\n`;
}

/** As UTF-16 has it. */
function jsonEscaped(character: string): string {
  let written = '';
  for (let at = 0; at < character.length; at += 1)
    written += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return written;
}
