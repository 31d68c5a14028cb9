import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

class BadThing extends Error {
  readonly code = 'BAD';
}

export default {
  async task({ value, seconds }, { params }) {
    await sleep(seconds * params.unit);
    if (value === 0) throw new BadThing('Something bad happened');
  },

  async experiment({ start }) {
    const tasks = Array.from({ length: 10 }, (_, value) =>
      start({ value, seconds: value === 0 ? 1 : 2 }),
    );
    try {
      await Promise.all(tasks);
      return undefined;
    } catch (error) {
      const { message, code } = error as Partial<BadThing>;
      return { message, code, isBadThing: error instanceof BadThing };
    }
  },
} satisfies LessonCode<{ value: number; seconds: number }, void>;
