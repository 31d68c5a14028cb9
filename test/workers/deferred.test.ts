import { expect, it } from 'vitest';
import { allEnded, createSlots, deferred } from '../../dist/workers/deferred.js';

/** Runs items of these widths, and ends the one that has run longest until all have; lists which ran together. */
async function together(width: number, widths: readonly number[]): Promise<readonly string[]> {
  const open = new Map<number, () => void>();
  const seen: string[] = [];
  const slots = createSlots(width);
  const all = Promise.all(
    widths.map((own, index) =>
      slots(async () => {
        const { promise, resolve } = deferred<void>();
        open.set(index, resolve);
        await promise;
      }, own),
    ),
  );
  for (let ended = 0; ended < widths.length; ended++) {
    await new Promise(setImmediate);
    seen.push([...open.keys()].join('+'));
    const [first] = open;
    first?.[1]();
    if (first !== undefined) open.delete(first[0]);
  }
  await all;
  return seen;
}

it('runs as many at once as their widths allow, and first what fits next to the others', async () => {
  expect(await together(2, [1, 2, 1, 1])).toEqual(['0+2', '2+3', '3', '1']);
});

it('runs what is wider than allowed by itself', async () => {
  expect(await together(2, [4, 1, 4, 1])).toEqual(['0', '1+3', '3', '2']);
});

it('makes room after a failure', async () => {
  const slots = createSlots(1);
  const failing = slots(() => Promise.reject(new Error('a')));
  const next = slots(async () => 'b');
  await expect(failing).rejects.toThrow('a');
  expect(await next).toBe('b');
});

it('rejects with the first error once all have settled', async () => {
  const ended: string[] = [];
  const all = ['a', 'b', 'c'].map(async (item) => {
    await new Promise(setImmediate);
    ended.push(item);
    if (item !== 'c') throw new Error(item);
  });
  await expect(allEnded(all)).rejects.toThrow('a');
  expect(ended).toEqual(['a', 'b', 'c']);
});
