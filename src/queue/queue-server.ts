import type { PostgresFiles } from '../model/plan.ts';
import type { RedisKind } from './redis-server.ts';

/** The server of a queue, Lanewise's own or the user's. Kind and version may stand in results, the address may not. */
export interface QueueServer {
  readonly kind: QueueServerKind;
  readonly version: string;
  /** With the password. Never to be printed, kept or passed on the command line. */
  readonly url: string;
  /** The process of Lanewise's own server, which is a child of this one; absent for the user's. */
  readonly pid?: number;
  /** Ends Lanewise's own server and removes its files; does nothing to the user's. */
  readonly close: () => Promise<void>;
}

export type QueueServerKind = RedisKind | 'postgres';

/**
 * Starts a server of its own for this process: fresh, without durability, on the loopback address, with a random
 * password. It ends with this process, even if that is killed.
 *
 * @param kind default: Valkey or Redis if installed, else PostgreSQL
 * @param files of a PostgreSQL to copy, or makes them if it comes to that; absent: it is made of nothing
 * @throws LanewiseError if there is none, or it does not start
 */
export async function startQueueServer(
  kind?: QueueServerKind,
  files?: PostgresFiles | (() => Promise<PostgresFiles | undefined>),
): Promise<QueueServer> {
  // Loaded only now: what is missing on this machine need not be loaded either.
  const { startRedis } = await import('./redis-server.ts');
  const redis = kind === 'postgres' ? undefined : await startRedis(kind);
  if (redis !== undefined) return redis;
  if (kind === undefined || kind === 'postgres') {
    const { startPostgres } = await import('./postgres-server.ts');
    const postgres = await startPostgres(typeof files === 'function' ? await files() : files);
    if (postgres !== undefined) return postgres;
  }
  const { noQueueServer } = await import('./server-missing.ts');
  throw noQueueServer(kind);
}

/**
 * Checks the user's server before it is used.
 *
 * @param url redis://, rediss:// or postgres://
 * @throws LanewiseError that names where the address was given and the remedy, never the address: it may contain a password
 */
export async function useQueueServer(url: string): Promise<QueueServer> {
  const { examine } = await import('./examine-server.ts');
  return { ...(await examine(url)), url, close: async () => undefined };
}
