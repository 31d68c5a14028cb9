import {
  requireShipped,
  writtenStrategy,
  LARGEST_POOL,
  MOST_MACHINES,
  noPoolSize,
  writePoolSize,
  type AskedStrategy,
  type PoolSize,
} from '../model/asked-strategy.ts';
import { invalid, LanewiseError } from '../model/errors.ts';
import { MOST_TASKS } from '../model/evidence.ts';
import type { Concurrency } from '../model/results.ts';
import type { BuiltInStrategy, QueueStrategy, ServerStrategy } from '../model/strategies.ts';
import { parseJson } from '../system/foreign-file.ts';
import { configurationId, type Configuration } from '../model/cell-id.ts';
import { distinct, isObject, isText, kind, last, list, wholeNumber, type Kind } from './option.ts';
import { configurationOf, concurrencyOf, parseConfiguration, parseStrategy } from './configuration.ts';
import { readInputs, tooManyInputs } from './read-inputs.ts';

/** Path of a module; narrow enough for the compiler to find a misspelled strategy. */
type ModulePath = `.${string}` | `/${string}` | `file:${string}`;
/** One configuration, written as in cell ids: `event-loop@1x8`, `worker-threads@4`. */
type ConfigurationName =
  | `${BuiltInStrategy | QueueStrategy | ServerStrategy}@${number}`
  | `${BuiltInStrategy | QueueStrategy}@${number}x${number | 'all'}`;
/** A strategy, one configuration of it, or the path of a custom strategy's module. */
export type GivenStrategy = BuiltInStrategy | QueueStrategy | ServerStrategy | ConfigurationName | ModulePath;

const isAsked = (value: unknown): value is AskedStrategy => isObject(value) && isText(value.kind);
const textOfStrategy = (value: AskedStrategy | string | number): string =>
  typeof value === 'object' ? writtenStrategy(value) : String(value);

/** Strategies in the order given; one given twice is an A/A test. */
export const strategies = list<AskedStrategy, readonly GivenStrategy[]>({
  type: 'GivenStrategy',
  isItem: isAsked,
  of: (items, name) =>
    items.map((item) => (typeof item === 'object' ? item : requireShipped(parseStrategy(String(item), name)))),
  write: textOfStrategy,
});

/** One strategy; a custom one is a path, since its name is not known yet. */
export const strategy = kind<AskedStrategy, AskedStrategy | string, GivenStrategy>('text', {
  type: 'GivenStrategy',
  must: 'a text',
  is: (value): value is AskedStrategy | string => isText(value) || isAsked(value),
  of: (value, name) => (typeof value === 'object' ? value : parseStrategy(value, name)),
  parse: (given, name) => parseStrategy(last(given), name),
  write: (value) => [textOfStrategy(value)],
});

/** Pool sizes: `1,2,4`, `1..8`, `cores` and `2*cores`. */
export const poolSizes = listOfPoolSizes((sizes) => sizes);

/** Limited because each of them is simulated a hundred times. */
const MOST_SIMULATED = 64;
export const fewPoolSizes = listOfPoolSizes((sizes, name) => {
  if (sizes.length <= MOST_SIMULATED) return sizes;
  throw invalid(name, `${sizes.length} sizes`, `at most ${MOST_SIMULATED}, such as 8,16,32,64`);
});

function listOfPoolSizes(
  limited: (sizes: readonly PoolSize[], name: string) => readonly PoolSize[],
): Kind<readonly PoolSize[], readonly (string | number)[]> {
  return list<PoolSize>({
    type: 'number | string',
    isItem: (item): item is PoolSize => isObject(item) && typeof item.perCore === 'number',
    of: (items, name) => limited(distinct(items.flatMap((item) => sizesIn(item, name))), name),
    write: writePoolSize,
  });
}

