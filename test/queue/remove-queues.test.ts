import { describe, expect, it } from 'vitest';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { removeQueues } from '../../dist/src/queue/remove-queues.js';

describe.each(['redis', 'postgres'] as const)('removing queues from a server of %s', (kind) => {
  it.concurrent('is given up soon if the server is stopped, for it would hold up the results', async ({ skip }) => {
    const server = await startQueueServer(kind).catch(() => skip(`${kind} is not installed`));
    const pid = server.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      await expect(removeQueues(server.url, ['one', 'other'])).rejects.toThrow(/time/);
    } finally {
      process.kill(pid, 'SIGCONT');
      await server.close();
    }
  });
});
