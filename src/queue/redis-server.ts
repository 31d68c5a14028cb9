import { randomBytes } from 'node:crypto';
import { openScratch } from '../system/guard.ts';
import { checkClient } from './client-package.ts';
import { onPath } from './on-path.ts';
import type { QueueServer } from './queue-server.ts';
import { QUEUE_SERVERS } from '../model/strategies.ts';
import { startServer } from './server-process.ts';

export type RedisKind = 'redis' | 'valkey';

/** Preferred first: Valkey is what Redis was when it was free. */
const KINDS = ['valkey', 'redis'] as const satisfies readonly RedisKind[];

/** @param wanted default: the first that is there @returns undefined if none is */
export async function startRedis(wanted: RedisKind | undefined): Promise<QueueServer | undefined> {
  const kinds = wanted === undefined ? KINDS : [wanted];
  const found = kinds
    .map((kind) => ({ label: QUEUE_SERVERS[kind], path: onPath(`${kind}-server`) }))
    .find(({ path }) => path !== undefined);
  if (found?.path === undefined) return undefined;
  checkClient('ioredis');
  const password = randomBytes(24).toString('hex');
  const { folder, close: removeFolder } = await openScratch('lanewise-redis-', () => undefined);
  try {
    const server = await startServer({
      label: found.label,
      path: found.path,
      // Read from standard input, since every user of this machine can read a command line.
      args: () => ['-'],
      stdin: (port) => settingsOf({ port, password, folder }),
      folder,
      ready: /Ready to accept connections/,
      taken: /Address already in use/i,
      // There is nothing to save.
      signal: 'SIGKILL',
    });
    const [, name = found.label, version = 'unknown'] = /\b(Redis|Valkey) version=([\d.]+)/.exec(server.output) ?? [];
    return {
      kind: name === 'Valkey' ? 'valkey' : 'redis',
      version,
      url: `redis://:${password}@127.0.0.1:${server.port}`,
      pid: server.pid,
      close: () => server.close().finally(removeFolder),
    };
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}

interface RedisSettings {
  readonly port: number;
  readonly password: string;
  readonly folder: string;
}

/** Without persistence: a queue of a benchmark need not survive, and a disk would be measured. */
function settingsOf({ port, password, folder }: RedisSettings): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'save ""',
    'appendonly no',
    // Jobs must never be evicted.
    'maxmemory-policy noeviction',
    'daemonize no',
    'loglevel notice',
    '',
  ].join('\n');
}
