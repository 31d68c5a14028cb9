import { describe, expect, it } from 'vitest';
import type { InputContext, LaneId, WorkloadDefinition } from '../../dist/workers/contract.js';
import { prepareInputs, type InputSpec } from '../../dist/src/host/inputs.js';

const SPEC: InputSpec = { tasks: 3, params: { n: 5 }, seed: 9 };
const UNTRACED = { traced: false, verified: () => false };

interface Given {
  readonly spec?: InputSpec;
  readonly kind?: LaneId['kind'];
  readonly moves?: boolean;
}

/** The inputs of successive batches, as lanes of this kind get them. */
async function batchesOf(
  input: WorkloadDefinition['input'],
  { spec = SPEC, kind = 'main', moves = false }: Given = {},
): Promise<() => Promise<unknown[]>> {
  const inputs = await prepareInputs({ task: () => 0, ...(input !== undefined && { input }) }, spec);
  const makeTasks = inputs.forLanes(kind, moves);
  return async () => (await makeTasks(UNTRACED)).map((task) => task.input);
}

describe('the inputs of a batch', () => {
  it('are made by calling input once per task, in order, with the params', async () => {
    const inputs = await prepareInputs(
      { task: () => 0, input: ({ index, params }: InputContext) => [index, params.n] },
      SPEC,
    );
    const tasks = await inputs.forLanes('main', false)({ traced: false, verified: (index) => index === 1 });
    expect(tasks).toEqual(
      [0, 1, 2].map((index) => ({ index, input: [index, 5], traced: false, verified: index === 1 })),
    );
  });

  it('have the same random numbers for the same seed in every cell', async () => {
    const input = ({ random }: InputContext): number => random();
    const [a, b, c] = await Promise.all([9, 9, 10].map((seed) => batchesOf(input, { spec: { ...SPEC, seed } })));
    expect(await a?.()).toEqual(await b?.());
    expect(await a?.()).not.toEqual(await c?.());
    for (const number of (await a?.()) ?? []) expect(number).toBeGreaterThanOrEqual(0);
  });

  it('are fresh copies, so a task that changes its input does not affect the next batch', async () => {
    const next = await batchesOf(() => ({ list: [1] }));
    for (const input of await next()) (input as { list: number[] }).list.push(2);
    expect((await next())[0]).toEqual({ list: [1] });
  });

  it('are of each task alone, so that one that changes its input leaves the others as much to do', async () => {
    const given = await batchesOf(undefined, { spec: { ...SPEC, inputs: [{ list: [1] }] } });
    const one = { list: [1] };
    const made = await batchesOf(() => one);
    const moved = await batchesOf(() => one, { kind: 'thread', moves: true });
    for (const next of [given, made, moved]) {
      const inputs = (await next()) as { list: number[] }[];
      for (const input of inputs) input.list.push(input.list.length + 1);
      expect(inputs.map((input) => input.list)).toEqual(inputs.map(() => [1, 2]));
    }
  });

  it('are shared by the tasks that have the same one if copies would be large', async () => {
    const photo = Buffer.alloc(12 * 2 ** 20);
    const next = await batchesOf(() => photo);
    const [first, second] = await next();
    // Compared here, since a test that fails would print 12 MiB.
    expect([first === second, first === photo]).toEqual([true, false]);
    const small = await batchesOf(() => photo.subarray(0, 1000));
    expect(new Set(await small()).size).toBe(3);
  });

  it('are the given ones, one per task, repeated from the first if there are more tasks', async () => {
    const next = await batchesOf(undefined, { spec: { ...SPEC, tasks: 5, inputs: ['a', 'b'] } });
    expect(await next()).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('keep Buffers, instances and functions on the main thread', async () => {
    class Frame {
      #bytes = Buffer.from('frame');
      text(): string {
        return this.#bytes.toString();
      }
    }
    const next = await batchesOf(() => ({ buffer: Buffer.from('abc'), frame: new Frame(), size: () => 4 }));
    const [first] = (await next()) as { buffer: Buffer; frame: Frame; size: () => number }[];
    expect([first?.buffer.toString(), first?.frame.text(), first?.size()]).toEqual(['abc', 'frame', 4]);
  });

  it('are made again for every batch if they cannot be copied', async () => {
    class Counter {
      count = 0;
    }
    const next = await batchesOf(() => new Counter());
    for (const counter of await next()) (counter as Counter).count = 7;
    expect(await next()).toMatchObject([{ count: 0 }, { count: 0 }, { count: 0 }]);
  });

  it('share on the main thread the objects that they shared originally, with one copy for all', async () => {
    const table = { rows: [1, 2, 3] };
    const next = await batchesOf(({ index }) => ({ table, index }));
    const inputs = (await next()) as { table: unknown }[];
    expect(new Set(inputs.map((input) => input.table)).size).toBe(1);
    expect(inputs[0]?.table).not.toBe(table);
  });

  it('contain only the viewed part of a large buffer', async () => {
    const file = Buffer.alloc(1_000_000, 7);
    for (const kind of ['main', 'thread', 'process'] as const) {
      const next = await batchesOf(({ index }) => file.subarray(index * 10, index * 10 + 10), { kind });
      for (const view of (await next()) as Buffer[]) {
        expect([Buffer.isBuffer(view), view.length, view.buffer.byteLength, view[9]]).toEqual([true, 10, 10, 7]);
      }
    }
  });

  it('may be moved to a thread: the next batch has new ones', async () => {
    const next = await batchesOf(() => new Uint8Array([1, 2]), { kind: 'thread', moves: true });
    for (const bytes of (await next()) as Uint8Array<ArrayBuffer>[])
      structuredClone(bytes, { transfer: [bytes.buffer] });
    expect((await next())[0]).toEqual(new Uint8Array([1, 2]));
  });

  it('may be moved out of an instance: the next batch has new ones', async () => {
    class Frame {
      pixels = new Uint8Array([1, 2]);
    }
    const next = await batchesOf(() => new Frame(), { kind: 'thread', moves: true });
    for (const { pixels } of (await next()) as Frame[]) structuredClone(pixels, { transfer: [pixels.buffer] });
    expect((await next())[0]).toMatchObject({ pixels: new Uint8Array([1, 2]) });
  });

  it('may be large, deep, regular expressions and custom typed arrays', async () => {
    class Wide extends Uint8Array {
      readonly rows: number;
      constructor(columns: number, rows: number) {
        super(columns * rows);
        this.rows = rows;
      }
    }
    const wide = new Wide(2, 3);
    expect((await (await batchesOf(() => wide))())[0]).toBe(wide);
    const pattern = /a/g;
    const search = await batchesOf(() => ({ pattern }));
    for (const input of await search()) (input as { pattern: RegExp }).pattern.test('aa');
    expect((await search())[0]).toMatchObject({ pattern: { lastIndex: 0 } });
    const large = new Map(Array.from({ length: 200_000 }, (_, key) => [key, key]));
    expect((await (await batchesOf(() => large))())[0]).toEqual(large);
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = { deep };
    for (const kind of ['main', 'thread'] as const)
      expect(await (await batchesOf(() => deep, { kind, moves: true }))()).toHaveLength(3);
  });

  it('share memory within a batch, and every batch starts with the original memory', async () => {
    const cursor = new Int32Array(new SharedArrayBuffer(4));
    for (const kind of ['main', 'thread'] as const) {
      const next = await batchesOf(({ index }) => ({ index, deep: [new Map([['cursor', cursor]])] }), { kind });
      const cursorOf = (input: unknown): Int32Array | undefined =>
        (input as { deep: Map<string, Int32Array>[] }).deep[0]?.get('cursor');
      const [first, second] = await next();
      Atomics.add(cursorOf(first) ?? new Int32Array(1), 0, 5);
      expect(cursorOf(second)?.[0]).toBe(5);
      expect(cursorOf((await next())[0])?.[0]).toBe(0);
    }
  });
});

describe('the composition of inputs', () => {
  it.each([
    [() => [1, 'a', { deep: new Map([[1, new Date(0)]]) }], {}],
    [() => ({ deep: [Buffer.alloc(3)] }), { buffers: true }],
    [() => ({ deep: new Set([new SharedArrayBuffer(4)]) }), { shared: true }],
    [() => new Uint8Array(10).subarray(2), { partialViews: true }],
    [() => new URL('http://localhost/'), { instances: true, isCopyable: false }],
    [() => ({ call: () => 1 }), { isCopyable: false }],
  ])('is determined before they are sent: %s', async (input, expected) => {
    const { composition } = await prepareInputs({ task: () => 0, input }, SPEC);
    expect(composition).toEqual({
      buffers: false,
      instances: false,
      shared: false,
      partialViews: false,
      isCopyable: true,
      areOne: false,
      ...expected,
    });
  });

  it('is determined for a cycle, too', async () => {
    const loop: { self?: unknown; bytes: Buffer } = { bytes: Buffer.from('x') };
    loop.self = loop;
    const inputs = await prepareInputs({ task: () => 0, input: () => loop }, SPEC);
    expect(inputs.composition).toMatchObject({ isCopyable: true, areOne: true });
    const [task] = await inputs.forLanes('main', false)(UNTRACED);
    const copy = task?.input as typeof loop;
    expect([copy.self === copy, copy === loop]).toEqual([true, false]);
  });
});
