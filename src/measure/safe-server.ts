import { LanewiseError } from '../model/errors.ts';
import { sourceOfUrl } from '../system/surroundings.ts';

/** Hosts that no other machine can listen to. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Refuses a server to which other machines would send inputs in the clear, or that everybody may write to.
 *
 * @throws LanewiseError that names what is missing, never the address
 */
export function checkSafe(url: string, option: '--queue-url' | '--join', insecure = false): void {
  const source = sourceOfUrl(url, option);
  const { protocol, hostname, password } = parsed(url, source);
  if (!/^rediss?:$/.test(protocol))
    throw new LanewiseError('usage', `Machines join over Redis or Valkey: set ${source} to redis:// or rediss://.`);
  if (insecure || LOOPBACK.test(hostname)) return;
  const missing = [...(protocol === 'rediss:' ? [] : ['TLS (rediss://)']), ...(password === '' ? ['a password'] : [])];
  if (missing.length > 0)
    throw new LanewiseError(
      'usage',
      `Refused ${source}: beyond this machine the server needs ${missing.join(' and ')}. In a network that you trust: --insecure, on both machines.`,
    );
}

function parsed(url: string, source: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new LanewiseError('usage', `Invalid ${source}: expected an address like redis://localhost:6379.`);
  }
}
