/**
 * A lock that is a listening socket: however its process ends, the system closes it, and waiting processes notice at
 * once, since their connections end. The other side may be any program: only a pid and a date are accepted from it, and
 * what it can make this process store is limited.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterReading } from '../../workers/deferred.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { codeOf, parseJson } from '../system/foreign-file.ts';

export interface Holder {
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** Holder of a lock, parsed from its text, with all other fields; undefined if the text is invalid. */
export function holderIn(text: string): (Holder & Readonly<Record<string, unknown>>) | undefined {
  const parsed = parseJson(text);
  if ('problem' in parsed || !isObject(parsed.value)) return undefined;
  const { pid, since } = parsed.value;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1 || typeof since !== 'string') return undefined;
  const date = new Date(since);
  // The parser accepts dates with other words in them, so the date is formatted again.
  return Number.isNaN(date.getTime()) ? undefined : { ...parsed.value, pid, since: date.toISOString() };
}

/** The holder in parentheses, for a sentence; empty if unknown. */
export function holderText(holder: Holder | undefined): string {
  return holder === undefined ? '' : ` (process ${holder.pid}, since ${holder.since})`;
}

/** Largest number of waiting processes: more than occur, few enough not to disturb a measurement. */
const MOST_WAITING = 64;

export interface Listening {
  readonly close: () => void;
}

/**
 * Listens at an address, and sends the holder to each visitor.
 *
 * @param mostVisits stops listening after as many: a program that connects again and again disturbs the measurement
 * @returns undefined if another process listens there
 * @throws the system's error if the address cannot be used
 */
export async function listen(address: string, mostVisits = Infinity): Promise<Listening | undefined> {
  const holder: Holder = { pid: process.pid, since: new Date().toISOString() };
  const visitors = new Set<Socket>();
  let visits = 0;
  const server: Server = createServer((socket) => {
    visitors.add(socket);
    socket.on('close', () => visitors.delete(socket));
    socket.on('error', () => undefined);
    // Whatever it sends is discarded.
    socket.resume().unref();
    socket.write(`${JSON.stringify(holder)}\n`);
    visits += 1;
    if (visits >= mostVisits) server.close();
  });
  server.maxConnections = MOST_WAITING;
  server.unref();
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    if (codeOf(thrown) === 'EADDRINUSE') return undefined;
    throw thrown;
  }
  return {
    close: () => {
      server.close();
      for (const socket of visitors) socket.destroy();
    },
  };
}

/** The process that listens at an address. */
export interface Met {
  /** Undefined if it did not answer. */
  readonly holder: Holder | undefined;
  /** Resolves when the connection has ended, and usually the process with it. */
  readonly ended: Promise<unknown>;
  readonly hangUp: () => void;
}

/** A holder that is measuring answers sooner; a stopped one never does. */
const ANSWER_MS = 1000;
const LONGEST_ANSWER = 1024;
/** Errors of a connection to a holder that is alive, but has too many visitors. */
const BUSY = new Set(['EAGAIN', 'EBUSY']);

/** Connects to the holder of a lock. @returns undefined if nobody listens there */
export async function meet(address: string): Promise<Met | undefined> {
  const socket = connect(address);
  const ended = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  let text = '';
  let isThere = false;
  const answered = new Promise<void>((resolve) => {
    // A connection that is neither made nor refused in time has somebody at the other end: this process was too busy to
    // see it.
    const silent = afterReading(ANSWER_MS, () => {
      isThere = true;
      resolve();
    });
    silent.unref();
    socket.setEncoding('utf8').on('data', (data: string) => {
      text += data;
      if (text.length > LONGEST_ANSWER) socket.destroy();
      if (text.includes('\n')) resolve();
    });
    socket.on('connect', () => (isThere = true));
    socket.on('error', (error) => (isThere ||= BUSY.has(codeOf(error))));
    socket.on('close', () => {
      silent.clear();
      resolve();
    });
  });
  await answered;
  return isThere ? { holder: holderIn(text), ended, hangUp: () => socket.destroy() } : undefined;
}
