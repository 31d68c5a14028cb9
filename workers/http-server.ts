/**
 * The `http-server` service: a real HTTP server in a process of its own, on the loopback address and a free port.
 *
 * `GET /?latencyMs=20` responds with `ok` after that time; `GET /document?latencyMs=20&bytes=20000` with a JSON
 * document of about that size, always the same one. Sends its URL to its parent, and ends with it.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendToParent } from './parent.ts';

export interface ServiceReady {
  readonly url: string;
}

const documents = new Map<number, Buffer>();

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const latencyMs = Number(url.searchParams.get('latencyMs') ?? 0);
  const isDocument = url.pathname === '/document';
  const body = isDocument ? documentOf(Number(url.searchParams.get('bytes') ?? 0)) : Buffer.from('ok');
  setTimeout(answer, latencyMs, response, isDocument ? 'application/json' : 'text/plain', body);
});

// Never closes connections: a worker may be idle between two batches, and its next batch would fail.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  sendToParent({ url: `http://127.0.0.1:${port}` } satisfies ServiceReady);
});

function answer(response: ServerResponse, type: string, body: Buffer): void {
  response.writeHead(200, { 'content-type': type, 'content-length': body.byteLength });
  response.end(body);
}

function documentOf(bytes: number): Buffer {
  const known = documents.get(bytes);
  if (known !== undefined) return known;
  const items: object[] = [];
  for (let size = 0; size < bytes;) {
    const id = items.length;
    const item = { id, name: `item ${id}`, price: (id * 37) % 1000, tags: [`t${id % 7}`, `t${id % 11}`] };
    size += JSON.stringify(item).length + 1;
    items.push(item);
  }
  const document = Buffer.from(JSON.stringify({ items }));
  documents.set(bytes, document);
  return document;
}
