import { types } from 'node:util';
import { crc32 } from 'node:zlib';
import { isPlain } from './value-kinds.ts';

// Taken before any workload is loaded, which could patch them and distort the comparison.
const { stringify } = JSON;
const { keys: keysOf } = Object;
const { isArray } = Array;

const VERBATIM_LIMIT = 64;
const REMEDY = 'return data, give the workload a `digest` function, or use --verify off';
/** A worker sends the output, whatever is compared of it. */
const NOT_SENT = 'return data, since no worker could send it; on the event loop alone, --verify off measures it';

function shortened(text: string): string {
  return text.length <= VERBATIM_LIMIT ? text : `#${text.length}:${crc32(text).toString(16)}`;
}

/** An object that has been visited. */
interface Visited {
  /** From 0, in the order of visits. */
  readonly number: number;
  /** Its text, once it is complete and unless it refers to an object that contains it. */
  text?: string;
}

/** The parts of an object, and the text around them. */
interface Content {
  readonly start: string;
  readonly parts: readonly unknown[];
  /** The text before each part. */
  readonly leads: readonly string[];
  readonly end: string;
}

/** An object whose parts are being visited, and its text so far. */
interface Open extends Omit<Content, 'start'> {
  readonly visited: Visited;
  next: number;
  text: string;
  /** The lowest number of the unfinished objects that it refers to. */
  lowest: number;
}

/**
 * Computes a short text that is equal for structurally equal values, which proves that all cells did the same work.
 *
 * Small values appear unchanged; anything longer than {@link VERBATIM_LIMIT} characters, and every binary buffer, is
 * replaced by its length and CRC-32. Takes time in proportion to the size of the value, since every object is visited
 * once. An object outside cycles is compared by content, so it makes no difference whether equal objects are one or
 * several; a repeated object in a cycle is compared by its number. Not recursive, so that a linked list of 100,000
 * nodes does not overflow the stack.
 *
 * @throws TypeError for values that have no structure to compare: functions, symbols, promises, generators, streams,
 * and objects without visible fields
 */
export function digestOf(root: unknown): string {
  const all = new Map<object, Visited>();
  const open: Open[] = [];

  /** Undefined for an object that must be visited first: it is open then. */
  function textOrOpen(value: unknown): string | undefined {
    if (typeof value !== 'object' || value === null) return primitiveText(value, open);
    const known = all.get(value);
    if (known?.text !== undefined) return known.text;
    if (known !== undefined) {
      const around = open.at(-1);
      if (around !== undefined) around.lowest = Math.min(around.lowest, known.number);
      return `^${known.number}`;
    }
    const visited: Visited = { number: all.size };
    all.set(value, visited);
    const leaf = leafText(value);
    if (leaf !== undefined) return (visited.text = leaf);
    const { start, parts, leads, end } = contentOf(value, open);
    open.push({ visited, parts, leads, end, next: 0, text: start, lowest: Number.POSITIVE_INFINITY });
    return undefined;
  }

  function add(text: string): void {
    const around = open.at(-1);
    if (around === undefined) return;
    around.text += (around.leads[around.next] ?? ',') + text;
    around.next += 1;
  }

  const whole = textOrOpen(root);
  if (whole !== undefined) return whole;
  for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
    if (last.next < last.parts.length) {
      const text = textOrOpen(last.parts[last.next]);
      if (text !== undefined) add(text);
      continue;
    }
    open.pop();
    const text = shortened(last.text + last.end);
    const around = open.at(-1);
    if (last.lowest >= last.visited.number) last.visited.text = text;
    // Only references to objects outside matter to the object around it.
    else if (around !== undefined) around.lowest = Math.min(around.lowest, last.lowest);
    if (around === undefined) return text;
    add(text);
  }
  throw new Error('a value has no end');
}

function primitiveText(value: unknown, around: readonly Open[]): string {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'string':
      return value.length <= VERBATIM_LIMIT ? stringify(value) : `s${value.length}:${crc32(value).toString(16)}`;
    case 'function':
    case 'symbol':
      throw noDigest(`a ${typeof value}`, around, NOT_SENT);
    default:
      return String(value);
  }
}

