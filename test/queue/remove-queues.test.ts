import { describe, expect, it } from 'vitest';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { removeQueues } from '../../dist/src/queue/remove-queues.js';

describe('removing queues from a server that is stopped', () => {
  it.concurrent.for(['redis', 'postgres'] as const)(
    'is given up soon, for it would hold up the results (%s)',
    async (kind, { skip }) => {
      const server = await startQueueServer(kind).catch(() => skip(`${kind} is not installed`));
      const pid = server.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      try {
        await expect(removeQueues(server.url, ['one', 'other'])).rejects.toThrow(/time/);
      } finally {
        process.kill(pid, 'SIGCONT');
        await server.close();
      }
    },
  );
});
