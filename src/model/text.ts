/** Makes untrusted text safe to show: no invisible characters, no terminal commands, no secrets of this environment. */
import { secretsHere, withoutOwnFolders, withoutSecrets } from '../../workers/describe-error.ts';
import { platformOf } from '../../workers/platform.ts';

/** Characters that control a terminal, change the text direction or are invisible; not those that join an emoji. */
const UNSEEN =
  /(?!(?<=[\p{ExtPict}\p{EMod}\uFE0F])\u200D(?=\p{ExtPict}))[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu;
/** Escapes start with this backslash, so it must itself be escaped. */
const ESCAPE = /\\(?=u)/g;

/** Escapes everything invisible, in a text of any length. */
export function visible(text: string): string {
  return text
    .replaceAll(ESCAPE, escaped)
    .replaceAll(UNSEEN, (one) => (one === '\n' || one === '\t' ? one : escaped(one)));
}

/** Whether nothing in it needs escaping. */
export function isVisible(text: string): boolean {
  return text.search(UNSEEN) === -1;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? String.raw`\u{${code}}` : String.raw`\u${code.padStart(4, '0')}`;
}

/** Makes text safe for stderr, and keeps its lines. */
export function readable(text: string): string {
  return visible(withoutSecrets(text, secretsAnywhere()));
}

/** Joins the lines of a message, and removes everything that a terminal would obey. */
export function oneLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return withoutSecrets(lines.filter((line) => line !== '').join(' '), secretsAnywhere()).replaceAll(UNSEEN, '');
}

/**
 * Secrets to cut from any text. A value may be one of Lanewise's own words, as in `AUTH_MODE=standard`: cutting those
 * would ruin results. They are cut where an error is described, not from Lanewise's own sentences.
 */
export function secretsAnywhere(): readonly string[] {
  return secretsHere().filter((secret) => !OWN_WORDS.has(secret));
}

/** Names and values in results that have the length of a secret and only lower-case letters. */
const OWN_WORDS: ReadonlySet<string> = new Set(
  `
    arrivals baseline beats-baseline blocking-sleep bound-not-seen busy-machine capacity child-processes coherency
    comparisons complete concurrency connections constant contender contention costly-digest cpu-bound crossovers definition disabled discarded
    disordered-stamps dominant-task drifting-batches drifting-windows driver-limited emulated environment estimate event-loop evidence failed-afterwards
    fetch-and-parse fewest-workers finalists governor http-blocking in-process inconclusive interrupted involuntary lanes-not-warmed
    --queue-server --queue-url lanewise least-cpu platform larger-machine least-memory left-behind machines libuv-threads limit-not-used little-memory longer-than-lock looks-best measured no-input
    measured-tools memoised more-lanes-than-cores more-lanes-than-tasks near-best no-older-version not-poisson noisy-blocks objective overloaded postgres queues-left ran-again replies-fetched
    no-server not-in-git not-there password-hash password-hash-async plainest pool-size position predicted predictions
    primes-cooperative process-per-task processes properties quantile quota-below-cores recommendations repeated requests required
    responsiveness race-assumption reads-late rigorous runtimes screened screening searched sequential serialization same-version server-not-used services settling shared-machine shared-memory short-batch short-tasks
    slow-governor smt-siblings standard strategies strategy strategy-left-out taken-cpus taken-search teardown thread-per-task throughput
    timeline timelines transfers unawaited unequal-work unrepeated variables verified voluntary warnings
    overload forecast rejected unrecovered withheld-flags
    worker-threads workload workloads
  `.split(/\s+/),
);

/** The first characters, without half a surrogate pair at the end. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/\p{Cs}$/u, '');
}

/** Longer quotes help nobody to recognize a value. */
const LONGEST_QUOTE = 100;

/** A value for a sentence: a text in quotation marks and clipped; for a list or an object only its kind. */
export function quote(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'bigint' ? `${value}n` : String(value);
  const cut = text.length <= LONGEST_QUOTE ? text : `${clip(text, LONGEST_QUOTE)}…`;
  return typeof value === 'string' ? `"${cut}"` : cut;
}

/** Clips long quotes in a sentence, and the whole sentence, since a quoted text may contain quotation marks. */
export function withShortQuotes(sentence: string): string {
  const short = withoutMiddle(sentence).replaceAll(
    LONG_QUOTE,
    (quoted) => `"${clip(quoted.slice(1), LONGEST_QUOTE)}…"`,
  );
  if (short.length <= LONGEST_SENTENCE) return short;
  // The remedy stands at the end.
  return `${clip(short, LONGEST_SENTENCE - END)}…${short.slice(-END + 1).replace(/^\p{Cs}/u, '')}`;
}

/** A field of a hostile file may have millions of characters, which overflow the stack of a pattern. */
const LONGEST_MATCHED = 100_000;

function withoutMiddle(sentence: string): string {
  return sentence.length <= LONGEST_MATCHED
    ? sentence
    : `${clip(sentence, LONGEST_MATCHED - END)}…${sentence.slice(-END)}`;
}

/** A command to type may contain a path of 4,096 characters. */
const LONGEST_SENTENCE = 6000;
const END = 300;

/** Excludes commands to type. */
const LONG_QUOTE = new RegExp(`"(?!lanewise )[^"]{${LONGEST_QUOTE + 2},}"`, 'g');

/** Maps every text in a value, names of fields too. @param deepest depth below which values are left out */
export function mapTexts<Value>(value: Value, change: (text: string) => string, deepest: number): Value {
  const mapped = (inner: unknown, depth: number): unknown => {
    if (typeof inner === 'string') return change(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    if (depth === deepest) return '…';
    if (Array.isArray(inner)) return inner.map((item) => mapped(item, depth + 1));
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [change(key), mapped(item, depth + 1)]));
  };
  // The shape is unchanged, text for text.
  return mapped(value, 0) as Value;
}

/**
 * Removes folders and secrets, which a param or a message may contain, because results are passed on. Equal texts
 * change alike everywhere, so that ids still match.
 */
export function withoutPrivate<Value>(value: Value): Value {
  const secrets = secretsAnywhere();
  return mapTexts(value, (text) => withoutOwnFolders(withoutSecrets(text, secrets)), Number.POSITIVE_INFINITY);
}

/** JSON for a file, or a pipe that may end at a terminal: invisible characters are escaped, which means the same. */
export function jsonText(value: unknown, indent?: number): string {
  return `${JSON.stringify(value, undefined, indent).replaceAll(UNSEEN, (one) => (one === '\n' ? one : jsonEscaped(one)))}\n`;
}

/** Escapes UTF-16 code units. */
function jsonEscaped(character: string): string {
  let written = '';
  for (let at = 0; at < character.length; at += 1)
    written += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return written;
}

/**
 * A word of a command line to copy, in quotation marks where a shell needs them: on Windows those of cmd.exe, which
 * PowerShell has too; elsewhere those of a POSIX shell.
 */
export function shellWord(word: string, platform?: NodeJS.Platform): string {
  if (platformOf(platform).shell === 'cmd') return windowsWord(word);
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Programs take a quotation mark after a backslash for text, and backslashes before one in pairs. */
function windowsWord(word: string): string {
  if (/^[\w+=:./\\-]+$/.test(word)) return word;
  const inMarks = word.replaceAll(/\\+"?|"/g, (found: string, at: number) => {
    const slashes = found.replace('"', '');
    const isLast = at + found.length === word.length;
    if (found.endsWith('"')) return String.raw`${slashes}${slashes}\"`;
    return isLast ? `${slashes}${slashes}` : slashes;
  });
  return `"${inMarks}"`;
}
