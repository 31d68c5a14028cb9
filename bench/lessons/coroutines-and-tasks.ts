import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds }, { params }) {
    await sleep(seconds * params.unit);
  },

  async experiment({ start, unit }) {
    const started: number[] = [];
    const call = (value: number): Promise<void> => {
      started.push(value);
      return start({ seconds: 1 });
    };
    // A Python coroutine does nothing until it is awaited:
    // in JavaScript, a function that nobody has called yet.
    const coroutine = (value: number) => () => call(value);
    // A task has already started: in JavaScript, a promise.
    const task = (value: number) => {
      const promise = call(value);
      return () => promise;
    };

    const awaitables = [
      coroutine(0),
      task(1),
      coroutine(2),
      task(3),
      coroutine(4),
    ];
    const startedBefore = [...started];
    const group = Promise.all(awaitables.map((begin) => begin()));
    await sleep(2 * unit);
    await group;
    return { startedBefore, started };
  },
} satisfies LessonCode<{ seconds: number }, void>;
