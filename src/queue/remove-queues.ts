import { loadBullmq } from '../../workers/bullmq-package.ts';
import { requireClient } from './client-package.ts';
import { ANSWER_MS } from './examine-server.ts';

/**
 * Removes queues from the user's server, with all their keys or their schema. A host that is killed cannot remove its
 * own.
 *
 * @param names also of queues that no longer exist
 * @throws if the server does not answer soon: it would hold up the results
 */
export async function removeQueues(url: string, names: readonly string[]): Promise<void> {
  if (url.startsWith('postgres')) await dropSchemas(url, names);
  else await obliterate(url, names);
}

async function dropSchemas(connectionString: string, names: readonly string[]): Promise<void> {
  const { Client } = requireClient('pg');
  const client = new Client({ connectionString, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
  // A connection that breaks later is seen by what is awaited then.
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const name of names) await client.query(`DROP SCHEMA IF EXISTS ${client.escapeIdentifier(name)} CASCADE`);
  } finally {
    await client.end();
  }
}

async function obliterate(url: string, names: readonly string[]): Promise<void> {
  const { Queue } = loadBullmq();
  for (const name of names) {
    const connection = {
      url,
      maxRetriesPerRequest: 1,
      retryStrategy: () => null,
      connectTimeout: ANSWER_MS,
      commandTimeout: ANSWER_MS,
    };
    const queue = new Queue(name, { connection, prefix: name, skipMetasUpdate: true });
    queue.on('error', () => undefined);
    try {
      await queue.obliterate({ force: true });
    } finally {
      await queue.close();
    }
  }
}
