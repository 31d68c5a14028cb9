import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ value, seconds }, { params }) {
    await sleep(seconds * params.unit);
    if (value === 0) throw new Error('Something bad happened');
    return value;
  },

  async experiment({ start }) {
    const tasks = Array.from({ length: 10 }, (_, value) =>
      start({ value, seconds: 1 }),
    );
    const results = await Promise.allSettled(tasks);
    return results.map((result) =>
      result.status === 'fulfilled' ? result.value : String(result.reason),
    );
  },
} satisfies LessonCode<{ value: number; seconds: number }, number>;
