import type { LessonCode } from '../../workers/lesson-code.ts';
import {
  openBlockingClient,
  type BlockingClient,
} from '../io/blocking-client.ts';

let blocking: BlockingClient | undefined;

export default {
  // `async` in both cases, but the blocking call never awaits.
  async task({ client }, { params, services }) {
    const url = `${services['http-server']?.url}/?latencyMs=${params.unit}`;
    if (client === 'fetch') return (await fetch(url)).text();
    blocking ??= openBlockingClient();
    return blocking.get(url);
  },

  async experiment({ start, phase }) {
    const five = (client: Request['client']): Promise<string[]> =>
      Promise.all(Array.from({ length: 5 }, () => start({ client })));
    // Opens the connections before anything is timed.
    await five('fetch');
    await start({ client: 'blocking' });

    const answers = [
      ...(await phase('asynchronous client', () => five('fetch'))),
      ...(await phase('blocking client', () => five('blocking'))),
    ];
    await blocking?.close();
    return answers;
  },
} satisfies LessonCode<Request, string>;

interface Request {
  readonly client: 'fetch' | 'blocking';
}