/** The text of an object that contains no others. */
function leafText(value: object): string | undefined {
  if (ArrayBuffer.isView(value))
    return bytesDigest(viewName(value), new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (types.isAnyArrayBuffer(value)) return bytesDigest('ArrayBuffer', new Uint8Array(value));
  if (types.isDate(value)) return `Date(${value.getTime()})`;
  if (types.isRegExp(value)) return String(value);
  if (types.isNativeError(value)) return shortened(`Error(${stringify(value.name)},${stringify(value.message)})`);
  if (types.isBoxedPrimitive(value)) return shortened(`Object(${String(value.valueOf())})`);
  return undefined;
}

function contentOf(value: object, around: readonly Open[]): Content {
  if (isArray(value)) return { start: '[', parts: value, leads: [''], end: ']' };
  if (types.isSet(value)) return { start: 'Set{', parts: [...value], leads: [''], end: '}' };
  if (types.isMap(value)) {
    const parts = Array.from(value).flatMap((entry): unknown[] => entry);
    return {
      start: 'Map{',
      parts,
      leads: parts.map((_, index) => (index % 2 === 1 ? '=>' : index === 0 ? '' : ',')),
      end: '}',
    };
  }
  const unfinished = unfinishedKind(value);
  if (unfinished !== undefined) throw noDigest(unfinished, around, NOT_SENT);
  const record = value as Readonly<Record<string, unknown>>;
  const fields = keysOf(record).toSorted();
  if (fields.length === 0 && !isPlain(value))
    throw noDigest(`${nameOf(value)}, which shows no fields,`, around, REMEDY);
  return {
    start: '{',
    parts: fields.map((field) => record[field]),
    leads: fields.map((field, index) => `${index === 0 ? '' : ','}${stringify(field)}:`),
    end: '}',
  };
}

/**
 * Describes a value that is computed later or on demand, such as a promise: nothing of it has been computed yet, and it
 * cannot be sent to another thread or process. Undefined for data.
 */
export function unfinishedKind(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('then' in value && typeof value.then === 'function') return 'a promise';
  if (Symbol.asyncIterator in value) return 'a stream or another async iterable';
  if (types.isGeneratorObject(value)) return 'a generator';
  if ('next' in value && typeof value.next === 'function' && Symbol.iterator in value) return 'an iterator';
  return undefined;
}

/** @param around the objects that contain it, the outermost first */
function noDigest(what: string, around: readonly Open[], remedy: string): TypeError {
  return new TypeError(`${what}${placeIn(around)} has no digest: ${remedy}`);
}

const MOST_STEPS = 6;

/** ` at pages[2]."on load"`; empty for the whole value. */
function placeIn(around: readonly Open[]): string {
  const steps = around.slice(-MOST_STEPS).map(({ leads, next }) => {
    const field = /^,?(".*"):$/.exec(leads[next] ?? '')?.[1];
    // The parts of a Map are keys and values in turns.
    if (field === undefined) return `[${leads.includes('=>') ? Math.floor(next / 2) : next}]`;
    const isName = /^"[\w$]+"$/.test(field);
    return `.${isName ? field.slice(1, -1) : shortened(field)}`;
  });
  if (steps.length === 0) return '';
  return ` at ${around.length > MOST_STEPS ? '…' : ''}${steps.join('').replace(/^\./, '')}`;
}

function nameOf(value: object): string {
  const name: unknown = Reflect.get(Reflect.get(value, 'constructor') ?? {}, 'name');
  return typeof name === 'string' && name !== '' ? `a ${name}` : 'an object';
}

/** A Buffer counts as the Uint8Array that structured clone makes of it. */
function viewName(view: ArrayBufferView): string {
  return view instanceof Uint8Array ? 'Uint8Array' : Object.prototype.toString.call(view).slice(8, -1);
}

function bytesDigest(kind: string, bytes: Uint8Array): string {
  return `${kind}(${bytes.byteLength}:${crc32(bytes).toString(16)})`;
}
