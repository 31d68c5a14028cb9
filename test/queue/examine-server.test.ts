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

/** Answers the start of a PostgreSQL connection and its one query: with a row, or with an error of that code. */
async function postgres(row: readonly string[], code?: string) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    let isStarted = false;
    socket.on('data', (data) => {
      if (!isStarted) {
        isStarted = true;
        const error = Buffer.from(`SFATAL\0C${code}\0Mfor ${SECRET}\0\0`);
        socket.write(code === undefined ? Buffer.concat([packet('R', int32(0)), IDLE]) : packet('E', error));
      } else if (data[0] === 'Q'.charCodeAt(0)) {
        const names = ['version', 'is_replica', 'may_create'];
        // Each is a text or a boolean, sent as text.
        const fields = names.map((name, at) =>
          Buffer.concat([
            Buffer.from(`${name}\0`),
            int32(0),
            int16(0),
            int32(at === 0 ? 25 : 16),
            int16(-1),
            int32(-1),
            int16(0),
          ]),
        );
        const values = row.map((value) => Buffer.concat([int32(value.length), Buffer.from(value)]));
        socket.write(
          Buffer.concat([
            packet('T', int16(3), ...fields),
            packet('D', int16(3), ...values),
            packet('C', Buffer.from('SELECT 1\0')),
            IDLE,
          ]),
        );
      }
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `postgres://user:${SECRET}@127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  return int32(value).subarray(2);
}

function packet(kind: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

const IDLE = packet('Z', Buffer.from('I'));

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

it.each([
  ['redis', '%ZZ'],
  ['redis', '%E4'],
  ['postgres', '%E4'],
])('a password with a percent sign that stands for nothing is refused: %s, %j', async (scheme, part) => {
  expect(await refusalOf(`${scheme}://user:${SECRET}${part}@127.0.0.1:1/0`)).toBe(
    'Invalid --queue-url: a "%" in it stands for no character; in a password, it is written %25.',
  );
});

it('a percent sign that the client takes as it is is not refused', async () => {
  for (const url of [`postgres://user:${SECRET}%ZZ@127.0.0.1:1/0`, `redis://user:${SECRET}@127.0.0.1:1/0?x=100%`])
    expect(await refusalOf(url)).toContain('no server answers there');
});

it.each(['redis', 'rediss', 'postgres', 'postgresql'])('a server that is not there is refused: %s', async (scheme) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  expect(await refusalOf(`${scheme}://user:${SECRET}@127.0.0.1:${port}/0`)).toBe(
    'Cannot use --queue-url: no server answers there: start it, or give none and let Lanewise start its own.',
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

it.each([
  ['12.22', 'f', 't', 'its server is PostgreSQL 12.22, and BullMQ needs 13 or later.'],
  ['17.5', 't', 't', 'its server is a replica, which cannot be written to.'],
  ['17.5', 'f', 'f', /^its user may not create a schema: grant it CREATE/],
])('a PostgreSQL that cannot keep a queue is refused: %s, replica %s, may create %s', async (version, is, may, why) => {
  const url = await postgres([version, is, may]);
  expect((await refusalOf(url)).replace('Cannot use --queue-url: ', '')).toMatch(why);
});

it.each([
  ['28P01', 'its server does not know this user name and password.'],
  ['28000', 'its server does not admit this user from here (pg_hba.conf).'],
  ['3D000', 'its server has no database of this name.'],
  ['XX000', 'its server refuses the connection (XX000).'],
])('a PostgreSQL that refuses is refused: %s', async (code, why) => {
  expect(await refusalOf(await postgres([], code))).toBe(`Cannot use --queue-url: ${why}`);
});

it('a PostgreSQL is known by the number of its version', async () => {
  const url = await postgres(['15.3 (Debian 15.3-0+deb12u1)', 'f', 't']);
  expect(await useQueueServer(url)).toMatchObject({ kind: 'postgres', version: '15.3', url });
});
