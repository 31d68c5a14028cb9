import { bullmqVersion } from '../../workers/bullmq-package.ts';
import { LanewiseError } from '../model/errors.ts';
import type { AskedQueue } from '../model/plan.ts';
import type { Options } from '../model/results.ts';
import type { Template } from '../queue/postgres-files.ts';
import { startQueueServer, useQueueServer } from '../queue/queue-server.ts';

/** A queue that can be measured. */
export interface FoundQueue {
  readonly asked: AskedQueue;
  /** As in results. */
  readonly options: Pick<Options, 'queue' | 'queueServer'>;
  /** Removes the files of its servers. */
  readonly close: () => void;
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
  let files: Template | undefined;
  const openFiles = async (): Promise<Template | undefined> => {
    const { openTemplate } = await import('../queue/postgres-files.ts');
    files = await openTemplate();
    return files;
  };
  try {
    const server = url === undefined ? await startQueueServer(kind, openFiles) : await useQueueServer(url);
    await server.close();
    return {
      asked: { ...(url === undefined ? ownServer(kind, files) : { url }) },
      options: {
        queue: { bullmq, server: server.kind, version: server.version, isOwn: url === undefined },
        ...(kind !== undefined && { queueServer: kind }),
      },
      close: () => files?.close(),
    };
  } catch (thrown) {
    files?.close();
    throw thrown;
  }
}

/** Every PostgreSQL begins with the same files; a Redis needs none. */
function ownServer(kind: AskedQueue['kind'], files: Template | undefined): AskedQueue {
  if (files === undefined) return kind === undefined ? {} : { kind };
  const { close: _close, ...template } = files;
  return { kind: 'postgres', template };
}
