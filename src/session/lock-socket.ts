/**
 * A socket that one process listens on, as a lock: however the process ends, the system takes it away, and who waits is told at once, since a
 * connection to it ends. Whoever listens or connects may be something else: it is believed nothing but a number and a date, and given no room.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { isObject } from '../../workers/value-kinds.ts';
import { codeOf, parseJson } from '../system/foreign-file.ts';

export interface Holder {
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** Who holds a lock, as its own text says; with whatever else stands there. Undefined for what is no such text. */
export function holderIn(text: string): (Holder & Readonly<Record<string, unknown>>) | undefined {
  const parsed = parseJson(text);
  if ('problem' in parsed || !isObject(parsed.value)) return undefined;
  const { pid, since } = parsed.value;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1 || typeof since !== 'string') return undefined;
  const date = new Date(since);
  // A date may have words beside it: what is shown is written anew.
  return Number.isNaN(date.getTime()) ? undefined : { ...parsed.value, pid, since: date.toISOString() };
}

/** To follow what a sentence says of it. */
export function holderText(holder: Holder | undefined): string {
  return holder === undefined ? '' : ` (process ${holder.pid}, since ${holder.since})`;
}

/** Who waits for this process: more than there are, and few enough for a process that measures. */
const MOST_WAITING = 64;

export interface Listening {
  readonly close: () => void;
}

/**
 * @param mostVisits after as many it listens no longer: whoever comes again and again does not wait, but disturbs
 * @returns undefined if another process listens there
 * @throws the system's error, if nobody can
 */
export async function listen(address: string, mostVisits = Infinity): Promise<Listening | undefined> {
  const holder: Holder = { pid: process.pid, since: new Date().toISOString() };
  const visitors = new Set<Socket>();
  let visits = 0;
  const server: Server = createServer((socket) => {
    visitors.add(socket);
    socket.on('close', () => visitors.delete(socket));
    socket.on('error', () => undefined);
    // Nothing that it says is kept.
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

/** Whoever listens. */
export interface Met {
  /** Undefined: it does not say. */
  readonly holder: Holder | undefined;
  /** Resolves when the connection has ended, and with it, as a rule, the process. */
  readonly ended: Promise<unknown>;
  readonly hangUp: () => void;
}

/** A holder that is busy measuring answers in a moment; one that was stopped does not answer at all. */
const ANSWER_MS = 1000;
const LONGEST_ANSWER = 1024;

/** @returns undefined if nobody listens there any more */
export async function meet(address: string): Promise<Met | undefined> {
  const socket = connect(address);
  const ended = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  let text = '';
  let isThere = false;
  const answered = new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (data: string) => {
      text += data;
      if (text.length > LONGEST_ANSWER) socket.destroy();
      if (text.includes('\n')) resolve();
    });
    socket.on('connect', () => (isThere = true));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    setTimeout(resolve, ANSWER_MS).unref();
  });
  await answered;
  return isThere ? { holder: holderIn(text), ended, hangUp: () => socket.destroy() } : undefined;
}
