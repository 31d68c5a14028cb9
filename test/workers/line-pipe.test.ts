import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsLine, onLine, sendLine } from '../../dist/workers/line-pipe.js';

describe('a line pipe', () => {
  it('delivers what fits a line exactly, however the text is cut on its way', async () => {
    const values = fc
      .oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string({ unit: 'grapheme' }),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
      )
      .filter(fitsLine);
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1 }), fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const sent = new PassThrough();
        for (const [index, value] of list.entries()) sendLine(sent, [index, value]);
        const bytes = sent.read() as Buffer;
        const received: unknown[] = [];
        const pipe = new PassThrough();
        onLine(pipe, (message) => received.push(message));
        for (let from = 0; from < bytes.length; from += size) pipe.write(bytes.subarray(from, from + size));
        await new Promise((resolve) => pipe.end(resolve));
        expect(received).toEqual(list.map((value, index) => (value === undefined ? [index] : [index, value])));
      }),
    );
  });

  it.each([-0, Number.NaN, Number.POSITIVE_INFINITY, 1n, {}, [], 'x'.repeat(2000), new Uint8Array(1)])(
    'leaves to structured clone what JSON would bend or swell',
    (value) => {
      expect(fitsLine(value)).toBe(false);
    },
  );
});
