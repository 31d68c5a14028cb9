import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeNames } from '../../../dist/src/report/figures/name-blocks.js';

const FRAME = { widthPx: 400, heightPx: 260, reserved: [] };

describe('placeNames', () => {
  it('puts a name beside its mark', () => {
    const [block] = placeNames([{ name: 'a', xPx: 100, yPx: 100 }], FRAME);
    expect(block?.names[0]).toMatchObject({ xPx: 110, yPx: 100, anchor: 'start' });
    expect(block?.leader).toBeUndefined();
  });

  it('puts a name on the other side if there is no room', () => {
    const [block] = placeNames([{ name: 'a-long-name', xPx: 395, yPx: 100 }], FRAME);
    expect(block?.names[0]).toMatchObject({ xPx: 385, anchor: 'end' });
  });

  it('stacks the names of overlapping marks', () => {
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

  it('names every mark once', () => {
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
