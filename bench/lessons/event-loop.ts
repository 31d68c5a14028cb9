import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds }, { params }) {
    await sleep(seconds * params.unit);
    return threadId;
  },

  async experiment({ start, unit }) {
    // Which thread runs the tasks?
    const threads = await Promise.all(
      [1, 2, 3].map((seconds) => start({ seconds })),
    );

    // In which order are these callbacks called?
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      // Inside a callback: after an await, promises come before nextTick.
      setImmediate(() => {
        setTimeout(() => resolve(void order.push('setTimeout')), unit);
        setImmediate(() => order.push('setImmediate'));
        void Promise.resolve().then(() => order.push('then'));
        process.nextTick(() => order.push('nextTick'));
        order.push('code');
      });
    });

    // One timer is cancelled; the other fires when it is due.
    let hasFired = false;
    const cancelled = setTimeout(() => (hasFired = true), unit);
    const setMs = performance.now();
    const lateMs = new Promise<number>((resolve) => {
      setTimeout(() => resolve(performance.now() - setMs), unit);
    });
    clearTimeout(cancelled);
    return { threads, order, waitedMs: await lateMs, hasFired };
  },
} satisfies LessonCode<{ seconds: number }, number>;
