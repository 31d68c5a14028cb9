import { inspect } from 'node:util';
import { LanewiseError, didYouMean, invalid } from '../model/errors.ts';

export type CommandName =
  | 'run'
  | 'tune'
  | 'load'
  | 'compare'
  | 'report'
  | 'doctor'
  | 'lessons'
  | 'list'
  | 'init'
  | 'worker';

/**
 * Where an option can be given beside the command line: API functions, a configuration file. `needed`: it is required.
 */
export type Mark = 'code' | 'file' | 'needed';

/** Help text of an option, and its default. */
export type Help = readonly [what: string, otherwise?: string];
export type HelpOf = { readonly [Command in CommandName]?: Help };

/** Properties that only some options have. */
interface Rest {
  /** Name of its flag without dashes. Default: the name in code, in kebab case. */
  readonly flag?: string;
  readonly alias?: string;
  /** It is a positional argument, not a flag. */
  readonly isPositional?: boolean;
  /** Value of its flag if none follows. */
  readonly alone?: string;
  /** The flag that it excludes. */
  readonly conflicts?: string;
  /** Whether the short help has it; `--help-all` shows all. */
  readonly isCommon?: boolean;
  /** Whether results record it under the same name, for the command that reproduces them. */
  readonly isRecorded?: boolean;
}

/** A row of the table: everything about one option. */
export interface Option<
  Value = unknown,
  Given = unknown,
  On extends HelpOf = HelpOf,
  Marks extends Mark = Mark,
> extends Rest {
  readonly kind: Kind<Value, Given>;
  /** Help for each command that has it. */
  readonly on: On;
  readonly marks: readonly Marks[];
  readonly group: string;
}

/** Returns a function that makes rows of one group with the same marks. */
export function rows<Marks extends Mark = never>(group: string, ...marks: readonly Marks[]) {
  return <Value, Given, On extends HelpOf>(
    taken: Kind<Value, Given>,
    on: On,
    rest: Rest = {},
  ): Option<Value, Given, On, Marks> => ({ kind: taken, on, marks, group, ...rest });
}

/** Options by their names in code. */
export type Options = Readonly<Record<string, Option>>;

/** Kind of an option's value: how it is parsed from the command line, checked in code, and written again. */
export interface Kind<Value, Given = Value> {
  /** Values of its flag: nothing, one text (the last one given counts), or any number of texts. */
  readonly takes: 'nothing' | 'text' | 'texts';
  /** TypeScript type of the value in code. */
  readonly type: string;
  /**
   * Parses texts of the command line.
   *
   * @param name for the error: `--tasks`
   * @throws LanewiseError for an invalid value
   */
  readonly parse: (texts: readonly string[], name: string) => Value;
  /** Checks a value given in code; a checked value stays as it is. @param name for the error: `"tasks"` */
  readonly check: (value: unknown, name: string) => Value;
  /** Writes a value for the command line: one text for each use of the flag. */
  readonly write: (value: unknown) => readonly string[];
  /** Type of values in code, for the compiler; never set. */
  readonly given?: Given;
}

interface Parts<Value, Accepted> {
  readonly type: string;
  /** Description of valid values, for the error: "a number". */
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
  if (typeof value === 'function') return 'a function';
  return (typeof value === 'string' ? JSON.stringify(value) : inspect(value, { breakLength: Infinity })).slice(0, 60);
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

export const last = (texts: readonly string[]): string => texts.at(-1) ?? '';

/** A flag without a value: `--name` and `--no-name`. */
export const yesOrNo = kind('nothing', {
  type: 'boolean',
  must: 'true or false',
  is: (value: unknown): value is boolean => typeof value === 'boolean',
  of: (value) => value,
  parse: () => true,
});

/** One text. @param read parses it */
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

/** One of a few names. */
export function oneOf<const Name extends string>(names: readonly Name[]): Kind<Name> {
  return text<Name, Name>(
    (given, name) => {
      const found = names.find((known) => known === given);
      if (found !== undefined) return found;
      throw invalid(name, given, `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`, didYouMean(given, names));
    },
    names.map((name) => `'${name}'`).join(' | '),
  );
}

/** A number, whose unit may differ between code and the command line. @param read parses it */
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
  /** TypeScript type of an item. */
  readonly type: string;
  readonly of: (items: readonly (Item | string | number)[], name: string) => readonly Item[];
  /** Accepts other items in code than texts and numbers. */
  readonly isItem?: (item: unknown) => item is Item;
  /** Splits texts of the command line. */
  readonly split?: (given: readonly string[], name: string) => readonly string[];
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
    must: 'a list, in [ ], of texts or numbers',
    is: (value): value is readonly (Item | string | number)[] =>
      Array.isArray(value) && value.every((item) => isText(item) || isNumber(item) || isItem?.(item) === true),
    of,
    parse: (given, name) => of(split(given, name), name),
    write: (items) => {
      const written = items.map(write);
      return split === splitList ? [written.join(',')] : written;
    },
  });
}

/** `a,b` and repeated flags give the same list. */
function splitList(given: readonly string[], name: string): readonly string[] {
  const items = given.flatMap((one) => one.split(',')).map((item) => item.trim());
  if (items.includes('') && items.length > 1)
    throw new LanewiseError('usage', `Invalid ${name} "${given.join(',')}": an item of the list is empty.`);
  return items;
}

/** Texts that may contain commas, each from its own flag. */
export const texts = list<string, readonly string[]>({
  type: 'string',
  of: (items) => items.map(String),
  split: (given) => given,
});

export function distinct<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** A whole number from `least` to `most`. */
export function count(least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  return number((given, name) => wholeNumber(given, name, least, most));
}

/** Parses a whole number from `least` to `most`. @throws LanewiseError that quotes `quoted` for anything else */
export function wholeNumber(
  given: string | number,
  name: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
  quoted = given,
): number {
  const value = typeof given === 'number' || /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER && !(value > most) ? `from ${least}` : `from ${least} to ${most}`;
  throw invalid(name, quoted, `a whole number ${range}`);
}

/** A fraction above 0 and below 1, on the command line also a percentage. */
export function fraction(example: string): Kind<number> {
  return number(
    (given, name) => {
      const percent = typeof given === 'number' ? null : /^(\d+(?:\.\d+)?)%$/.exec(given);
      const value = percent === null ? Number(given) : Number(percent[1]) / 100;
      if (String(given).trim() !== '' && value > 0 && value < 1) return value;
      const written = `a percentage above 0% and below 100%, such as ${example}`;
      throw invalid(name, given, typeof given === 'number' ? 'a fraction above 0 and below 1' : written);
    },
    (value) => `${Number((value * 100).toPrecision(6))}%`,
  );
}
