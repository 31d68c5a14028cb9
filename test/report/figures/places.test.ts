import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logTicks, plainNumber } from '../../../dist/src/report/figures/log-axis.js';
import { placeNames } from '../../../dist/src/report/figures/name-blocks.js';

const FRAME = { widthPx: 400, heightPx: 260, reserved: [] };

describe('placeNames', () => {
  it('puts a name beside its sign', () => {
    const [block] = placeNames([{ name: 'a', xPx: 100, yPx: 100 }], FRAME);
    expect(block?.names[0]).toMatchObject({ xPx: 110, yPx: 100, anchor: 'start' });
    expect(block?.leader).toBeUndefined();
  });

  it('puts it on the other side where there is no room', () => {
    const [block] = placeNames([{ name: 'a-long-name', xPx: 395, yPx: 100 }], FRAME);
    expect(block?.names[0]).toMatchObject({ xPx: 385, anchor: 'end' });
  });

  it('lists the names of signs that lie upon each other', () => {
    const [block, ...others] = placeNames(
      ['a', 'b', 'c'].map((name, index) => ({ name, xPx: 100 + index, yPx: 100 })),
      FRAME,
    );
    expect(others).toEqual([]);
    expect(block?.names.map(({ item, yPx }) => [item.name, yPx])).toEqual([
      ['a', 87],
      ['b', 100],
      ['c', 113],
    ]);
  });

  it('names every sign once, wherever they are', () => {
    const signs = fc.array(
      fc.record({
        name: fc.string({ minLength: 1, maxLength: 25 }),
        xPx: fc.double({ min: 0, max: 400, noNaN: true }),
        yPx: fc.double({ min: 0, max: 260, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(signs, (items) => {
        const placed = placeNames(items, FRAME).flatMap(({ names }) => names.map(({ item }) => item));
        expect(new Set(placed)).toEqual(new Set(items));
        expect(placed).toHaveLength(items.length);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('logTicks', () => {
  it.each([
    [
      [0.3, 7],
      [0.5, 1, 2, 5],
    ],
    [
      [0.01, 1000],
      [0.01, 0.1, 1, 10, 100, 1000],
    ],
    [[1, 1], [1]],
  ] as const)('between %j are %j', (domain, ticks) => {
    expect(logTicks(domain)).toEqual(ticks);
  });

  it('are written without an exponent', () => {
    expect([1e-7, 0.05, 2000, 1e9].map(plainNumber)).toEqual(['0.0000001', '0.05', '2000', '1000000000']);
  });
});
