import { deserialize, serialize } from 'node:v8';
import { answer } from 'lanewise/lane';

/** The file of a sandbox of BullMQ. */
export default async function ({ data }) {
  return serialize(await answer(deserialize(Buffer.from(data, 'base64')))).toString('base64');
}
