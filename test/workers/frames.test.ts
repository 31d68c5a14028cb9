import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, frameOf } from '../../dist/workers/frames.js';
import { portable } from '../../dist/workers/portable.js';

const TOKEN = 0x6c616e65;
const MOST_BYTES = 2 ** 20;
const HEADER = 9;

/** Reads these chunks, and overwrites each one afterwards, as a reused buffer is. */
function read(pieces: readonly Buffer[], mostBytes = MOST_BYTES) {
  const received: unknown[] = [];
  const failures: string[] = [];
  const take = createFrameReader({
    token: TOKEN,
    mostBytes,
    receive: (message) => received.push(message),
    fail: (what) => failures.push(what),
  });
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    take(bytes);
    bytes.fill('#');
  }
  return { received, failures };
}

function inPieces(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

const values = fc.oneof(
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
  fc.date(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }),
  fc.string({ minLength: 1000, maxLength: 3000 }),
);

describe('a reader of frames', () => {
  it('returns exactly the sent messages, however the bytes are split', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1 }), fc.integer({ min: 1, max: 5000 }), (list, size) => {
        const bytes = Buffer.concat(list.map((value, index) => frameOf([index, value], TOKEN)));
        const { received, failures } = read(inPieces(bytes, size));
        expect(failures).toEqual([]);
        // A list that ends with undefined arrives without it.
        expect(received.map((message) => (message as unknown[])[0])).toEqual(list.map((_, index) => index));
        expect(received.map((message) => (message as unknown[])[1])).toStrictEqual(list);
      }),
    );
  });

  it('preserves undefined inside a list, and cycles', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const lists = [[undefined, 1], [1, -0], [Number.NaN], [circle], { kind: 'open' }];
    const { received } = read(lists.map((list) => frameOf(list, TOKEN)));
    expect(received).toStrictEqual(lists);
  });

  it.each([
    ['ten bytes', Buffer.from([0, 0, 0, 6, 1, 2, 3, 4, 5, 6])],
    ['one byte', Buffer.from('x')],
    ['a text', Buffer.from('hello\n'.repeat(1000))],
    ['a length', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['the frame of another token', frameOf([1], TOKEN + 1)],
  ])('refuses bytes that are not a frame at the first of them: %s', (_name, garbage) => {
    const sent = frameOf([1], TOKEN);
    const { received, failures } = read([sent, garbage, sent]);
    expect(received).toEqual([[1]]);
    expect(failures).toEqual([expect.stringMatching(/^wrote to descriptor 3, which is Lanewise’s own/)]);
  });

  it('refuses a frame above its limit at the header', () => {
    const header = frameOf(['x'.repeat(2000)], TOKEN).subarray(0, HEADER);
    header.writeUInt32LE(3 * MOST_BYTES, 5);
    const { failures } = read([header]);
    expect(failures).toEqual(['sent a message of 3 MiB, but at most 1 MiB are read from it']);
  });

  it('refuses a truncated frame, and one that something was written into', () => {
    for (const message of [[1, 'one'], { kind: 'measured', list: [1, 2, 3] }]) {
      const frame = frameOf(message, TOKEN);
      for (let length = 1; length < frame.length; length++) {
        const cut = read([frame.subarray(0, length), frame, frame]);
        expect(cut.failures).toHaveLength(1);
        const torn = read([frame.subarray(0, length), Buffer.from('oops'), frame.subarray(length), frame]);
        expect(torn.failures).toHaveLength(1);
      }
    }
  });

  it('never throws and reports one fault, whatever bytes follow a token', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (rest, size) => {
        const bytes = Buffer.concat([frameOf([1], TOKEN).subarray(0, 4), rest]);
        expect(read(inPieces(bytes, size)).failures.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses to send a message that cannot be cloned', () => {
    expect(() => frameOf([() => 1], TOKEN)).toThrow(/could not be cloned/);
  });
});

describe('a message to another runtime', () => {
  function sent(message: object): unknown {
    const frame = frameOf(message, TOKEN, portable);
    return portable.decode(frame.toString('utf8', HEADER));
  }

  it('carries all that a structured clone does', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(sent({ value })).toStrictEqual({ value });
      }),
    );
    const rest = {
      not: Number.NaN,
      far: -Infinity,
      map: new Map([[1n, new Set([-0])]]),
      view: new Float64Array([1.5]),
    };
    expect(sent(rest)).toStrictEqual(rest);
    const named: unknown = JSON.parse('{"__proto__":{"admin":true},"list":[{"__proto__":0}]}');
    expect(JSON.stringify(sent({ named }))).toBe(JSON.stringify({ named }));
    expect(Object.getPrototypeOf((sent({ named }) as { readonly named: object }).named)).toBe(Object.prototype);
  });

  it('keeps the fields of errors, and those of instances', () => {
    const cause = new TypeError('inner');
    const { error, point } = sent({
      error: new RangeError('outer', { cause }),
      point: new (class Point {
        x = 1;
      })(),
    }) as { error: Error; point: object };
    expect(error).toMatchObject({ name: 'RangeError', message: 'outer', cause: { message: 'inner' } });
    expect(point).toStrictEqual({ x: 1 });
  });

  it('is refused if no runtime can carry it', () => {
    expect(() => frameOf({ run: () => 1 }, TOKEN, portable)).toThrow('Cannot stringify a function');
  });
});
