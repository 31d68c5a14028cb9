import { move } from 'piscina';
import { describe, expect, it } from 'vitest';
import { movedBy } from '../../dist/workers/movable.js';

describe('an output that is moved', () => {
  it('is a buffer that a task has wrapped in Piscina.move, and nothing else', () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    expect(movedBy(move(buffer))).toEqual({ value: buffer, transfer: [buffer] });
    expect(movedBy(move(view))).toEqual({ value: view, transfer: [buffer] });
    for (const output of [buffer, view, undefined, null, 1, 'text', {}, []]) expect(movedBy(output)).toBeUndefined();
  });

  it('may be an object that says itself what of it is moved', () => {
    const buffer = new ArrayBuffer(8);
    const own = {
      [Symbol.for('Piscina.transferable')]: [buffer],
      [Symbol.for('Piscina.valueOf')]: { buffer },
    };
    // Piscina copies it as long as it is not given to move.
    expect(movedBy(own)).toBeUndefined();
    move(own as never);
    expect(movedBy(own)).toEqual({ value: { buffer }, transfer: [buffer] });
  });
});
