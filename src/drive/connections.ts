import { Agent, get } from 'node:http';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Connections } from '../model/load.ts';
import { nowNs } from '../../workers/clock.ts';
import type { Nanoseconds } from '../../workers/contract.ts';

/** An answer, or why there is none. */
export type Answer =
  | { readonly kind: 'answer'; readonly body: string; readonly receivedNs: Nanoseconds }
  /** `unsent`: no connection could be made, which is no fault of the server. */
  | { readonly kind: 'unsent' | 'broken'; readonly code: string };

export interface ConnectionPool {
  /** Sends a request on an idle connection, chosen at random, or on one more. Never rejects. */
  readonly ask: (path: string) => Promise<Answer>;
  /** Number of connections used so far; of those that are not kept, the number of requests. */
  readonly used: () => number;
}

/** Errors of this side, whose ports, descriptors or memory have run out. */
const OWN_LIMITS = new Set(['EADDRNOTAVAIL', 'EADDRINUSE', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/**
 * Connections to one server. A pool of Node's own takes the connection that was used last, which would send all requests
 * of a quiet moment to one worker of a cluster.
 */
export function openConnections(port: number, kind: Connections, seed: number): ConnectionPool {
  const generator = xoroshiro128plus(seed);
  const idle: Agent[] = [];
  let used = 0;

  function take(): Agent | false {
    if (kind === 'new') {
      used += 1;
      return false;
    }
    const last = idle.pop();
    if (last !== undefined) {
      const chosen = uniformInt(generator, 0, idle.length);
      const other = idle[chosen];
      if (other === undefined) return last;
      idle[chosen] = last;
      return other;
    }
    used += 1;
    return new Agent({ keepAlive: true, maxSockets: 1 });
  }

  return {
    used: () => used,
    ask: (path) => {
      const agent = take();
      return new Promise((resolve) => {
        const fail = ({ code = 'ECONNRESET' }: NodeJS.ErrnoException): void =>
          resolve({ kind: OWN_LIMITS.has(code) ? 'unsent' : 'broken', code });
        get({ agent, host: '127.0.0.1', port, path }, (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (text: string) => {
            body += text;
          });
          response.on('end', () => {
            const receivedNs = nowNs();
            if (agent !== false) idle.push(agent);
            resolve({ kind: 'answer', body, receivedNs });
          });
          response.on('error', fail);
        }).on('error', fail);
      });
    },
  };
}
