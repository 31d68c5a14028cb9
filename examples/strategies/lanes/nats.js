import { once } from 'node:events';
import { deserialize, serialize } from 'node:v8';
import { connect } from '@nats-io/transport-node';
import { answer } from 'lanewise/lane';

process.on('disconnect', () => process.exit());
const [{ connection, subject }] = await once(process, 'message');
const client = await connect(connection);
client.subscribe(subject, {
  callback: async (_error, asked) => {
    asked.respond(serialize(await answer(deserialize(asked.data))));
  },
});
// The server knows of it before any task.
await client.flush();
process.send('ready');
