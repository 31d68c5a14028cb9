/** Copies inputs and preserves what they are: a Buffer stays a Buffer, and copies share what their originals share. */
import { Buffer } from 'node:buffer';
import { types } from 'node:util';
import type { Composition } from '../model/schema/host-reply.ts';
import { isPlain } from '../../workers/value-kinds.ts';

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

/**
 * Copies everything that a task could change. Other values than plain data (instances, streams, functions) stay the
 * same object, as in a program that passes them to a function.
 */
export function copyOf(values: readonly unknown[]): readonly unknown[] {
  const copies = new Map<object, object>();

  function copy(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    if (ArrayBuffer.isView(value)) return isOfNode(value) ? noted(value, copyView(value)) : value;
    if (types.isAnyArrayBuffer(value)) return copyMemory(value);
    if (types.isDate(value)) return noted(value, new Date(value.getTime()));
    // `lastIndex` is state, so a RegExp is copied.
    if (types.isRegExp(value)) return noted(value, new RegExp(value.source, value.flags));
    if (types.isMap(value)) {
      const map = noted(value, new Map<unknown, unknown>());
      for (const [key, item] of value) map.set(copy(key), copy(item));
      return map;
    }
    if (types.isSet(value)) {
      const set = noted(value, new Set<unknown>());
      for (const item of value) set.add(copy(item));
      return set;
    }
    if (Array.isArray(value)) return copyList(value);
    return !isPlain(value) || types.isProxy(value) ? value : copyFields(value);
  }

  function noted<Copy extends object>(value: object, made: Copy): Copy {
    copies.set(value, made);
    return made;
  }

  /** Item by item, since a list may hold a million; holes stay holes. */
  function copyList(list: readonly unknown[]): object {
    const made = noted<unknown[]>(list, []);
    made.length = list.length;
    for (let index = 0; index < list.length; index++) if (index in list) made[index] = copy(list[index]);
    return made;
  }

  function copyFields(value: object): object {
    const made = noted(value, Object.create(Object.getPrototypeOf(value) as object | null) as object);
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value)))
      Object.defineProperty(
        made,
        key,
        'value' in descriptor ? { ...descriptor, value: copy(descriptor.value) } : descriptor,
      );
    return made;
  }

  /** Copies only the viewed part of memory; shared memory whole, since other views may need it. */
  function copyView(view: ArrayBufferView): ArrayBufferView {
    if (isPartial(view)) {
      const bytes = new Uint8Array(view.byteLength);
      bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      return viewLike(view, bytes.buffer, 0);
    }
    return viewLike(view, copyMemory(view.buffer), view.byteOffset);
  }

  function copyMemory(memory: ArrayBufferLike): ArrayBufferLike {
    const known = copies.get(memory);
    if (known !== undefined) return known as ArrayBufferLike;
    if (!types.isSharedArrayBuffer(memory)) return noted(memory, memory.slice(0));
    const shared = noted(memory, new SharedArrayBuffer(memory.byteLength));
    new Uint8Array(shared).set(new Uint8Array(memory));
    return shared;
  }

  return values.map(copy);
}

function viewLike(view: ArrayBufferView, memory: ArrayBufferLike, offset: number): ArrayBufferView {
  if (Buffer.isBuffer(view)) return Buffer.from(memory, offset, view.byteLength);
  if (types.isDataView(view)) return new DataView(memory, offset, view.byteLength);
  const typed = view as Uint8Array;
  const Typed = typed.constructor as new (memory: ArrayBufferLike, offset: number, length: number) => ArrayBufferView;
  return new Typed(memory, offset, typed.length);
}

/** Excludes the workload's own classes, whose constructors may differ. */
function isOfNode(view: ArrayBufferView): boolean {
  const { constructor } = view;
  return Buffer.isBuffer(view) || Reflect.get(globalThis, constructor.name) === constructor;
}

function isPartial({ buffer, byteLength }: ArrayBufferView): boolean {
  return !types.isSharedArrayBuffer(buffer) && byteLength < buffer.byteLength;
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
