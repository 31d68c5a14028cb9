import { LanewiseError } from '../model/errors.ts';

/** Hosts that no other machine can listen to. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Refuses a server to which other machines would send inputs in the clear, or that everybody may write to.
 *
 * @throws LanewiseError that names what is missing, never the address
 */
export function checkSafe(url: string, option: '--queue-url' | '--join', insecure = false): void {
  const { protocol, hostname, password } = parsed(url, option);
  if (!/^rediss?:$/.test(protocol))
    throw new LanewiseError('usage', `Machines join over Redis or Valkey: give ${option} redis:// or rediss://.`);
  if (insecure || LOOPBACK.test(hostname)) return;
  const missing = [...(protocol === 'rediss:' ? [] : ['TLS (rediss://)']), ...(password === '' ? ['a password'] : [])];
  if (missing.length > 0)
    throw new LanewiseError(
      'usage',
      `Refused ${option}: beyond this machine the server needs ${missing.join(' and ')}. In a network that you trust: --insecure, on both machines.`,
    );
}

function parsed(url: string, option: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new LanewiseError('usage', `Invalid ${option}: expected an address like redis://localhost:6379.`);
  }
}
