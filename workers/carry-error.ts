import { serialize } from 'node:v8';
import { isError } from './describe-error.ts';

/**
 * A thrown value on its way from a child to its parent. Structured clone would lose the names of custom classes, `code`
 * and, on older versions of Node, `cause`.
 */
export type CarriedError =
  | { readonly kind: 'error'; readonly error: ErrorFields }
  /** Not an Error: sent unchanged. */
  | { readonly kind: 'value'; readonly value: unknown };

interface ErrorFields {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Its own properties with plain values: `code`, `errno`, `path` and the like. */
  readonly fields: Readonly<Record<string, Plain>>;
  readonly cause?: CarriedError;
  /** The list `errors` of an AggregateError, or of another class that has one. */
  readonly errors?: readonly CarriedError[];
  readonly isAggregate?: true;
}

type Plain = string | number | bigint | boolean | null | undefined;

/** Causes may form a cycle. */
const MOST_CAUSES = 8;

/** Never throws, even if a getter of the thrown value does. */
export function carryError(thrown: unknown, depth = 0): CarriedError {
  if (!isError(thrown)) return { kind: 'value', value: thrown };
  try {
    const { name, message, stack, cause } = thrown;
    const errors: unknown = Reflect.get(thrown, 'errors');
    const isDeep = depth >= MOST_CAUSES;
    return {
      kind: 'error',
      error: {
        name: textOf(name),
        message: textOf(message),
        ...(typeof stack === 'string' && { stack }),
        fields: plainFieldsOf(thrown),
        ...(cause !== undefined && !isDeep && { cause: carryNested(cause, depth) }),
        ...(Array.isArray(errors) && !isDeep && { errors: errors.map((one) => carryNested(one, depth)) }),
        ...(thrown instanceof AggregateError && { isAggregate: true }),
      },
    };
  } catch {
    return unreadable('an error was thrown that cannot be read');
  }
}

/** A value that is not an Error may not be cloneable, and would prevent sending the error that it belongs to. */
function carryNested(thrown: unknown, depth: number): CarriedError {
  if (isError(thrown)) return carryError(thrown, depth + 1);
  return isPlain(thrown) || isSendable(thrown) ? { kind: 'value', value: thrown } : unreadable(textOf(thrown));
}

function isSendable(value: unknown): boolean {
  try {
    serialize(value);
    return true;
  } catch {
    return false;
  }
}

export function unreadable(message: string): CarriedError {
  return { kind: 'error', error: { name: 'Error', message, fields: {} } };
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'a value that cannot be shown';
  }
}

function plainFieldsOf(thrown: Error): Record<string, Plain> {
  const own = Object.entries(thrown).filter((field): field is [string, Plain] => isPlain(field[1]));
  // For a DOMException, `code` is a getter of its class.
  const code: unknown = Reflect.get(thrown, 'code');
  return { ...Object.fromEntries(own), ...(isPlain(code) && code !== undefined && { code }) };
}

function isPlain(value: unknown): value is Plain {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
}

/** Classes that survive; an error of a custom class becomes an Error with its name. */
const CLASSES: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Recreates the thrown value in the parent. */
export function reviveError(carried: CarriedError): unknown {
  if (carried.kind === 'value') return carried.value;
  const { name, message, stack, fields, cause, errors, isAggregate } = carried.error;
  const options = cause === undefined ? undefined : { cause: reviveError(cause) };
  const parts = errors?.map(reviveError);
  const made =
    isAggregate === true
      ? new AggregateError(parts ?? [], message, options)
      : Object.assign(new (CLASSES[name] ?? Error)(message, options), parts && { errors: parts });
  const hidden = { enumerable: false, writable: true, configurable: true };
  if (made.name !== name) Object.defineProperty(made, 'name', { ...hidden, value: name });
  Object.defineProperty(made, 'stack', { ...hidden, value: stack ?? `${name}: ${message}` });
  return Object.assign(made, fields);
}
