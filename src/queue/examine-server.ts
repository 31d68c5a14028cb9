import { LanewiseError } from '../model/errors.ts';
import type { QueueServer } from './queue-server.ts';
import { QUEUE_SERVERS } from '../model/strategies.ts';
import { sourceOfUrl } from '../system/surroundings.ts';

/** The facts about a server that can be used. */
export type Examined = Pick<QueueServer, 'kind' | 'version'>;

/** A server that is there answers at once. */
export const ANSWER_MS = 5000;

const EXPECTED = 'expected redis://, rediss:// or postgres://, as in redis://localhost:6379';

/** A server that cannot be used. Its message is the reason, without anything that the user has typed. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

/**
 * @param flag the flag that may have given the address
 * @throws LanewiseError that names where the address was given, never the address
 */
export async function examine(url: string, flag: '--queue-url' | '--join' = '--queue-url'): Promise<Examined> {
  const source = sourceOfUrl(url, flag);
  const scheme = schemeOf(url);
  // The client of PostgreSQL takes a lone percent sign as it is.
  const read = scheme.startsWith('postgres') ? url.replaceAll(/%(?![\da-f]{2})/gi, '%25') : url;
  if (scheme !== '' && !isDecodable(read))
    throw new LanewiseError(
      'usage',
      `Invalid ${source}: a "%" in it stands for no character; in a password, it is written %25.`,
    );
  try {
    if (/^rediss?:$/.test(scheme)) return await (await import('./examine-redis.ts')).examineRedis(url);
    if (/^postgres(?:ql)?:$/.test(scheme)) return await (await import('./examine-postgres.ts')).examinePostgres(url);
  } catch (thrown) {
    if (thrown instanceof Unusable) throw new LanewiseError('usage', `Cannot use ${source}: ${thrown.message}.`);
    throw thrown;
  }
  throw new LanewiseError('usage', `Invalid ${source}: ${EXPECTED}.`);
}

/** Empty: it has none, or no host. */
function schemeOf(url: string): string {
  try {
    const { protocol, hostname } = new URL(url);
    return hostname === '' ? '' : protocol;
  } catch {
    return '';
  }
}

/** Whether the name and the password can be read, which `new URL` does not try. */
function isDecodable(url: string): boolean {
  try {
    const { username, password } = new URL(url);
    decodeURIComponent(`${username}:${password}`);
    return true;
  } catch {
    return false;
  }
}

/** Refuses a version that BullMQ does not support, or that warns in every process. */
export function checkVersion(kind: QueueServer['kind'], version: string, least: readonly [number, number]): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new Unusable(
    `its server is ${QUEUE_SERVERS[kind]} ${version}, and BullMQ needs ${least.join('.').replace(/\.0$/, '')} or later`,
  );
}

const NOBODY = 'no server answers there: start it, or give none and let Lanewise start its own';
const NO_TLS = 'its server does not speak TLS there';
const UNTRUSTED = 'the certificate of its server is not trusted: name its authority with NODE_EXTRA_CA_CERTS';

/** Causes by the code of an error. Its message can contain the address, and so the password. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: NOBODY,
  EHOSTUNREACH: NOBODY,
  ENETUNREACH: NOBODY,
  ECONNRESET: 'its server closes the connection: does it want TLS, as in rediss://?',
  ETIMEDOUT: `no answer within ${ANSWER_MS / 1000} s: are the port and the scheme right (rediss:// is TLS), and does a firewall allow it?`,
  ENOTFOUND: 'its host is unknown',
  EAI_AGAIN: 'its host is unknown',
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of its server is for another host',
  CERT_HAS_EXPIRED: 'the certificate of its server has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
};

/** The error of a connection that failed. */
export function unreachable(thrown: unknown): Error {
  if (thrown instanceof Unusable || thrown instanceof LanewiseError) return thrown;
  const code = codeOf(thrown);
  // Not as the cause: its message can contain the address.
  return new Unusable(CAUSES[code] ?? `its server refuses the connection${code === '' ? '' : ` (${code})`}`);
}

function codeOf(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : '';
}
