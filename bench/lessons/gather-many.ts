import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds }, { params }) {
    await sleep(seconds * params.unit);
  },

  async experiment({ start, randomSeconds }) {
    const tasks: Promise<void>[] = [];
    for (let iteration = 0; iteration < 10; iteration++) {
      tasks.push(start({ seconds: randomSeconds() }));
    }
    await Promise.all(tasks);
  },
} satisfies LessonCode<{ seconds: number }, void>;
