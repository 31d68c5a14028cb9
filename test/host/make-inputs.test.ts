import { expect, it } from 'vitest';
import { transferOf } from '../../dist/src/host/make-inputs.js';

const task = (input: unknown): unknown => input;

it('what `transfer` returns is a list of what can be moved, or refused in a sentence of its own', () => {
  const bytes = new Uint8Array(4);
  const list = transferOf({ task, transfer: (view: Uint8Array<ArrayBuffer>) => [view.buffer] });
  expect(list?.(bytes)).toEqual([bytes.buffer]);
  for (const wrong of [bytes, [bytes], bytes.buffer, undefined]) {
    const other = transferOf({ task, transfer: () => wrong as never });
    expect(() => other?.(bytes)).toThrow('`transfer` must return a list of ArrayBuffers or MessagePorts, such as');
  }
});
