import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonCode } from '../../workers/lesson-code.ts';

export default {
  async task(url) {
    await (await fetch(url)).text();
  },

  async experiment({ start, unit }) {
    const file = new URL('open-and-closed/server.js', import.meta.url);
    const server = fork(file, [String(5 * unit)]);
    const [url] = (await once(server, 'message')) as [string];
    await start(url);
    async function load(users: (send: Send) => Promise<void>[]) {
      const requests: [dueMs: number, answeredMs: number][] = [];
      const beganMs = performance.now();
      const now = (): number => performance.now() - beganMs;
      const send: Send = async (dueMs = now()) => {
        await start(url);
        requests.push([dueMs, now()]);
      };
      // Someone asks for a report: the server computes for five seconds.
      const report = sleep(10 * unit).then(() => start(`${url}/report`));
      await Promise.all([report, ...users(send)]);
      return requests;
    }

    // Closed: two users, who send the next request after the answer.
    const closed = await load((send) =>
      [1, 2].map(async () => {
        for (let sent = 0; sent < 100; sent++) {
          await sleep(unit / 4);
          await send();
        }
      }),
    );
    // Open: as many in that time, each when it is due, whoever still waits.
    const gapMs = (closed.at(-1)?.[1] ?? 0) / closed.length;
    const due = closed.map((_, index) => index * gapMs);
    const open = await load((send) =>
      due.map((ms) => sleep(ms).then(() => send(ms))),
    );
    server.disconnect();
    return { closed, open };
  },
} satisfies LessonCode<string, void>;

type Send = (dueMs?: number) => Promise<void>;
