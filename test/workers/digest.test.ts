import { isDeepStrictEqual } from 'node:util';
import { runInNewContext, runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, unfinishedKind } from '../../dist/workers/digest.js';

interface GridNode {
  id: number;
  distance: number;
  near: GridNode[];
}

/** A grid of nodes, each of which refers to its neighbours. */
function gridOf(size: number): GridNode[] {
  const nodes = Array.from({ length: size * size }, (_, id): GridNode => ({ id, distance: id % 7, near: [] }));
  for (const node of nodes)
    node.near = [node.id - 1, node.id + 1, node.id - size, node.id + size].flatMap((id) => nodes[id] ?? []);
  return nodes;
}

describe('digestOf', () => {
  it('shows small values unchanged', () => {
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

  it('ignores the order in which fields of an object were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        expect(digestOf(Object.fromEntries(Object.entries(record).toReversed()))).toBe(digestOf(record));
      }),
    );
  });

  it('is equal before and after structured clone', () => {
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

  it('differs for different values, even large ones', () => {
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

  it('treats a Buffer as the Uint8Array that it becomes', () => {
    expect(digestOf(Buffer.from('abc'))).toBe(digestOf(new Uint8Array([97, 98, 99])));
  });

  it('terminates on a cycle', () => {
    const loop: unknown[] = [1];
    loop.push(loop);
    expect(digestOf(loop)).toBe('[1,^0]');
  });

  it('takes time in proportion to the size of a value, however often its parts refer to each other', () => {
    let shared: object = { end: 1 };
    let copied: object = { end: 1 };
    for (let level = 0; level < 10; level++) {
      shared = { a: shared, b: shared };
      copied = { a: copied, b: structuredClone(copied) };
    }
    // Equal objects have equal digests, whether they are one or several.
    expect(digestOf(shared)).toBe(digestOf(copied));
    for (let level = 0; level < 100; level++) shared = { a: shared, b: shared };
    const grid = gridOf(100);
    expect(digestOf(shared)).not.toBe(digestOf(grid));
    expect(digestOf(grid)).toBe(digestOf(gridOf(100)));
    const other = gridOf(100);
    const [node] = other;
    if (node !== undefined) node.distance += 1;
    expect(digestOf(grid)).not.toBe(digestOf(other));
  });

  it('handles very deep nesting', () => {
    const listOf = (length: number): object => {
      let list: object = {};
      for (let level = 0; level < length; level++) list = { list };
      return list;
    };
    expect(digestOf(listOf(100_000))).toBe(digestOf(listOf(100_000)));
    expect(digestOf(listOf(100_000))).not.toBe(digestOf(listOf(100_001)));
  });

  it('is equal for an equal value of another realm', () => {
    const script = '[new Map([[1, new Date(0)]]), new Error("e"), { a: new Set([/x/]) }, new Uint8Array([1])]';
    const here: unknown = runInThisContext(script);
    expect(digestOf(runInNewContext(script))).toBe(digestOf(here));
  });

  it('treats an object without a real prototype as a record', () => {
    function NullObject(this: object): void {}
    NullObject.prototype = Object.create(null) as object;
    const empty: unknown = Reflect.construct(NullObject, []);
    expect(digestOf(empty)).toBe('{}');
  });

  it.each([
    () => 1,
    Symbol('s'),
    { f: () => 1 },
    Promise.resolve(1),
    [Promise.resolve(1)],
    runInThisContext('({ then() {} })'),
    (function* () {})(),
    [[1].values()],
    new Map([[1, 2]]).entries(),
    { deep: (async function* () {})() },
    new URL('http://localhost/'),
    new WeakMap(),
  ])('refuses values without structure', (value) => {
    expect(() => digestOf(value)).toThrow(/has no digest: /);
  });

  it.each([
    [() => 1, 'a function has no digest: return data, since no worker could send it'],
    [[1, { 'on load': () => 1 }], 'a function at [1]."on load" has no digest'],
    [
      { b: { list: [0, new WeakMap()] } },
      'a WeakMap, which shows no fields, at b.list[1] has no digest: return data, give the workload a `digest` function',
    ],
    [{ a: [[[[[[[() => 1]]]]]]] }, 'a function at …[0][0][0][0][0][0] has no digest'],
  ])('names where a value without structure is', (value, message) => {
    expect(() => digestOf(value)).toThrow(message);
  });
});

it.each([
  ['a promise', Promise.resolve(1)],
  ['a generator', (function* () {})()],
  ['a stream or another async iterable', (async function* () {})()],
  ['a stream or another async iterable', new Blob(['x']).stream()],
  ['an iterator', [1].values()],
  [undefined, [1]],
])('a value that is yet to be computed is %s', (kind, value) => {
  expect(unfinishedKind(value)).toBe(kind);
});
