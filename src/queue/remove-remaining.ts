/** Started by the guard of a run that was killed: removes its queues from the user's server. */
import { text } from 'node:stream/consumers';
import { removeQueues } from './remove-queues.ts';

const { url, names } = JSON.parse(await text(process.stdin)) as {
  readonly url: string;
  readonly names: readonly string[];
};
await removeQueues(url, names);
