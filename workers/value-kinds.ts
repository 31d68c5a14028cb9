// Taken before any workload is loaded.
const { getPrototypeOf, hasOwn, keys } = Object;
const { isArray } = Array;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is data that consists of no parts. */
export function isScalar(value: unknown): boolean {
  return typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol';
}

/** Whether an object is a plain record, not an instance of a class, in this realm or another one. */
export function isPlain(value: object): boolean {
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === null) return true;
  // An `Object.prototype`, or an object without one that is used as a prototype for records.
  return typeof prototype === 'object' && (hasOwn(prototype, 'hasOwnProperty') || !('constructor' in prototype));
}

/** Whether an output has anything in it, which shows that work was done: not `undefined`, `null`, `[]` or `{}`. */
export function hasContent(output: unknown): boolean {
  if (typeof output !== 'object') return output !== undefined;
  try {
    if (output === null) return false;
    if (isArray(output)) return output.length > 0;
    return !isPlain(output) || keys(output).length > 0;
  } catch {
    // A proxy may throw.
    return true;
  }
}

/** Whether `await` would wait for the value. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (isObject(value) || typeof value === 'function') && 'then' in value && typeof value.then === 'function';
}
