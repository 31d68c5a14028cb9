import { expect, it } from 'vitest';
import { openQueues } from '../../dist/src/measure/run-queues.js';

it.each(['redis', 'postgres'] as const)(
  'queues that could not be removed are reported with the prefix of this run (%s)',
  async (server) => {
    const queues = openQueues({ url: `${server}://127.0.0.1:1` });
    const names = [queues.newName(), queues.newName()];
    expect(new Set(names).size).toBe(2);
    const [warning, ...others] = await queues.close();
    expect(others).toEqual([]);
    if (warning?.kind !== 'queues-left') throw new Error('nothing was reported');
    expect(warning.server).toBe(server);
    for (const name of names) expect(name.startsWith(warning.prefix)).toBe(true);
    expect(await queues.close(), 'once').toEqual([]);
  },
);

it('a run that has made no queue reports none', async () => {
  const queues = openQueues({ url: 'redis://127.0.0.1:1' });
  expect(await queues.close()).toEqual([]);
});
