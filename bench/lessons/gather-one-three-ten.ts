import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds }, { params }) {
    await sleep(seconds * params.unit);
  },

  async experiment({ start, phase }) {
    for (const count of [1, 3, 10]) {
      await phase(String(count), () =>
        Promise.all(
          Array.from({ length: count }, () => start({ seconds: 1 })),
        ),
      );
    }
  },
} satisfies LessonCode<{ seconds: number }, void>;
