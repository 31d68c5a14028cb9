import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  // `async` in both cases, but only one of them frees the event loop.
  async task({ seconds, kind }, { params }) {
    if (kind === 'asyncio.sleep') await sleep(seconds * params.unit);
    else blockFor(seconds * params.unit);
  },

  async experiment({ start, phase }) {
    const seconds = 1;
    const three = (kind: Sleep['kind']): Promise<void[]> =>
      Promise.all([
        start({ seconds, kind }),
        start({ seconds, kind }),
        start({ seconds, kind }),
      ]);
    await phase('three that wait', () => three('asyncio.sleep'));
    await phase('one that blocks', () =>
      start({ seconds, kind: 'time.sleep' }),
    );
    await phase('three that block', () => three('time.sleep'));
  },
} satisfies LessonCode<Sleep, void>;

interface Sleep {
  readonly seconds: number;
  readonly kind: 'asyncio.sleep' | 'time.sleep';
}

/** Python's `time.sleep`: it stops the thread, and its event loop. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
