import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carried, carry, isExactInJson } from '../../dist/workers/queue-values.js';

/** As the store of a queue does: through JSON. */
const stored = (value: unknown, isText = false): unknown =>
  carried(JSON.parse(JSON.stringify(carry(value, isText))) as ReturnType<typeof carry>);

describe('a value in a queue', () => {
  it('travels as it is if JSON preserves it', () => {
    for (const value of [null, true, 0, -1.5, '', 'ü\u0000', [], [1, [2]], {}, { a: { b: [null] } }])
      expect(carry(value, false)).toEqual(['value', value]);
  });

  it('travels as a text for a server that reorders keys and refuses characters', () => {
    expect(carry({ b: 1, a: '\u0000' }, true)).toEqual(['json', '{"b":1,"a":"\\u0000"}']);
    expect(Object.keys(stored({ b: 1, a: 2 }, true) as object)).toEqual(['b', 'a']);
  });

  it('travels as bytes if JSON would change it', () => {
    const shared = { one: 1 };
    const values = [
      undefined,
      Number.NaN,
      -0,
      10n,
      new Date(0),
      new Map([[1, 2]]),
      new Uint8Array([1]),
      [undefined],
      Object.assign([1], { extra: 2 }),
      { a: undefined },
      [shared, shared],
    ];
    for (const value of values) {
      expect(carry(value, false)[0]).toBe('bytes');
      expect(stored(value)).toEqual(value);
    }
    // A hole is what is tested.
    // oxlint-disable-next-line no-sparse-arrays
    expect(isExactInJson([, 1])).toBe(false);
    const [first, second] = stored([shared, shared]) as object[];
    expect(first).toBe(second);
  });

  it('may contain itself, or be deeper than the stack', () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    expect(stored(cyclic)).toHaveProperty('self.self.self');
    let deep: unknown[] = [];
    for (let level = 0; level < 1000; level++) deep = [deep];
    expect(carry(deep, false)[0]).toBe('bytes');
  });

  it('cannot be a function', () => {
    expect(() => carry({ call: () => 1 }, false)).toThrow('could not be cloned');
  });

  it('arrives as structured clone would copy it, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
        fc.boolean(),
        (value, isText) => {
          expect(stored(value, isText)).toEqual(structuredClone(value));
        },
      ),
      { seed: 24, numRuns: 500 },
    );
  });
});
