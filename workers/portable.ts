/** Messages between different runtimes. */
import { parse, stringify } from 'devalue';
import type { Portable } from './frames.ts';
import { isObject } from './value-kinds.ts';

/**
 * JSON with names for what JSON cannot carry. What a structured clone keeps arrives, too: Buffers as such, and instances
 * of classes as plain objects.
 */
export const portable: Portable = {
  encode: (message) =>
    stringify(message, {
      // The results of these functions are wrapped, since a falsy one would mean "not mine".
      Buffer: (value: unknown) => Buffer.isBuffer(value) && [value.toString('base64')],
      Error: (value: unknown) => value instanceof Error && errorFields(value),
      Instance: (value: unknown) => isInstance(value) && { ...value },
      // Devalue refuses it as a name of a field.
      Entries: (value: unknown) => isObject(value) && Object.hasOwn(value, '__proto__') && Object.entries(value),
    }),
  decode: (text) =>
    parse(text, {
      Buffer: ([base64]: [string]) => Buffer.from(base64, 'base64'),
      Error: ({ name, message, ...rest }: Error) => Object.assign(new Error(message), { name }, rest),
      Instance: (fields: object) => fields,
      // Defines fields, so that one of this name does not set the prototype.
      Entries: (fields: readonly (readonly [string, unknown])[]) => Object.fromEntries(fields),
    }) as unknown,
};

/** The fields of an error that a structured clone keeps. */
function errorFields({ name, message, stack, cause }: Error): object {
  return { name, message, stack, ...(cause !== undefined && { cause }) };
}

/** Whether a value is an object of a class that no structured clone knows. */
function isInstance(value: unknown): value is object {
  if (!isObject(value) || Object.prototype.toString.call(value) !== '[object Object]') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null;
}
