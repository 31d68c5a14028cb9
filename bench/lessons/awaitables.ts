import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task({ seconds }, { params }) {
    await sleep(seconds * params.unit);
    return `waited ${seconds} s`;
  },

  async experiment({ start, unit }) {
    const beganMs = performance.now();
    const first = start({ seconds: 2 });
    const startMs = performance.now() - beganMs;
    const states = [stateOf(first)];

    const calls: string[] = [];
    const group = Promise.all([first, start({ seconds: 3 })]);
    void group.then(() => calls.push('group'));
    void first.then(() => calls.push('first'));

    await sleep(unit);
    states.push(stateOf(first));
    const results = await group;
    states.push(stateOf(first));
    return { startMs, states, results, calls };
  },
} satisfies LessonCode<{ seconds: number }, string>;

/** `done()` of asyncio; in JavaScript only a debugger's view shows it. */
function stateOf(promise: Promise<unknown>): string {
  return inspect(promise).includes('<pending>') ? 'pending' : 'fulfilled';
}
