import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ value, seconds }, { params }) {
    await sleep(seconds * params.unit);
    return value;
  },

  async experiment({ start }) {
    const task = (value: number): Promise<number> =>
      start({ value, seconds: 1 });
    const group1 = Promise.all([task(0), task(1), task(2)]);
    const group2 = Promise.all([task(3), task(4), task(5)]);
    return Promise.all([group1, group2]);
  },
} satisfies LessonCode<{ value: number; seconds: number }, number>;
