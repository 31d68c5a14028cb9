/** Rules for any input: a value or an error sentence, soon, and no side effect. */
import { dsvFormat } from 'd3-dsv';
import { LanewiseError } from '../../../src/model/errors.ts';
import { oneLine } from '../../../src/model/text.ts';

/** Time limit for this many bytes; proportionally longer for more. */
const LONGEST_MS = 1000;
const FOR_BYTES = 200_000;
/** Characters of the longest sentence: it may have the longest path that a system allows. */
const LONGEST_SENTENCE = 6000;

/** Reader of a result: people in a terminal, as Markdown or as a page; a spreadsheet; a program. */
export type Reader = 'people' | 'page' | 'spreadsheet' | 'json' | 'program';

/** A call to try, with its name in a finding and the reader of its result. */
export type Try = <Value>(
  what: string,
  reader: Reader,
  call: () => Value | Promise<Value>,
) => Promise<Value | undefined>;

/** A broken rule. */
export class BrokenRule extends Error {
  override readonly name = 'BrokenRule';
  /** Equal for all inputs that show the same fault, as far as that is known. */
  readonly fault: string;

  constructor(what: string, rule: string, detail: string, options?: ErrorOptions) {
    super(`${what}: ${rule}: ${detail}`, options);
    this.fault = `${what}: ${rule}`;
  }
}

/** Outcomes of the calls so far: input that is always refused tests nothing. */
export interface Outcomes {
  accepted: number;
  refused: number;
  slowestMs: number;
}

/**
 * Tries calls on an input of this many bytes.
 *
 * @param known faults found before, to be ignored so that others are found
 * @throws BrokenRule
 */
export function trying(bytes: number, outcomes: Outcomes, known: ReadonlySet<string>): Try {
  const limitMs = LONGEST_MS * Math.max(1, bytes / FOR_BYTES);
  const check: Try = async (what, reader, call) => {
    const first = await ended(what, call);
    // Measures again, since the machine may have been busy.
    const cpuMs = first.cpuMs <= limitMs ? first.cpuMs : Math.min(first.cpuMs, (await ended(what, call)).cpuMs);
    outcomes.slowestMs = Math.max(outcomes.slowestMs, cpuMs);
    if (cpuMs > limitMs) throw new BrokenRule(what, 'too slow', `${Math.round(cpuMs)} ms of CPU for ${bytes} bytes`);
    requireUntouched(what);
    if ('sentence' in first) {
      outcomes.refused += 1;
      requireSentence(what, first.sentence);
      return undefined;
    }
    outcomes.accepted += 1;
    if (typeof first.value === 'string') requireHarmless(what, reader, first.value);
    return first.value;
  };
  return async (...call) => {
    try {
      return await check(...call);
    } catch (thrown) {
      if (thrown instanceof BrokenRule && known.has(thrown.fault)) return undefined;
      throw thrown;
    }
  };
}

type Ended<Value> = { readonly cpuMs: number } & ({ readonly value: Value } | { readonly sentence: string });

async function ended<Value>(what: string, call: () => Value | Promise<Value>): Promise<Ended<Value>> {
  const before = process.cpuUsage();
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  try {
    const value = await call();
    return { cpuMs: cpuMs(), value };
  } catch (thrown) {
    if (thrown instanceof LanewiseError && thrown.code !== 'internal')
      return { cpuMs: cpuMs(), sentence: thrown.message };
    const { stack = '', name } = thrown instanceof Error ? thrown : new Error(String(thrown));
    const [place = ''] = /dist\/(?:src|workers)\/[^:]*/.exec(stack) ?? [];
    throw new BrokenRule(what, `${name} in ${place}`, stack, { cause: thrown });
  }
}

const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const PROTOTYPE_KEYS = PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length);

function requireUntouched(what: string): void {
  PROTOTYPES.forEach((prototype, index) => {
    const keys = Reflect.ownKeys(prototype);
    if (keys.length === PROTOTYPE_KEYS[index]) return;
    const added = String(keys.at(-1));
    Reflect.deleteProperty(prototype, added);
    throw new BrokenRule(what, 'changes a prototype', added);
  });
}

/** Control characters of a terminal, and bidirectional marks. */
const ORDERS = /(?![\n\t]|\r\n)\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]|\p{Cs}/u;
/** Tags that no page of Lanewise has, unescaped. */
const MARKUP = /<(?:img|iframe|object|embed|base)\b|<[a-z][^<>]*\s(?:on\w+=|(?:href|src)="?\s*javascript:)/i;
const FORMULA = /^(?:[=+@\t\r]|-(?![\d.]))/;
/** Field separators of spreadsheets, by country. */
const SEPARATED = [dsvFormat(','), dsvFormat(';')];

/** Error text as the command line prints it. */
function requireSentence(what: string, message: string): void {
  const sentence = oneLine(message);
  requireHarmless(what, 'people', sentence);
  if (sentence === '' || sentence.length > LONGEST_SENTENCE)
    throw new BrokenRule(what, 'an endless sentence', `${sentence.length} characters: ${sentence.slice(0, 200)}`);
}

function requireHarmless(what: string, reader: Reader, text: string): void {
  const broken = (rule: string, found: RegExpExecArray): never => {
    throw new BrokenRule(what, rule, JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 60)));
  };
  const rule = (words: string, pattern: RegExp): void => {
    const found = pattern.exec(text);
    if (found !== null) broken(words, found);
  };
  // Programs get text unchanged; anything else may be shown in a terminal.
  if (reader !== 'program') rule('an order to a terminal', ORDERS);
  switch (reader) {
    case 'page':
      rule('markup', MARKUP);
      if (text.split('<script').length > 2) throw new BrokenRule(what, 'markup', 'more than one script');
      break;
    case 'spreadsheet':
      for (const format of SEPARATED) {
        const formula = format
          .parseRows(text)
          .flat()
          .find((field) => FORMULA.test(field));
        if (formula !== undefined) throw new BrokenRule(what, 'a formula', JSON.stringify(formula.slice(0, 100)));
      }
      break;
    case 'json':
      if (!isJson(text)) throw new BrokenRule(what, 'no JSON', JSON.stringify(text.slice(0, 100)));
      break;
    case 'people':
    case 'program':
      break;
    default:
      reader satisfies never;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
