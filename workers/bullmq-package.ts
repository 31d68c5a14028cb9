/** BullMQ, which users install beside Lanewise: only processes that run its strategy load it. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as BullmqPackage from 'bullmq';
import type { BackendFactory, IQueueBackend } from 'bullmq';
import { workingFolder } from './own-folders.ts';

/** The queue of a configuration, as its host and its workers reach it. */
export interface QueueAccess {
  readonly kind: 'redis' | 'valkey' | 'postgres';
  /** Contains the password. */
  readonly url: string;
  /** Name of the queue, and what sets it apart on the server: the prefix of its keys, or its schema. */
  readonly name: string;
  /** How long a worker may keep a task without a sign of life. */
  readonly lockMs: number;
}

type Bullmq = typeof BullmqPackage;

/**
 * Loads the copy that is installed beside Lanewise, or else that of the working folder: a global Lanewise, or one of
 * npx, measures with the project's.
 *
 * @throws if there is none
 */
export function loadBullmq(): Bullmq {
  return fromInstalled('bullmq') as Bullmq;
}

/** Its version; undefined if it is not installed. */
export function bullmqVersion(): string | undefined {
  try {
    return (fromInstalled('bullmq/package.json') as { readonly version: string }).version;
  } catch {
    return undefined;
  }
}

function fromInstalled(name: string): unknown {
  const own = createRequire(import.meta.url);
  try {
    return own(name);
  } catch (thrown) {
    if (!isMissing(thrown) || workingFolder === undefined) throw thrown;
    return createRequire(join(workingFolder, 'package.json'))(name);
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'MODULE_NOT_FOUND';
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
