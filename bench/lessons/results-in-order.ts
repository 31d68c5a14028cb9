import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ value, seconds }, { params }) {
    await sleep(seconds * params.unit);
    return value * 10;
  },

  async experiment({ start }) {
    // 5, 4, 3, 2, 1 seconds, twice: the first is not done first.
    const tasks = Array.from({ length: 10 }, (_, value) =>
      start({ value, seconds: 5 - (value % 5) }),
    );
    const done: number[] = [];
    for (const task of tasks) void task.then((result) => done.push(result));
    return { values: await Promise.all(tasks), done };
  },
} satisfies LessonCode<{ value: number; seconds: number }, number>;
