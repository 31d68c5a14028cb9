/** How BullMQ reaches a server that Lanewise has started. */
import { createPostgresBackend, createRedisBackend, type BackendFactory, type QueueOptions } from 'bullmq';
import type { QueueServer } from '../../../src/queue/queue-server.ts';

export type Access = Pick<QueueServer, 'kind' | 'url'>;

/** @param migrate whether tables may be made */
export function reached({ kind, url }: Access, migrate: boolean): Pick<QueueOptions, 'connection'> {
  if (kind === 'postgres') return { connection: { connectionString: url, migrate } };
  const { hostname, port, password } = new URL(url);
  return { connection: { host: hostname, port: Number(port), password, maxRetriesPerRequest: null } };
}

/** The last argument of BullMQ's classes, in one type for both: what they return is the same. */
export function backendOf({ kind }: Access): BackendFactory {
  return kind === 'postgres' ? (createPostgresBackend as unknown as BackendFactory) : createRedisBackend;
}
