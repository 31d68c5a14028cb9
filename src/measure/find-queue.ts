import { bullmqVersion } from '../../workers/bullmq-package.ts';
import { LanewiseError } from '../model/errors.ts';
import type { AskedQueue } from '../model/plan.ts';
import type { Options } from '../model/results.ts';
import { startQueueServer, useQueueServer } from '../queue/queue-server.ts';

/** A queue that can be measured. */
export interface FoundQueue {
  readonly asked: AskedQueue;
  /** As in results. */
  readonly options: Pick<Options, 'queue' | 'queueServer'>;
}

/** The first version that runs on several kinds of servers. */
const LEAST_MAJOR = 6;

/**
 * Looks for BullMQ, and for the server: the user's is reached, or one of its own is started and ended again.
 *
 * @throws LanewiseError with a remedy
 */
export async function findQueue({ url, kind }: AskedQueue): Promise<FoundQueue> {
  const bullmq = bullmqVersion();
  if (bullmq === undefined || Number.parseInt(bullmq, 10) < LEAST_MAJOR)
    throw new LanewiseError(
      'usage',
      `The strategy bullmq needs BullMQ ${LEAST_MAJOR} or later and its client, ${bullmq === undefined ? 'which are not installed' : `and ${bullmq} is installed`}: npm install bullmq ioredis (or pg, for PostgreSQL).`,
    );
  const server = url === undefined ? await startQueueServer(kind) : await useQueueServer(url);
  await server.close();
  const isOwn = url === undefined;
  // It begins with files that are made once for all hosts.
  const found = isOwn && server.kind === 'postgres' ? 'postgres' : kind;
  return {
    asked: { ...(!isOwn && { url }), ...(found !== undefined && { kind: found }) },
    options: {
      queue: { bullmq, server: server.kind, version: server.version, isOwn },
      ...(kind !== undefined && { queueServer: kind }),
    },
  };
}
