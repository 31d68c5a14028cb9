import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from '../../dist/workers/turns.js';

it.each([1, 2, 64, 1000])('turns are given in order, however many wait at once: %i', async (concurrency) => {
  const turns = createTurns();
  const started: number[] = [];
  let next = 0;
  const fill = async (): Promise<void> => {
    for (let task = next++; task < 1000; task = next++) {
      await turns.next();
      started.push(task);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, fill));
  expect(started).toEqual(Array.from({ length: 1000 }, (_, index) => index));
});

it('a turn comes after the promise callbacks of the one before, and before the event loop goes on', async () => {
  const turns = createTurns();
  const seen: string[] = [];
  const task = async (name: string): Promise<void> => {
    await turns.next();
    seen.push(name);
    await Promise.resolve();
    await Promise.resolve();
    seen.push(`after ${name}`);
  };
  const loop = nextTurn().then(() => seen.push('event loop'));
  await Promise.all([task('a'), task('b'), task('c')]);
  await loop;
  expect(seen).toEqual(['a', 'after a', 'b', 'after b', 'c', 'after c', 'event loop']);
  // It is given again after all have had theirs.
  expect(turns.areIdle()).toBe(true);
  const last = task('d');
  expect(turns.areIdle()).toBe(false);
  await last;
  expect(seen.slice(-2)).toEqual(['d', 'after d']);
});
