import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds, value, here }, { params, signal }) {
    // A task that is cancelled before it starts does nothing.
    signal.throwIfAborted();
    here?.executing.push(value);
    if (value === 0) here?.group.abort();
    await sleep(seconds * params.unit, undefined, { signal });
  },

  async experiment({ start, isPool, unit }) {
    const group = new AbortController();
    const executing: number[] = [];
    // Neither can be sent to a pool: there, the main thread cancels.
    const here = isPool ? undefined : { group, executing };
    if (isPool) setTimeout(() => group.abort(), unit / 2);
    const tasks = Array.from({ length: 10 }, (_, value) =>
      start({ seconds: 5, value, here }, { signal: group.signal }),
    );
    const arrived = await Promise.all(tasks).then(
      () => 'results',
      (error: Error) => error.name,
    );
    return { arrived, executing };
  },
} satisfies LessonCode<Input, void>;

interface Input {
  readonly seconds: number;
  readonly value: number;
  readonly here:
    | { readonly group: AbortController; readonly executing: number[] }
    | undefined;
}