function sizesIn(item: PoolSize | string, name: string): readonly PoolSize[] {
  if (typeof item === 'object') return [item];
  const written = String(item);
  const multiple = /^(?:([1-9]\d*)\*)?cores$/.exec(written);
  if (multiple !== null) return [{ perCore: Number(multiple[1] ?? 1) }];
  const [, first = written, end = first] = /^(\d+)\.\.(\d+)$/.exec(written) ?? [];
  const [from, to] = [Number(first), Number(end)];
  if (!/^\d+$/.test(first) || from < 1 || to < from || to > LARGEST_POOL) throw noPoolSize(item, name);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Concurrencies: `1,4,all`. */
export const concurrency = list<Concurrency, readonly Concurrency[]>({
  type: "number | 'all'",
  of: (items, name) => distinct(items.map((item) => concurrencyOf(item, name))),
});

/** Sizes of libuv's pool. */
export const uvThreadSizes = list<number, readonly number[]>({
  type: 'number',
  of: (items, name) => distinct(items.map((item) => wholeNumber(item, name, 1, LARGEST_POOL))),
});

/** Numbers of machines beside this one. */
export const machineCounts = list<number, readonly number[]>({
  type: 'number',
  of: (items, name) => distinct(items.map((item) => wholeNumber(item, name, 0, MOST_MACHINES))),
});

/** One configuration; in code an object with its parts. */
export const configuration = kind<
  Configuration,
  Pick<Configuration, 'strategy'> & Partial<Configuration>,
  GivenConfiguration
>('text', {
  type: '{ strategy; poolSize?; concurrency? }',
  must: 'an object with a strategy and, where it has a pool, a poolSize',
  is: (value): value is Pick<Configuration, 'strategy'> & Partial<Configuration> =>
    isObject(value) && isText(value.strategy),
  of: configurationOf,
  parse: (given, name) => parseConfiguration(last(given), name),
  write: (value) => [configurationId(configurationOf(value, 'current'))],
});

export interface GivenConfiguration {
  readonly strategy: BuiltInStrategy;
  readonly poolSize?: number;
  readonly concurrency?: Concurrency;
}

const asJson = (must: string, is: (value: unknown) => value is unknown): Kind<unknown> =>
  kind('text', {
    type: 'unknown',
    must,
    is,
    of: (value) => value,
    parse: (given, name) => valueIn(last(given), name),
    write: (value) => [JSON.stringify(value)],
  });

/** Any data, written as JSON on the command line. */
export const anything = asJson('data that can be cloned', (value): value is unknown => isCloneable(value));
/** A value that JSON can represent. */
export const json = asJson('a value that JSON can represent', (value): value is unknown =>
  isText(JSON.stringify(value)),
);

function valueIn(given: string, name: string): unknown {
  const parsed = parseJson(given);
  if ('value' in parsed) return parsed.value;
  throw new LanewiseError(
    'usage',
    `Invalid ${name}: it ${parsed.problem}. ${given.startsWith('@') ? `For a file: --inputs ${given.slice(1)}` : `Write it as ${name} '{"n": 40}' or ${name} '"text"', with both kinds of quotes.`}`,
  );
}

/** Inputs, one for each task; on the command line a file. */
export const inputs = kind('text', {
  type: 'readonly unknown[]',
  must: 'a list',
  is: (value): value is readonly unknown[] => Array.isArray(value),
  of: (found, name) => {
    const unsendable = isCloneable(found) ? -1 : found.findIndex((input) => !isCloneable(input));
    if (unsendable !== -1)
      throw new LanewiseError(
        'usage',
        `${name} must be data that can be cloned: that of task ${unsendable + 1} cannot.`,
      );
    return counted(found, name);
  },
  parse: (given, name) => counted(readInputs(last(given)), name),
});

function counted(found: readonly unknown[], name: string): readonly unknown[] {
  if (found.length === 0)
    throw new LanewiseError('usage', `Invalid ${name}: the list is empty. Give at least one input.`);
  if (found.length > MOST_TASKS) throw tooManyInputs(name);
  return found;
}

/** Every task is sent to the process that runs its configuration. */
function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** Values of each param to measure, by its name. */
type Scans = Readonly<Record<string, readonly unknown[]>>;

/** Values of params; in code a value or a list of values by the name of each. */
export const params = kind<Scans, Readonly<Record<string, unknown>>>('texts', {
  type: 'Readonly<Record<string, unknown>>',
  must: 'an object with a value, or a list of values, for each param',
  is: isObject,
  of: (given) =>
    Object.fromEntries(
      Object.entries(given).map(([name, value]): [string, readonly unknown[]] => [
        name,
        Array.isArray(value) ? value : [value],
      ]),
    ),
  parse: parseParams,
  write: (given) =>
    Object.entries(given).map(
      ([name, values]) =>
        `${name}=${[values]
          .flat()
          .map((value) => JSON.stringify(value))
          .join(',')}`,
    ),
});

/** Parses `name=v1,v2`. */
function parseParams(given: readonly string[]): Scans {
  const scans = new Map<string, readonly unknown[]>();
  for (const one of given) {
    const [, name, values = ''] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (name === undefined || values === '')
      throw new LanewiseError(
        'usage',
        `Invalid --param "${one}": expected name=value, for example --param bytes=1024,65536.`,
      );
    if (scans.has(name))
      throw new LanewiseError(
        'usage',
        `Invalid --param "${name}": given twice. List its values once, as --param ${name}=1,2.`,
      );
    scans.set(name, valuesIn(values));
  }
  return Object.fromEntries(scans);
}

/** Splits values at commas, without duplicates; a JSON list or object is one value. */
function valuesIn(given: string): readonly unknown[] {
  return /^[[{]/.test(given) ? [valueOf(given)] : distinct(given.split(',').map(valueOf));
}

/** Parses numbers, booleans and JSON; anything else is text. */
function valueOf(given: string): unknown {
  const parsed = parseJson(given);
  return 'value' in parsed ? parsed.value : given;
}
