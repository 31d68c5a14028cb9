import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createFeed } from '../../dist/src/lanes/feed.js';

/** The slot in which each task of a later batch ran, in the order in which they began. */
async function slotsOf(capacity: number, runOne: () => Promise<unknown>): Promise<readonly number[]> {
  const slots: number[] = [];
  const feed = createFeed(
    capacity,
    async (_task, slot) => {
      slots.push(slot);
      await runOne();
      return { status: 'failed', lane: 0, error: { name: 'Error', message: 'no' } };
    },
    { oneFirst: true, goesOn: true },
  );
  const tasks = Array.from({ length: 6 }, (_, index) => ({ index, input: 0, traced: false, verified: false }));
  await feed.run(tasks);
  slots.length = 0;
  const records = await feed.run(tasks);
  expect(records.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  return slots;
}

it('tasks that do not wait for the event loop need one slot, so that none but its promises are pending meanwhile', async () => {
  expect(await slotsOf(6, async () => undefined)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(
    await slotsOf(3, async () => {
      for (let ticks = 0; ticks < 20; ticks++) await Promise.resolve();
    }),
  ).toEqual([0, 0, 0, 0, 0, 0]);
});

it('tasks that wait are under way in all slots at once', async () => {
  expect(await slotsOf(6, () => nextTurn())).toEqual([0, 1, 2, 3, 4, 5]);
  expect((await slotsOf(3, () => nextTurn())).toSorted((a, b) => a - b)).toEqual([0, 0, 1, 1, 2, 2]);
});
