/**
 * The server of a load measurement: `GET <path>/t/<i>` runs task i and answers with its record, `GET <path>/ping` answers
 * at once. The path is a secret of the run, so that nobody else is served.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nowNs } from './clock.ts';
import type { Nanoseconds, Task, TaskRecord, TaskReply } from './contract.ts';

// Read before any workload is loaded, which may replace it.
const { stringify } = JSON;

/** The record of a task that a server has run, or rejected. */
interface RunTask extends Omit<TaskRecord, 'reply'> {
  readonly reply: TaskReply | { readonly status: 'rejected' };
}

/** The same, with when its request was read. */
export interface RequestedTask extends RunTask {
  readonly arrivedNs: Nanoseconds;
}

export interface RequestServer {
  readonly port: number;
  /** Sets the tasks that can be requested, each once, by their index. */
  readonly hold: (tasks: readonly Task[]) => void;
}

/** @param serve runs a task, and never rejects */
export async function openRequestServer(path: string, serve: (task: Task) => Promise<RunTask>): Promise<RequestServer> {
  const tasksAt = `${path}/t/`;
  /** By their index as it is written in a path. */
  const held = new Map<string, Task>();

  function receive({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const arrivedNs = nowNs();
    if (url === `${path}/ping`) return answer(response, 200, {});
    const task = url.startsWith(tasksAt) ? held.get(url.slice(tasksAt.length)) : undefined;
    if (task === undefined) return answer(response, 404, {});
    held.delete(String(task.index));
    void runFor(task, response, arrivedNs);
  }

  async function runFor(task: Task, response: ServerResponse, arrivedNs: Nanoseconds): Promise<void> {
    const record = await serve(task);
    const { reply } = record;
    // A caller would get the output; here it only matters that there is one.
    const sent = reply.status === 'ok' ? { ...reply, output: reply.output !== undefined } : reply;
    answer(response, reply.status === 'ok' ? 200 : 500, { ...record, reply: sent, arrivedNs });
  }

  const server = createServer(receive);
  // Connections are idle between two windows.
  server.keepAliveTimeout = 0;
  // A request may wait for as long as the backlog has it.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    hold: (tasks) => {
      held.clear();
      for (const task of tasks) held.set(String(task.index), task);
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
