import { move } from 'piscina';
import { describe, expect, it } from 'vitest';
import { movedBy } from '../../dist/workers/movable.js';

describe('an output of Piscina.move', () => {
  it('is unwrapped, and any other output is not', () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    expect(movedBy(move(buffer))).toEqual({ value: buffer, transfer: [buffer] });
    expect(movedBy(move(view))).toEqual({ value: view, transfer: [buffer] });
    for (const output of [buffer, view, undefined, null, 1, 'text', {}, []]) expect(movedBy(output)).toBeUndefined();
  });

  it('may be an object that lists what to move', () => {
    const buffer = new ArrayBuffer(8);
    const own = {
      [Symbol.for('Piscina.transferable')]: [buffer],
      [Symbol.for('Piscina.valueOf')]: { buffer },
    };
    // Piscina copies it unless it is passed to `move`.
    expect(movedBy(own)).toBeUndefined();
    move(own as never);
    expect(movedBy(own)).toEqual({ value: { buffer }, transfer: [buffer] });
  });
});
