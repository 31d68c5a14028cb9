/** How inputs and outputs travel through a queue, which stores JSON: those that JSON changes go as bytes. */
import { deserialize, serialize } from 'node:v8';

/** A value as it is, as the text of its JSON, or as the bytes of structured clone in base64. */
export type Carried =
  | readonly [how: 'value', value: unknown]
  | readonly [how: 'json', json: string]
  | readonly [how: 'bytes', base64: string];

/**
 * @param isText carry JSON as a text, for a server that reorders the keys of objects and refuses some characters
 * @throws if the value cannot be cloned
 */
export function carry(value: unknown, isText: boolean): Carried {
  if (!isExactInJson(value)) return ['bytes', serialize(value).toString('base64')];
  return isText ? ['json', JSON.stringify(value)] : ['value', value];
}

export function carried([how, given]: Carried): unknown {
  switch (how) {
    case 'value':
      return given;
    case 'json':
      return JSON.parse(given) as unknown;
    case 'bytes':
      return deserialize(Buffer.from(given, 'base64'));
    default:
      return how satisfies never;
  }
}

/** Whether JSON preserves a value as structured clone does, which knows an object that occurs twice. */
export function isExactInJson(value: unknown): boolean {
  return isExact(value, new Set(), DEEPEST);
}

/** Deeper values could exhaust the stack of whoever reads their JSON. */
const DEEPEST = 200;

function isExact(value: unknown, seen: Set<object>, levels: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || isExactObject(value, seen, levels - 1);
    default:
      return false;
  }
}

function isExactObject(value: object, seen: Set<object>, levels: number): boolean {
  if (levels < 0 || seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value)) {
    // An array may have holes, or properties with names.
    if (Object.keys(value).length !== value.length) return false;
    return value.every((item) => isExact(item, seen, levels));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((field) => isExact(field, seen, levels));
}
