import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds, friend }, { params, signal }) {
    friend?.abort();
    await sleep(seconds * params.unit, undefined, { signal });
  },

  async experiment({ start, isPool, unit }) {
    const friend = new AbortController();
    const task0 = start({ seconds: 5 }, { signal: friend.signal });
    // The controller cannot be sent to a pool: there, the main thread
    // cancels the task, half a second in.
    if (isPool) setTimeout(() => friend.abort(), unit / 2);
    const task1 = start(isPool ? { seconds: 2 } : { seconds: 2, friend });
    const task2 = start({ seconds: 1 });
    const results = await Promise.allSettled([task0, task1, task2]);
    return results.map((result) =>
      result.status === 'fulfilled'
        ? 'done'
        : (result.reason as Error).name,
    );
  },
} satisfies LessonCode<{ seconds: number; friend?: AbortController }, void>;
