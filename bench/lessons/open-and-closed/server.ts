/** Answers at once, but while it computes a report it answers nobody. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const reportMs = Number(process.argv[2]);

const server = createServer(({ url }, response) => {
  if (url === '/report') {
    const endMs = performance.now() + reportMs;
    while (performance.now() < endMs);
  }
  response.end('ok');
});

// Otherwise it closes connections that were idle while it computed.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(`http://127.0.0.1:${port}`);
});
process.once('disconnect', () => process.exit());
