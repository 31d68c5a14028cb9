import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds }, { params }) {
    await sleep(seconds * params.unit);
  },

  async experiment({ start, randomSeconds }) {
    for (let iteration = 0; iteration < 10; iteration++) {
      const task = start({ seconds: randomSeconds() });
      // The next one does not start before this one is done.
      await task;
    }
  },
} satisfies LessonCode<{ seconds: number }, void>;
