/** Views of memory: buffers and typed arrays. */
import { Buffer } from 'node:buffer';
import { types } from 'node:util';

/** Makes a view of the same type, and length, on other memory. */
export function viewLike(view: ArrayBufferView, memory: ArrayBufferLike, offset: number): ArrayBufferView {
  if (Buffer.isBuffer(view)) return Buffer.from(memory, offset, view.byteLength);
  if (types.isDataView(view)) return new DataView(memory, offset, view.byteLength);
  const typed = view as Uint8Array;
  const Typed = typed.constructor as new (memory: ArrayBufferLike, offset: number, length: number) => ArrayBufferView;
  return new Typed(memory, offset, typed.length);
}

/** Excludes the workload's own classes, whose constructors may differ. */
export function isOfNode(view: ArrayBufferView): boolean {
  const { constructor } = view;
  return Buffer.isBuffer(view) || Reflect.get(globalThis, constructor.name) === constructor;
}

/** Shows only a part of its memory. */
export function isPartial({ buffer, byteLength }: ArrayBufferView): boolean {
  return !types.isSharedArrayBuffer(buffer) && byteLength < buffer.byteLength;
}
