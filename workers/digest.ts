import { crc32 } from 'node:zlib';

/**
 * A short text that is equal for structurally equal values: what proves that every cell did the same work.
 *
 * Small values stand in it as they are; anything longer than {@link VERBATIM_LIMIT} characters, and every binary
 * buffer, is its length and CRC-32. CRC-32 because a digest is taken of every output inside the timed batch: of 1 MiB it
 * takes about a quarter of the time that carrying the same buffer to a worker thread and back takes (docs/method.md).
 *
 * @throws TypeError for values that have no structure to compare: functions, symbols, promises.
 */
export function digestOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  const text = canonical(value, []);
  return text.length <= VERBATIM_LIMIT ? text : `#${text.length}:${crc32(text).toString(16)}`;
}

const VERBATIM_LIMIT = 64;

/** `ancestors` holds the objects that the value is inside of, outermost first. */
function canonical(value: unknown, ancestors: object[]): string {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return String(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'string':
      return value.length <= VERBATIM_LIMIT ? JSON.stringify(value) : `s${value.length}:${crc32(value).toString(16)}`;
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} has no digest: return data, or give the workload a digest function`);
    case 'object':
      return value === null ? 'null' : canonicalObject(value, ancestors);
  }
}

function canonicalObject(value: object, ancestors: object[]): string {
  const depth = ancestors.indexOf(value);
  if (depth !== -1) return `^${depth}`;
  ancestors.push(value);
  const text = contentOf(value, ancestors);
  ancestors.pop();
  return text;
}

function contentOf(value: object, ancestors: object[]): string {
  const inner = (item: unknown): string => canonical(item, ancestors);
  if (Array.isArray(value)) return `[${value.map(inner).join(',')}]`;
  if (ArrayBuffer.isView(value)) {
    return bytesDigest(viewName(value), new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer)
    return bytesDigest('ArrayBuffer', new Uint8Array(value));
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map) return `Map{${[...value].map(([key, item]) => `${inner(key)}=>${inner(item)}`).join(',')}}`;
  if (value instanceof Set) return `Set{${[...value].map(inner).join(',')}}`;
  if (value instanceof Error) return `Error(${JSON.stringify(value.name)},${JSON.stringify(value.message)})`;
  // All promises look alike, so that a digest of one would prove nothing.
  if (value instanceof Promise)
    throw new TypeError('a promise has no digest: await it, a digest function must not be async');
  const record = value as Readonly<Record<string, unknown>>;
  const fields = Object.keys(record).toSorted();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${inner(record[field])}`).join(',')}}`;
}

/** A Buffer counts as the Uint8Array that it becomes on its way through structured clone. */
function viewName(view: ArrayBufferView): string {
  return view instanceof Uint8Array ? 'Uint8Array' : Object.prototype.toString.call(view).slice(8, -1);
}

function bytesDigest(kind: string, bytes: Uint8Array): string {
  return `${kind}(${bytes.byteLength}:${crc32(bytes).toString(16)})`;
}
