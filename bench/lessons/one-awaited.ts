import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds }, { params }) {
    await sleep(seconds * params.unit);
  },

  async experiment({ start, randomSeconds }) {
    await start({ seconds: randomSeconds() });
  },
} satisfies LessonCode<{ seconds: number }, void>;
