import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds, value, group }, { params, signal }) {
    // Cancelled before it has begun, a task does nothing.
    signal.throwIfAborted();
    if (value === 0) group?.abort();
    await sleep(seconds * params.unit, undefined, { signal });
  },

  async experiment({ start, isPool, unit }) {
    const group = new AbortController();
    const { signal } = group;
    if (isPool) setTimeout(() => group.abort(), unit / 2);
    const tasks = Array.from({ length: 10 }, (_, value) =>
      start(isPool ? { seconds: 5, value } : { seconds: 5, value, group }, {
        signal,
      }),
    );
    try {
      await Promise.all(tasks);
      return 'all done';
    } catch (error) {
      return (error as Error).name;
    }
  },
} satisfies LessonCode<
  { seconds: number; value: number; group?: AbortController },
  void
>;
