import { requireClient } from './client-package.ts';
import { ANSWER_MS, checkVersion, unreachable, Unusable, type Examined } from './examine-server.ts';

/** https://docs.bullmq.io/guide/postgresql */
const LEAST_POSTGRES = [13, 0] as const;

const QUESTION = `select current_setting('server_version') as version,
  pg_is_in_recovery() as is_replica,
  has_database_privilege(current_database(), 'create') as may_create`;

interface Answer {
  readonly version: string;
  readonly is_replica: boolean;
  readonly may_create: boolean;
}

/** @throws {@link Unusable} with the reason */
export async function examinePostgres(url: string): Promise<Examined> {
  const { Client } = requireClient('pg');
  try {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
    // A connection that breaks later is seen by what is awaited then.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<Answer>(QUESTION);
      return examined(rows[0]);
    } finally {
      await client.end().catch(() => undefined);
    }
  } catch (thrown) {
    throw refused(thrown) ?? unreachable(thrown);
  }
}

function examined(answer: Answer | undefined): Examined {
  // As in "15.3 (Debian 15.3-0+deb12u1)".
  const version = /^\d+(?:\.\d+)?/.exec(answer?.version ?? '')?.[0];
  if (answer === undefined || version === undefined)
    throw new Unusable('its server does not report the version of a PostgreSQL');
  checkVersion('postgres', version, LEAST_POSTGRES);
  if (answer.is_replica) throw new Unusable('its server is a replica, which cannot be written to');
  if (!answer.may_create)
    throw new Unusable('its user may not create a schema: grant it CREATE on this database, or name another database');
  return { kind: 'postgres', version };
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CODES: Readonly<Record<string, string>> = {
  '28P01': 'its server does not know this user name and password',
  '28000': 'its server does not admit this user from here (pg_hba.conf)',
  '3D000': 'its server has no database of this name',
  '53300': 'its server has no connection left (max_connections)',
  '57P03': 'its server is still starting: try again when it is ready',
};

function refused(thrown: unknown): Error | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code = '' } = thrown as Error & { readonly code?: string };
  if (/password must be a string/.test(thrown.message))
    return new Unusable('its server wants a password, as in postgres://USER:PASSWORD@host/database');
  if (/does not support SSL/.test(thrown.message)) return new Unusable('its server does not speak TLS there');
  if (/timeout expired/.test(thrown.message)) return unreachable({ code: 'ETIMEDOUT' });
  const why = CODES[code];
  return why === undefined ? undefined : new Unusable(why);
}
