import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { useQueueServer } from '../../dist/src/queue/queue-server.js';

const SECRET = 'hunter2';
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Answers as a Redis does: `+OK` to all commands but the one that asks for facts, and those that are refused. */
async function redis(facts: Readonly<Record<string, string>>, refusals: Readonly<Record<string, string>> = {}) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const commands = [...String(data).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)].map(([, name = '']) => name);
      for (const command of commands) {
        const text = Object.entries(facts)
          .map(([name, value]) => `${name}:${value}\r\n`)
          .join('');
        const refusal = refusals[command.toLowerCase()];
        if (refusal !== undefined) socket.write(`-${refusal}\r\n`);
        else if (command.toLowerCase() === 'info') socket.write(`$${text.length}\r\n${text}\r\n`);
        else socket.write('+OK\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `redis://:${SECRET}@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function refusalOf(url: string): Promise<string> {
  const thrown: unknown = await useQueueServer(url).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ name: 'LanewiseError', code: 'usage' });
  const { message, stack = '', cause } = thrown as Error;
  expect(`${message} ${stack} ${String(cause)}`).not.toContain(SECRET);
  return message;
}

const FACTS = { redis_version: '7.0.15', maxmemory_policy: 'noeviction', role: 'master' };

it.each(['', 'localhost', 'http://localhost', `user:${SECRET}@localhost`, 'redis://', 'mysql://localhost/x'])(
  '"%s" is no address of a server for a queue',
  async (url) => {
    expect(await refusalOf(url)).toBe(
      'Invalid --queue-url: expected redis://, rediss:// or postgres://, as in redis://localhost:6379.',
    );
  },
);

it.each(['redis', 'rediss', 'postgres', 'postgresql'])('a server that is not there is refused: %s', async (scheme) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  expect(await refusalOf(`${scheme}://user:${SECRET}@127.0.0.1:${port}/0`)).toBe(
    'Cannot use --queue-url: no server answers there: start it, or leave --queue-url out and let Lanewise start its own.',
  );
});

it.each([
  [{ info: 'WRONGPASS invalid username-password pair' }, 'its server does not know this user name and password.'],
  [{ info: 'NOAUTH Authentication required.' }, 'its server wants a password, as in redis://:PASSWORD@host:6379.'],
  [{ info: "NOPERM this user has no permissions to run the 'info' command" }, /^its user may not read INFO/],
  [{ select: 'ERR DB index is out of range' }, 'its server has no database of this number.'],
])('a Redis that refuses is refused: %j', async (refusals, why) => {
  const url = `${await redis(FACTS, refusals)}/9`;
  expect((await refusalOf(url)).replace('Cannot use --queue-url: ', '')).toMatch(why);
});

it.each([
  [{ redis_version: '6.0.16' }, 'its server is Redis 6.0.16, and BullMQ needs 6.2 or later.'],
  [{ maxmemory_policy: 'allkeys-lru' }, /may evict jobs \(maxmemory-policy allkeys-lru\): set it with "CONFIG SET/],
  [{ role: 'slave' }, 'its server is a replica, which cannot be written to.'],
])('a Redis that cannot keep a queue is refused: %j', async (facts, why) => {
  expect((await refusalOf(await redis({ ...FACTS, ...facts }))).replace('Cannot use --queue-url: ', '')).toMatch(why);
});

it('a server that reports the version of a Valkey is one', async () => {
  const url = await redis({ ...FACTS, redis_version: '7.2.4', valkey_version: '8.1.3', server_name: 'valkey' });
  const { close, ...server } = await useQueueServer(url);
  await close();
  expect(server).toEqual({ kind: 'valkey', version: '8.1.3', url });
});
