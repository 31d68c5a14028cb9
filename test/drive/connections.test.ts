import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openConnections } from '../../dist/src/drive/connections.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that notes the port of the other side of each request. */
async function listen(answer: RequestListener): Promise<{ readonly port: number; readonly sides: readonly number[] }> {
  const sides: number[] = [];
  const opened = createServer((request, response) => {
    sides.push(request.socket.remotePort ?? 0);
    answer(request, response);
  });
  server = opened;
  await new Promise<void>((resolve) => {
    opened.listen(0, '127.0.0.1', resolve);
  });
  return { port: (opened.address() as AddressInfo).port, sides };
}

const echo: RequestListener = ({ url }, response) => void response.end(url);
const distinct = (sides: readonly number[]): number => new Set(sides).size;

describe('connections to a server', () => {
  it('are kept, and one is opened whenever all are busy', async () => {
    const { port, sides } = await listen(echo);
    const { ask, used } = openConnections(port, 1, 1);
    for (let time = 0; time < 5; time++) expect(await ask(`/${time}`)).toMatchObject({ body: `/${time}` });
    expect([used(), distinct(sides)]).toEqual([1, 1]);
    await Promise.all(Array.from({ length: 8 }, () => ask('/')));
    expect([used(), distinct(sides)]).toEqual([8, 8]);
  });

  it('take their turns at random, not the last one always', async () => {
    const { port, sides } = await listen(echo);
    const { ask } = openConnections(port, 8, 1);
    await Promise.all(Array.from({ length: 8 }, () => ask('/')));
    for (let time = 0; time < 60; time++) await ask('/');
    expect(distinct(sides.slice(8))).toBe(8);
  });

  it('are new for each request if that is asked for', async () => {
    const { port, sides } = await listen(echo);
    const { ask, used } = openConnections(port, 'new', 1);
    for (let time = 0; time < 5; time++) await ask('/');
    expect([used(), distinct(sides)]).toEqual([5, 5]);
  });

  it('that the server breaks off, or does not accept, are reported as broken', async () => {
    const { port } = await listen(({ socket }) => void socket.destroy());
    const { ask } = openConnections(port, 2, 1);
    expect(await ask('/')).toEqual({ kind: 'broken', code: 'ECONNRESET' });
    server?.close();
    expect(await openConnections(1, 2, 1).ask('/')).toEqual({ kind: 'broken', code: 'ECONNREFUSED' });
  });

  it('that break in the middle of an answer are reported as broken', async () => {
    const { port } = await listen(({ socket }, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => socket.destroy());
    });
    expect(await openConnections(port, 2, 1).ask('/')).toMatchObject({ kind: 'broken' });
  });
});
