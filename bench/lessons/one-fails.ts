import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ value, seconds }, { params }) {
    await sleep(seconds * params.unit);
    if (value === 0)
      throw Object.assign(new RangeError('Something bad happened'), {
        code: 'BAD',
      });
  },

  async experiment({ start }) {
    const tasks = Array.from({ length: 10 }, (_, value) =>
      start({ value, seconds: value === 0 ? 1 : 2 }),
    );
    try {
      await Promise.all(tasks);
      return undefined;
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      return { message, code, isRangeError: error instanceof RangeError };
    }
  },
} satisfies LessonCode<{ value: number; seconds: number }, void>;
