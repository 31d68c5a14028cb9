/** Copies inputs and preserves what they are: a Buffer stays a Buffer, and copies share what their originals share. */
import { types } from 'node:util';
import { serialize } from 'node:v8';
import { isPlain } from '../../workers/value-kinds.ts';
import { isOfNode, isPartial, viewLike } from './views.ts';

/** More than this is shared by the tasks that have the same input, as a program would: copies take memory and time. */
const MOST_COPIED_BYTES = 32 * 2 ** 20;

/** Whether the inputs that several tasks have are small enough for a copy each; so are those that none shares. */
export function areSmall(values: readonly unknown[]): boolean {
  const uses = new Map<object, number>();
  for (const value of values)
    if (typeof value === 'object' && value !== null) uses.set(value, (uses.get(value) ?? 0) + 1);
  try {
    const shared = [...uses].filter(([, count]) => count > 1);
    return shared.reduce((sum, [value, count]) => sum + count * serialize(value).byteLength, 0) <= MOST_COPIED_BYTES;
  } catch {
    // It cannot be copied at all.
    return false;
  }
}

/**
 * Copies inputs so that each task has one of its own, as each message to a worker is: where the same object is the input
 * of several tasks, one that changes it would leave the others less to do. Parts of different inputs stay shared.
 */
export function ownCopiesOf(values: readonly unknown[]): readonly unknown[] {
  const taken = new Set<unknown>();
  return copyOf(values).map((made, index) => {
    if (typeof made !== 'object' || made === null) return made;
    if (taken.has(made)) return copyOf([values[index]])[0];
    taken.add(made);
    return made;
  });
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
