import { LanewiseError } from '../model/errors.ts';
import { didYouMean } from '../model/nearest.ts';

/** What an option takes: how it is read from the command line, checked where code gives it, and written again. */
export interface Kind<Value, Given = Value> {
  /** What stands behind its flag: nothing, one text (of several, the last one counts), or any number of texts. */
  readonly takes: 'nothing' | 'text' | 'texts';
  /** What code gives, as TypeScript writes it. */
  readonly type: string;
  /** @param name the option as the user knows it: `--tasks` @throws LanewiseError for what cannot be used: what it is, and what would do */
  readonly parse: (texts: readonly string[], name: string) => Value;
  /** The same of what is a value already; what was parsed or checked before passes as it is. @param name `"tasks"` */
  readonly check: (value: unknown, name: string) => Value;
  /** As its flag takes it: a text for each time that it is given. */
  readonly write: (value: unknown) => readonly string[];
  /** What code may give, for the compiler: it is never there. */
  readonly given?: Given;
}

interface Parts<Value, Accepted> {
  readonly type: string;
  /** What a value that code gives must be, for a sentence. */
  readonly must: string;
  readonly is: (value: unknown) => value is Accepted;
  readonly of: (value: Accepted, name: string) => Value;
  readonly parse: (texts: readonly string[], name: string) => Value;
  readonly write?: (value: Accepted) => readonly string[];
}

export function kind<Value, Accepted, Given = Accepted>(
  takes: Kind<Value>['takes'],
  { type, must, is, of, parse, write = (value) => [String(value)] }: Parts<Value, Accepted>,
): Kind<Value, Given> {
  const check = (value: unknown, name: string): Value => {
    if (is(value)) return of(value, name);
    throw new LanewiseError('usage', `${name} must be ${must}, and is ${shown(value)}.`);
  };
  return { takes, type, parse, check, write: (value) => (is(value) ? write(value) : [String(value)]) };
}

function shown(value: unknown): string {
  // JSON knows no functions, among others.
  const written = JSON.stringify(value) as string | undefined;
  return written === undefined ? `a ${typeof value}` : written.slice(0, 60);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function last(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}

/** `--name` and `--no-name`. */
export const yesOrNo = kind('nothing', {
  type: 'boolean',
  must: 'true or false',
  is: (value: unknown): value is boolean => typeof value === 'boolean',
  of: (value) => value,
  parse: () => true,
});

/** @param read the text if it can be used, or what it says */
export function text<Value, Given = string>(
  read: (given: string, name: string) => Value,
  type = 'string',
): Kind<Value, Given> {
  return kind<Value, string, Given>('text', {
    type,
    must: 'a text',
    is: isText,
    of: read,
    parse: (given, name) => read(last(given), name),
  });
}

export const anyText = text((given) => given);

/** One of a few names. @param refused what is wrong with any other; `hint` offers the nearest */
export function oneOf<const Name extends string>(
  names: readonly Name[],
  refused: (given: string, hint: string, name: string) => string,
): Kind<Name> {
  return text<Name, Name>(
    (given, name) => {
      const found = names.find((known) => known === given);
      if (found !== undefined) return found;
      throw new LanewiseError('usage', refused(given, didYouMean(given, names), name));
    },
    names.map((name) => `'${name}'`).join(' | '),
  );
}

/** A number, which code and the command line may have in different units. @param read the number if it can be used */
export function number(
  read: (given: string | number, name: string) => number,
  write?: (value: number) => string,
): Kind<number> {
  return kind<number, number>('text', {
    type: 'number',
    must: 'a number',
    is: isNumber,
    of: read,
    parse: (texts, name) => read(last(texts), name),
    ...(write && { write: (value) => [write(value)] }),
  });
}

interface ListParts<Item> {
  /** Of an item. */
  readonly type: string;
  readonly of: (items: readonly (Item | string | number)[], name: string) => readonly Item[];
  /** What code may give besides texts and numbers. */
  readonly isItem?: (item: unknown) => item is Item;
  /** How texts of the command line are parted. */
  readonly split?: (given: readonly string[]) => readonly string[];
  readonly write?: (item: Item | string | number) => string;
}

/** A list: on the command line separated by commas, or repeated. */
export function list<Item, Given = readonly (string | number)[]>({
  type,
  of,
  isItem,
  split = splitList,
  write = String,
}: ListParts<Item>): Kind<readonly Item[], Given> {
  return kind<readonly Item[], readonly (Item | string | number)[], Given>('texts', {
    type: `readonly ${/\W/.test(type) ? `(${type})` : type}[]`,
    must: 'a list of texts or numbers',
    is: (value): value is readonly (Item | string | number)[] =>
      Array.isArray(value) && value.every((item) => isText(item) || isNumber(item) || isItem?.(item) === true),
    of,
    parse: (given, name) => of(split(given), name),
    write: (items) => {
      const written = items.map(write);
      return split === splitList ? [written.join(',')] : written;
    },
  });
}

/** `a,b` and repeated flags are the same list. */
function splitList(given: readonly string[]): readonly string[] {
  return given.flatMap((one) => one.split(',')).map((item) => item.trim());
}

/** Texts as they are, each from a flag of its own. */
export const texts = list<string, readonly string[]>({
  type: 'string',
  of: (items) => items.map(String),
  split: (given) => given,
});

export function distinct<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
