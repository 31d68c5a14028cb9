import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../dist/workers/digest.js';

describe('digestOf', () => {
  it('shows small values as they are', () => {
    expect([undefined, null, true, 1.5, -0, Number.NaN, 7n, 'a"b', [1, [2]], { b: 1, a: 2 }].map(digestOf)).toEqual([
      'undefined',
      'null',
      'true',
      '1.5',
      '-0',
      'NaN',
      '7n',
      '"a\\"b"',
      '[1,[2]]',
      '{"a":2,"b":1}',
    ]);
  });

  it('does not care in which order the fields of an object were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        expect(digestOf(Object.fromEntries(Object.entries(record).toReversed()))).toBe(digestOf(record));
      }),
    );
  });

  it('is the same on both sides of a structured clone', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: false,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(digestOf(structuredClone(value))).toBe(digestOf(value));
      }),
    );
  });

  it('tells different values apart, large ones too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(digestOf(a) === digestOf(b)).toBe(isDeepStrictEqual(a, b));
      }),
    );
    const bytes = new Uint8Array(100_000);
    const other = new Uint8Array(bytes);
    other[99_999] = 1;
    expect(digestOf(bytes)).not.toBe(digestOf(other));
    expect(digestOf('x'.repeat(1000))).not.toBe(digestOf(`${'x'.repeat(999)}y`));
  });

  it('takes a Buffer for the Uint8Array that it arrives as', () => {
    expect(digestOf(Buffer.from('abc'))).toBe(digestOf(new Uint8Array([97, 98, 99])));
  });

  it('comes to an end in a cycle', () => {
    const loop: unknown[] = [1];
    loop.push(loop);
    expect(digestOf(loop)).toBe('[1,^0]');
  });

  it.each([() => 1, Symbol('s'), { f: () => 1 }, Promise.resolve(1), [Promise.resolve(1)]])(
    'refuses what has no structure',
    (value) => {
      expect(() => digestOf(value)).toThrow(/has no digest: /);
    },
  );
});
