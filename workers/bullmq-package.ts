/** BullMQ, which users install beside Lanewise: only processes that run its strategy load it. */
import type * as BullmqPackage from 'bullmq';
import type { BackendFactory, IQueueBackend } from 'bullmq';
import { installedPath, loadInstalled } from './installed-package.ts';
import type { QueueAccess } from './queue-access.ts';

type Bullmq = typeof BullmqPackage;

/** @throws if it is not installed */
export function loadBullmq(): Bullmq {
  return loadInstalled('bullmq') as Bullmq;
}

/** Its version; undefined if it is not installed. */
export function bullmqVersion(): string | undefined {
  if (installedPath('bullmq') === undefined) return undefined;
  return (loadInstalled('bullmq/package.json') as { readonly version: string }).version;
}

/** How a class of BullMQ reaches the queue. */
export interface Reaching {
  readonly options: { readonly connection: object; readonly prefix: string };
  readonly backend: BackendFactory<IQueueBackend, object>;
}

/** @param migrates whether it prepares the database, which the first one to reach it must */
export function reaching(
  { createPostgresBackend, createRedisBackend }: Bullmq,
  access: QueueAccess,
  migrates = false,
): Reaching {
  const { kind, url, name: prefix } = access;
  // Each factory takes the connection options of its own kind of server, which are made here.
  return kind === 'postgres'
    ? {
        options: { connection: { connectionString: url, schema: prefix, migrate: migrates }, prefix },
        backend: createPostgresBackend as Reaching['backend'],
      }
    : {
        // A lost connection is the end of a configuration: a client that waits for another one would hide it.
        options: { connection: { url, maxRetriesPerRequest: null, retryStrategy: () => null }, prefix },
        backend: createRedisBackend,
      };
}
