import { requireClient } from './client-package.ts';
import { ANSWER_MS, checkVersion, unreachable, Unusable, type Examined } from './examine-server.ts';

/** Below it, BullMQ warns in every process: https://docs.bullmq.io/guide/redis-tm-compatibility */
const LEAST_REDIS = [6, 2] as const;
/** Each Valkey is compatible with Redis 7.2. */
const LEAST_VALKEY = [7, 2] as const;

/** @throws {@link Unusable} with the reason */
export async function examineRedis(url: string): Promise<Examined> {
  const { Redis } = requireClient('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    connectionName: 'lanewise',
  });
  // The first one names the cause; what is thrown is only that the connection is closed.
  let failure: unknown;
  client.on('error', (error: unknown) => (failure ??= error));
  try {
    await client.connect();
    const fields = fieldsOf(await client.info());
    // A database that is refused is only an event: the client would use another one.
    if (failure !== undefined) throw failure;
    return examined(fields);
  } catch (thrown) {
    throw refused(failure) ?? refused(thrown) ?? unreachable(failure ?? thrown);
  } finally {
    client.disconnect();
  }
}

function examined(fields: ReadonlyMap<string, string>): Examined {
  const valkey = fields.get('valkey_version');
  const kind = valkey === undefined ? 'redis' : 'valkey';
  const version = valkey ?? fields.get('redis_version');
  if (version === undefined) throw new Unusable('its server does not report the version of a Redis');
  checkVersion(kind, version, valkey === undefined ? LEAST_REDIS : LEAST_VALKEY);
  if (fields.get('role') === 'slave') throw new Unusable('its server is a replica, which cannot be written to');
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction')
    throw new Unusable(
      `its server may evict jobs (maxmemory-policy ${policy}): set it with "CONFIG SET maxmemory-policy noeviction"`,
    );
  return { kind, version };
}

/** The reply of INFO, all sections. */
function fieldsOf(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':');
      return at === -1 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

/** Replies of the server itself, by their first word. */
const REPLIES: Readonly<Record<string, string>> = {
  WRONGPASS: 'its server does not know this user name and password',
  NOAUTH: 'its server wants a password, as in redis://:PASSWORD@host:6379',
  NOPERM: 'its user may not read INFO, which has the version of the server',
  LOADING: 'its server is still loading its data: try again when it is ready',
};

function refused(thrown: unknown): Error | undefined {
  const word = thrown instanceof Error ? (/^[A-Z]+\b/.exec(thrown.message)?.[0] ?? '') : '';
  const why = REPLIES[word];
  if (word === 'ERR' && thrown instanceof Error && /DB index/.test(thrown.message))
    return new Unusable('its server has no database of this number');
  return why === undefined ? undefined : new Unusable(why);
}
