import { createRequire } from 'node:module';
import type { Redis as RedisClient } from 'ioredis';
import { startQueueServer, type QueueServer } from '../../src/queue/queue-server.ts';

const { Redis } = createRequire(import.meta.url)('ioredis') as { readonly Redis: typeof RedisClient };

/** A Redis that outlives the runs of a soak, as a user's does: half of them use it, the others start their own. */
export interface SoakQueue extends Pick<QueueServer, 'kind' | 'version' | 'url' | 'pid' | 'close'> {
  readonly left: () => Promise<OnServer>;
}

/** Traces of others on it. */
export interface OnServer {
  readonly keys: number;
  readonly connections: number;
}

/** @throws LanewiseError if none is installed */
export async function openSoakQueue(): Promise<SoakQueue> {
  const server = await startQueueServer('redis');
  return {
    ...server,
    left: async () => {
      const client = new Redis(server.url);
      try {
        const [keys, clients] = await Promise.all([client.dbsize(), client.client('LIST')]);
        return { keys, connections: String(clients).trim().split('\n').length - 1 };
      } finally {
        client.disconnect();
      }
    },
  };
}
