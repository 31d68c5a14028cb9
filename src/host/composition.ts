import { Buffer } from 'node:buffer';
import { types } from 'node:util';
import type { Composition } from '../model/schema/host-reply.ts';
import { isPlain } from '../../workers/value-kinds.ts';
import { isOfNode, isPartial } from './views.ts';

/** Which kinds of values inputs consist of, as far as copying them depends on it. */
export function compositionOf(values: readonly unknown[]): Composition {
  const found = {
    buffers: false,
    instances: false,
    shared: false,
    partialViews: false,
    isCopyable: true,
    areOne: values.every((value) => value === values[0]),
  };
  const seen = new Set<unknown>();
  const waiting: unknown[] = [...values];
  const add = (...items: readonly unknown[]): void => {
    for (const item of items) if (isReference(item)) waiting.push(item);
  };
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'function' || typeof value === 'symbol') found.isCopyable = false;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      found.buffers ||= Buffer.isBuffer(value);
      found.shared ||= types.isSharedArrayBuffer(value.buffer);
      found.partialViews ||= isPartial(value);
      if (!isOfNode(value)) Object.assign(found, { instances: true, isCopyable: false });
    } else if (types.isSharedArrayBuffer(value)) found.shared = true;
    else if (types.isMap(value)) {
      for (const [key, item] of value) add(key, item);
    } else if (types.isSet(value) || Array.isArray(value)) {
      for (const item of value as Iterable<unknown>) add(item);
    } else if (!isImmutable(value)) {
      if (!isPlain(value)) Object.assign(found, { instances: true, isCopyable: false });
      // Descriptors, since reading a getter would run the workload's code.
      if (!types.isProxy(value))
        for (const { value: field } of Object.values(Object.getOwnPropertyDescriptors(value))) add(field);
    }
  }
  return found;
}

function isImmutable(value: object): boolean {
  return (
    types.isArrayBuffer(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isBoxedPrimitive(value) ||
    types.isNativeError(value)
  );
}

function isReference(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol';
}
