// First: npm install @nats-io/transport-node, and apt-get install nats-server (or brew install nats-server)
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { connect } from '@nats-io/transport-node';
import { poolStrategy } from 'lanewise/strategy';
import { startServer } from './lanes/start-server.js';

const LANE = fileURLToPath(new URL('./lanes/nats.js', import.meta.url));
/** A task has no limit here: its batch has one. */
const LONGEST_MS = 2 ** 31 - 1;

export default poolStrategy({
  name: 'nats',
  description: 'processes that answer requests over NATS',
  lanes: 'process',
  openPool: async ({ poolSize }) => {
    const token = randomBytes(16).toString('hex');
    const server = await startServer({
      program: 'nats-server',
      install: 'apt-get install nats-server, or brew install nats-server',
      args: (folder) => {
        // Not on the command line, which others can read.
        const settings = `listen: "127.0.0.1:-1"\nmax_payload: 64MB\nauthorization { token: "${token}" }\n`;
        writeFileSync(`${folder}/settings`, settings, { mode: 0o600 });
        return ['-c', `${folder}/settings`];
      },
      ready: /client connections on (\S+)[^]*Server is ready/,
    });
    const [, address] = server.found;
    const connection = { servers: address, token };
    const client = await connect(connection);
    const lanes = Array.from({ length: poolSize }, (_, index) => {
      const process = fork(LANE);
      process.send({ connection, subject: `tasks.${index}` });
      const ended = once(process, 'exit').then(([code]) => {
        throw new Error(`the worker ended with exit code ${code}`);
      });
      ended.catch(() => undefined);
      return { process, subject: `tasks.${index}`, ended, open: 0 };
    });
    await Promise.all(lanes.map(({ process, ended }) => Promise.race([once(process, 'message'), ended])));
    return {
      call: async (message) => {
        // A queue group would choose one at random, also one that is busy.
        const lane = lanes.reduce((best, other) => (other.open < best.open ? other : best));
        lane.open += 1;
        try {
          const asked = client.request(lane.subject, serialize(message), { timeout: LONGEST_MS });
          const answer = await Promise.race([asked, lane.ended]);
          return deserialize(answer.data);
        } finally {
          lane.open -= 1;
        }
      },
      close: async () => {
        await client.close();
        for (const { process } of lanes) process.kill();
        await Promise.allSettled(lanes.map(({ ended }) => ended));
        await server.close();
      },
    };
  },
});
